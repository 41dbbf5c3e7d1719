using Microsoft.Extensions.Logging;
using Redoubt.Decide;
using Redoubt.Model;
using Redoubt.Show;
using Redoubt.Store;
using Redoubt.Transport.Protocol;

namespace Redoubt.App.Manager;

/// <summary>Carries decisions to the ledger and to the hosts, and the hosts' reports back.</summary>
/// <remarks>A decision is in the ledger before any host hears of it. An agent that is away gets its orders when it connects.
/// Threads: safe.</remarks>
internal sealed class Dispatcher(
    BlockLedger ledger,
    AgentRegistry agents,
    AgentSessions sessions,
    LoginSources logins,
    BlockBudget budget,
    Func<DecideOptions> options,
    string nodeName,
    TimeProvider time,
    ILogger log
)
{
    // A host may say anything; a hundred years is as good as for ever.
    private const long MaxRemaining = 100L * 365 * 86_400_000;

    private volatile TaskCompletionSource _changed = new(TaskCreationOptions.RunContinuationsAsynchronously);

    private long Now => time.GetUtcNow().ToUnixTimeMilliseconds();

    /// <summary>Records a decision and hands it to its hosts.</summary>
    /// <returns>What must be told: the breaker has just opened, an address with a recent login attacks, or this host has no enforcer; mostly null.</returns>
    internal Alarm? Carry(Decision decision, string document)
    {
        var hosts = HostsOf(decision);
        var target = decision.Target?.ToString() ?? "-";
        if (hosts.Count == 0)
        {
            log.NoHost(decision.Response, target, decision.Alert.Rule?.Id);
            return null;
        }

        var now = Now;
        Alarm? alarm = null;
        if (decision is { State: BlockState.Decided, Target: not null })
            (decision, alarm) = Restrain(decision, target, hosts, now);

        if (decision.State != BlockState.Decided)
        {
            ledger.Record(decision, hosts, document, now, options().Ladder);
            log.Decided(decision.Response, target, BlockLedger.Word(decision.State), decision.Reason, decision.Alert.Rule?.Id);
            return alarm;
        }

        var block = ledger.Record(decision, hosts, document, now, options().Ladder);
        Alarm? failure = null;
        foreach (var host in hosts)
        {
            // The manager's own host can act only through the agent and enforcer beside it.
            if (host == AgentIdentity.ManagerHostId && sessions.Find(AgentIdentity.ManagerHostId) is null)
            {
                ledger.Report(block.Id, AgentIdentity.ManagerHostId, BlockState.Failed, "no enforcer", now, block.End, step: 0);
                log.NoEnforcerHere(decision.Response, target);
                failure = FailureOf(block, "no enforcer");
            }
            else
            {
                Send(block, host);
            }
        }

        log.Sent(decision.Response, target, string.Join(',', hosts), decision.Alert.Rule?.Id, decision.Alert.Id);
        return failure;
    }

    // What keeps a rule, or whoever feeds it with lines, from shutting out those who belong here.
    private (Decision, Alarm?) Restrain(Decision decision, string target, List<string> hosts, long now)
    {
        var login = options().Logins;
        if (login.ProtectedSince(now) is { } protectedSince && logins.KeyLogin(target, protectedSince) is { } known)
        {
            var who = known.User is { } user ? $" of {user}" : string.Empty;
            var protection = $"login{who} by key from {target} at {IsoTime.Of(known.At)}, within {login.ProtectDays} days";
            // Told with the first alert of a block, not with each line of an attack.
            var isTold = ledger.IsObserved(decision, now);
            return (Observe(decision, protection), isTold ? null : new Alarm(OwnRules.LoginProtected, protection));
        }

        var answer = budget.Ask(target, hosts, now);
        if (answer.Reason is null)
            answer = AskForLogins(target, hosts, login.BlockedPercent, now);

        return answer.Reason is { } reason
            ? (Observe(decision, reason), answer.Opened ? new Alarm(OwnRules.BudgetExceeded, reason) : null)
            : (decision, null);
    }

    private BudgetAnswer AskForLogins(string target, List<string> hosts, int percent, long now)
    {
        var since = now - (long)LoginOptions.Remembered.TotalMilliseconds;
        if (percent == 100 || !logins.Has(target, since))
            return BudgetAnswer.Fine;

        foreach (var host in hosts.Prepend(null))
        {
            var (sources, blocked, oldest) = logins.Share(host, since, now, target);
            if (blocked >= LoginOptions.AlwaysAllowed && (blocked + 1) * 100 > sources * percent)
            {
                var where = host is null ? "the fleet" : $"host {host}";
                return budget.Exceed(
                    host,
                    $"more than {percent} % of the sources that logged in within 30 days on {where} would be blocked",
                    now,
                    oldest
                );
            }
        }

        return BudgetAnswer.Fine;
    }

    private static Decision Observe(Decision decision, string reason) => decision with { State = BlockState.Observed, Reason = reason };

    /// <summary>Hands a block that a person asked for to its hosts, and waits for their answers.</summary>
    /// <returns>The block as it is then; a host that is away answers when it is back.</returns>
    internal async Task<LedgerBlock> CarryAsync(ManualBlock block, IReadOnlyList<string> hosts, string document)
    {
        var recorded = RecordOrRefuse(block, hosts, document);
        foreach (var host in hosts)
            Send(recorded, host);

        log.BlockedByHand(block.Target, block.Author, string.Join(',', hosts), block.Why);
        var answered = await AnsweredAsync([recorded], h => h.State is BlockState.Decided or BlockState.Sent);
        return answered[0];
    }

    private LedgerBlock RecordOrRefuse(ManualBlock block, IReadOnlyList<string> hosts, string document)
    {
        try
        {
            return ledger.Record(block, hosts, document, Now);
        }
        catch (Exception e) when (Database.IsDiskProblem(e))
        {
            throw new RequestRefusedException(
                $"The ledger cannot be written, so {block.Target} is not blocked: {e.Message}",
                isUsage: false
            );
        }
    }

    /// <summary>Sends an agent everything it does not have yet.</summary>
    internal void CatchUp(AgentSession session, long since)
    {
        foreach (var block in ledger.OrdersSince(session.Identity.Id, since, Now))
            Send(block, session.Identity.Id);
    }

    /// <summary>Records what a host reported.</summary>
    /// <returns>What must be told: a block has just failed there; mostly null. The tries that follow say nothing more.</returns>
    internal Alarm? Take(AgentSession session, BlockReport report)
    {
        if (BlockLedger.StateOf(report.State) is not { } state)
        {
            log.UnknownState(session.Identity.Id, report.Block);
            return null;
        }

        var before = state == BlockState.Failed ? ledger.Get((long)report.Block) : null;

        long? ends = report.Remaining < 0 ? null : Now + Math.Min(report.Remaining, MaxRemaining);
        ledger.Report(
            (long)report.Block,
            session.Identity.Id,
            state,
            report.Reason.Length == 0 ? null : report.Reason,
            Now,
            ends,
            report.Step
        );
        Interlocked.Exchange(ref _changed, new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously)).SetResult();
        if (state == BlockState.Failed)
            log.NotCarriedOut(session.Identity.Id, report.Block, report.Reason);

        var host = before?.Hosts.FirstOrDefault(h => string.Equals(h.Agent, session.Identity.Id, StringComparison.Ordinal));
        return before is not null && host is { State: not BlockState.Failed } ? FailureOf(before, report.Reason) : null;
    }

    // A response to this very alarm that fails as well must not raise the next one.
    private static Alarm? FailureOf(LedgerBlock block, string reason)
    {
        if (block.Rule == OwnRules.ResponseFailed.Id)
            return null;

        var subject =
            block.Target.Length > 0 ? $" against {block.Target}"
            : block.User is { Length: > 0 } user ? $" against user {user}"
            : string.Empty;
        return new Alarm(OwnRules.ResponseFailed, Printable($"{block.Response}{subject} (block {block.Id}): {reason}"));
    }

    // User and reason may be what a client or a program wrote: a newline in them would forge a record of alerts.log.
    private static string Printable(string text) =>
        string.Concat((text.Length > MaxAlarmText ? text[..MaxAlarmText] + "…" : text).Select(c => char.IsControl(c) ? ' ' : c));

    private const int MaxAlarmText = 1000;

    /// <summary>Asks the hosts of blocks to release them, and waits for their answers: "removed" shall be true when it is said.</summary>
    /// <returns>The blocks as they are then; a host that is away answers when it is back.</returns>
    internal async Task<IReadOnlyList<LedgerBlock>> RemoveAsync(IReadOnlyList<LedgerBlock> blocks, bool forget)
    {
        foreach (var block in blocks.Select(b => ledger.Remove(b.Id, forget, Now)).OfType<LedgerBlock>())
        {
            foreach (var host in block.Hosts)
                Send(block, host.Agent);

            log.ReleasedByHand(block.Target);
        }

        return await AnsweredAsync(blocks, h => h.State is BlockState.Sent or BlockState.Enforced);
    }

    // Until every connected host has said what came of it, or has had time enough.
    private async Task<IReadOnlyList<LedgerBlock>> AnsweredAsync(IReadOnlyList<LedgerBlock> blocks, Func<LedgerHost, bool> isOpen)
    {
        var deadline = Task.Delay(AnswerWithin, time);
        while (true)
        {
            var change = _changed.Task;
            var now = blocks.Select(b => ledger.Get(b.Id)).OfType<LedgerBlock>().ToArray();
            if (deadline.IsCompleted || !now.SelectMany(b => b.Hosts).Any(h => isOpen(h) && sessions.Find(h.Agent) is not null))
                return now;

            await Task.WhenAny(change, deadline);
        }
    }

    private static readonly TimeSpan AnswerWithin = TimeSpan.FromSeconds(5);

    private void Send(LedgerBlock block, string agent)
    {
        var host = block.Hosts.First(h => string.Equals(h.Agent, agent, StringComparison.Ordinal));
        if (sessions.Find(agent) is not { } session)
            return;

        var response = options().Responses.FirstOrDefault(r => string.Equals(r.InternalName, block.Response, StringComparison.Ordinal));
        var command = response?.Command;
        var order = new BlockOrder
        {
            Version = (ulong)host.Version,
            Block = (ulong)block.Id,
            Removed = block.Removed,
            Forget = block.Forget,
            Response = block.Response,
            Executable = block.Executable,
            Target = block.Target,
            User = block.User ?? string.Empty,
            Seconds = block.Seconds,
            Age = Now - block.LastTrigger,
            Triggers = (uint)block.Triggers,
            AlertId = block.AlertId,
            RuleId = block.Rule,
            Document = block.Document,
            Origin = nodeName,
            FirstSeen = block.FirstSeen,
            ByPerson = block.ByPerson,
            IgnoreAllow = block.ByPerson || response is { IgnoreWhiteList: true },
            Protocol = WordOf(command?.Protocol ?? ScriptProtocol.Auto),
            Deadline = command?.DeadlineSeconds ?? 0,
        };
        order.Arguments.AddRange(block.Arguments);
        session.Send(new ManagerMessage { Order = order });
        ledger.MarkSent(block.Id, agent, Now);
    }

    private static string WordOf(ScriptProtocol protocol) =>
        protocol switch
        {
            ScriptProtocol.Json => "json",
            ScriptProtocol.Arguments => "argv",
            _ => string.Empty,
        };

    private List<string> HostsOf(Decision decision)
    {
        var hosts = new List<string>();
        if (decision.Hosts.HasFlag(ResponseHosts.Server))
            hosts.Add(AgentIdentity.ManagerHostId);

        if (decision.Hosts.HasFlag(ResponseHosts.Local))
            hosts.Add(decision.Alert.Agent.Id);

        if (decision.Hosts.HasFlag(ResponseHosts.DefinedAgent))
            hosts.AddRange(decision.AgentIds.Where(id => agents.Find(id) is { IsRevoked: false }));

        if (decision.Hosts.HasFlag(ResponseHosts.All))
            hosts.AddRange(sessions.All.Where(s => !s.Identity.IsManagerHost).Select(s => s.Identity.Id));

        if (decision.Hosts.HasFlag(ResponseHosts.Group))
            hosts.AddRange(
                agents.All().Where(a => a.Groups.Intersect(decision.GroupNames, StringComparer.Ordinal).Any()).Select(a => a.Id)
            );

        return [.. hosts.Distinct(StringComparer.Ordinal)];
    }
}
