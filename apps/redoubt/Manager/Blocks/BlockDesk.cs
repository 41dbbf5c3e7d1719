using System.Globalization;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using Microsoft.Extensions.Logging;
using Redoubt.Decide;
using Redoubt.Host;
using Redoubt.Model;
using Redoubt.Show;
using Redoubt.Store;
using Redoubt.Transport.Protocol;

namespace Redoubt.App.Manager;

/// <summary>What people ask of the ledger: block, extend, release, promote, protect.</summary>
/// <remarks>The white list is checked here; what a host must never block is checked by its enforcer, for people as for rules.
/// Threads: safe.</remarks>
internal sealed class BlockDesk(
    BlockLedger ledger,
    AllowedEntries allowed,
    AgentRegistry agents,
    AgentSessions sessions,
    Dispatcher dispatcher,
    LoginSources logins,
    BlockBudget budget,
    Func<ManagerState> state,
    Func<Decider, Task> use,
    HostNames names,
    TimeProvider time,
    ILogger log
)
{
    private static readonly JsonSerializerOptions Relaxed = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>Hosts whose breaker is open; <c>fleet</c> for all together.</summary>
    internal IReadOnlyList<string> OpenBreakers => [.. budget.Open(Now).Select(s => s.Length == 0 ? "fleet" : s)];

    private long Now => time.GetUtcNow().ToUnixTimeMilliseconds();

    /// <summary>The entries beside the configuration's: those that people added, and the addresses of names. What cannot be read is left out.</summary>
    internal IReadOnlyList<AllowlistEntry> AllowedNow() =>
        [
            .. allowed
                .Current(Now)
                .Select(a => AllowlistEntry.TryParse(a.Entry, out var entry, out _) ? entry : null)
                .OfType<AllowlistEntry>(),
            .. names.Current.Select(n => AllowlistEntry.OfName(n.Name, n.Address)),
        ];

    /// <summary>Asks for the names of the white list from now on, and gives every host the list as it is.</summary>
    internal void UseNames()
    {
        var list = Allowlist();
        names.Use(list.HostNames);
        foreach (var session in sessions.All)
            session.Send(new ManagerMessage { Allow = ForHosts(list) });
    }

    /// <summary>The white list for a host.</summary>
    internal AllowList AllowListForHosts() => ForHosts(Allowlist());

    /// <summary>Puts changed answers for names in force.</summary>
    internal async Task UseAnswersAsync()
    {
        await UseAllowedAsync();
        await LiftAsync();
    }

    private static AllowList ForHosts(Allowlist list)
    {
        var message = new AllowList();
        message.Networks.AddRange(list.Networks.Select(n => n.ToString()));
        return message;
    }

    /// <summary>Blocks a target.</summary>
    /// <exception cref="RequestRefusedException">No target, no host, or the target is protected.</exception>
    internal Task<LedgerBlock> AddAsync(AddBlockRequest request)
    {
        var target = TargetOf(request.Target);
        var hosts = HostsOf(request);
        if (!request.Force && Allowlist().FindTouching(target) is { } entry)
            throw new RequestRefusedException(
                $"{target} is protected by the white list ({entry}). --force blocks it nevertheless.",
                isUsage: false
            );

        if (!request.Force && WhyProtected(target) is { } login)
            throw new RequestRefusedException($"{login}. --force blocks it nevertheless.", isUsage: false);

        var id = NewId();
        return dispatcher.CarryAsync(
            new ManualBlock(target, request.Seconds, request.Why, request.Author, id),
            hosts,
            DocumentOf(target, request.Why, request.Author, id)
        );
    }

    // A recent login by key from the target, or from inside it.
    private string? WhyProtected(BlockTarget target)
    {
        if (state().Decide.Logins.ProtectedSince(Now) is not { } since)
            return null;

        (string Address, long At, string? User)? login =
            !target.IsSingle ? logins.KeyLoginInside(target, since)
            : logins.KeyLogin(target.ToString(), since) is { } known ? (target.ToString(), known.At, known.User)
            : null;
        return login is { } l ? $"{l.User ?? "Somebody"} logged in by key from {l.Address} at {IsoTime.Of(l.At)}" : null;
    }

    /// <summary>Gives the current block of a target more time, on the hosts that have it.</summary>
    /// <exception cref="RequestRefusedException">It is not blocked.</exception>
    internal Task<LedgerBlock> ExtendAsync(ExtendBlockRequest request)
    {
        var block =
            Current(request.Target).LastOrDefault(b => b.Executable == ManualBlock.Executable && b.Hosts.Any(IsActive))
            ?? throw new RequestRefusedException($"{request.Target} is not blocked.", isUsage: false);
        return dispatcher.CarryAsync(
            new ManualBlock(TargetOf(block.Target), request.Seconds, block.Description, request.Author, block.AlertId),
            [.. block.Hosts.Where(IsActive).Select(h => h.Agent)],
            block.Document
        );
    }

    /// <summary>Releases blocks.</summary>
    /// <param name="target">Address or id; null: all.</param>
    /// <param name="forget">Their repeated-offender steps too.</param>
    internal Task<IReadOnlyList<LedgerBlock>> RemoveAsync(string? target, bool forget) =>
        dispatcher.RemoveAsync([.. Current(target)], forget);

    /// <summary>Turns what was only observed into blocks.</summary>
    /// <param name="target">Address or id; null: all.</param>
    /// <param name="author">Who asked.</param>
    /// <param name="force">Also what a recent login by key protects; without it such entries are left out.</param>
    /// <exception cref="RequestRefusedException">A login protects the one that was named.</exception>
    internal async Task<IReadOnlyList<LedgerBlock>> PromoteAsync(string? target, string author, bool force)
    {
        var observed = Current(target).Where(b => b.Target.Length > 0 && b.Hosts.Any(h => h.State == BlockState.Observed)).ToList();
        foreach (var block in force ? [] : observed.ToArray())
        {
            if (WhyProtected(TargetOf(block.Target)) is not { } login)
                continue;

            if (target is not null)
                throw new RequestRefusedException($"{login}. --force blocks it nevertheless.", isUsage: false);

            observed.Remove(block);
        }

        var promoted = new List<Task<LedgerBlock>>();
        foreach (var block in observed)
        {
            var hosts = block.Hosts.Where(h => h.State == BlockState.Observed).Select(h => h.Agent).ToArray();
            ledger.MarkPromoted(block.Id, author, Now);
            promoted.Add(
                dispatcher.CarryAsync(
                    new ManualBlock(
                        TargetOf(block.Target),
                        block.Seconds,
                        $"{block.Description} (observed, rule {block.Rule})",
                        author,
                        block.AlertId
                    ),
                    hosts,
                    block.Document
                )
            );
        }

        return await Task.WhenAll(promoted);
    }

    /// <summary>Protects an address, prefix or pattern from now on, and releases what it covers.</summary>
    /// <exception cref="RequestRefusedException">It is no entry.</exception>
    internal async Task<IReadOnlyList<LedgerBlock>> AllowAsync(AllowRequest request)
    {
        if (!AllowlistEntry.TryParse(request.Entry, out var entry, out var problem))
            throw new RequestRefusedException(problem, isUsage: true);

        if (entry.LooksLikeAddressFragment || entry.IsException)
            throw new RequestRefusedException(
                $"'{request.Entry}' would protect more than it seems. Write an address or a prefix such as 10.0.0.0/24.",
                isUsage: true
            );

        allowed.Put(
            new AllowedEntry(entry.Text, request.Why, request.Author, Now, request.Seconds > 0 ? Now + (request.Seconds * 1000) : null)
        );
        log.Protected(entry.Text, request.Author, request.Why);
        await UseAllowedAsync();
        return await LiftAsync();
    }

    /// <summary>Takes an entry out again; false when it is not there.</summary>
    internal async Task<bool> DisallowAsync(string entry)
    {
        if (!allowed.Remove(entry.Trim()))
            return false;

        log.NotProtected(entry);
        await UseAllowedAsync();
        return true;
    }

    /// <summary>Everything that is protected, of the configuration and of people.</summary>
    internal IReadOnlyList<AllowView> Allowed() =>
        [
            .. state()
                .Decide.Allowlist.Entries.Select(e => new AllowView(e, "white_list of the configuration", "configuration", null, null)),
            .. allowed
                .Current(Now)
                .Select(a => new AllowView(a.Entry, a.Why, a.Author, IsoTime.Of(a.At), a.Ends is { } ends ? IsoTime.Of(ends) : null)),
        ];

    /// <summary>Releases running blocks of targets that have become protected. For people's forced blocks the white list does not count.</summary>
    internal async Task<IReadOnlyList<LedgerBlock>> LiftAsync()
    {
        var list = Allowlist();
        var lifted = ledger
            .Current(Now)
            .Where(b =>
                !b.ByPerson
                && b.Hosts.Any(IsActive)
                && BlockTarget.TryParse(b.Target, out var target)
                && list.FindProtecting(b.Target, target) is not null
            )
            .ToArray();
        return lifted.Length == 0 ? [] : await dispatcher.RemoveAsync(lifted, forget: false);
    }

    /// <summary>Closes the breaker, and releases what rules had blocked since the burst began.</summary>
    /// <param name="keep">Only close it; the blocks stay.</param>
    /// <exception cref="RequestRefusedException">No breaker is open.</exception>
    internal async Task<IReadOnlyList<LedgerBlock>> ReleaseBurstAsync(bool keep)
    {
        if (budget.Close(Now) is not { } since)
            throw new RequestRefusedException("There is no burst: no breaker is open.", isUsage: false);

        var burst = ledger
            .Current(Now)
            .Where(b => b.Start >= since && b is { ByPerson: false, Rule: > 0 } && b.Hosts.Any(IsActive))
            .ToArray();
        log.BreakerClosed(burst.Length, keep ? "stay" : "are released");
        return keep || burst.Length == 0 ? [] : await dispatcher.RemoveAsync(burst, forget: true);
    }

    private Allowlist Allowlist() => state().Decide.Allowlist.With(AllowedNow());

    private async Task UseAllowedAsync()
    {
        await use(state().CreateDecider(AllowedNow()));
        UseNames();
    }

    private IEnumerable<LedgerBlock> Current(string? target)
    {
        var canonical = BlockTarget.TryParse(target, out var parsed) ? parsed.ToString() : target;
        return ledger
            .Current(Now)
            .Where(b =>
                target is null
                || string.Equals(b.Target, canonical, StringComparison.Ordinal)
                || string.Equals(b.Id.ToString(CultureInfo.InvariantCulture), target, StringComparison.Ordinal)
            );
    }

    private static bool IsActive(LedgerHost host) =>
        host.State is BlockState.Decided or BlockState.Sent or BlockState.Enforced or BlockState.Failed;

    private static BlockTarget TargetOf(string text) =>
        BlockTarget.TryParse(text, out var target)
            ? target
            : throw new RequestRefusedException(
                $"'{text}' is not an address. Write one such as 192.0.2.7, 2001:db8::7 or 192.0.2.0/24.",
                isUsage: true
            );

    private string[] HostsOf(AddBlockRequest request)
    {
        var fleet = agents
            .All()
            .Where(a => a.Id != AgentIdentity.ManagerHostId || sessions.Find(AgentIdentity.ManagerHostId) is not null)
            .ToArray();
        if (request.Hosts.FirstOrDefault(h => !Array.Exists(fleet, a => IsNamed(a, h))) is { } unknown)
            throw new RequestRefusedException($"There is no agent '{unknown}'. 'redoubt agents list' shows them.", isUsage: false);

        var hosts = fleet
            .Where(a =>
                request.Fleet
                || request.Hosts.Any(h => IsNamed(a, h))
                || a.Groups.Intersect(request.Groups, StringComparer.Ordinal).Any()
                || (request is { Hosts.Count: 0, Groups.Count: 0 } && fleet.Length == 1)
            )
            .Select(a => a.Id)
            .ToArray();
        if (hosts.Length > 0)
            return hosts;

        throw new RequestRefusedException(
            fleet.Length == 0 ? "No agent has enrolled yet, so there is no host to block on."
                : request.Groups.Count > 0 ? $"No agent is in group {string.Join(", ", request.Groups)}."
                : "Say where: --host ID, --group NAME, or --fleet.",
            isUsage: request.Groups.Count == 0 && fleet.Length > 0
        );
    }

    private static bool IsNamed(AgentRecord agent, string word) =>
        string.Equals(agent.Id, word, StringComparison.Ordinal) || string.Equals(agent.Name, word, StringComparison.Ordinal);

    private string NewId() => string.Create(CultureInfo.InvariantCulture, $"manual-{Now}");

    // Responses read an alert: the shape is kept, and says that there was none.
    private string DocumentOf(BlockTarget target, string why, string author, string id) =>
        new JsonObject
        {
            ["timestamp"] = time.GetUtcNow().ToString("yyyy-MM-dd'T'HH:mm:ss.fff'+0000'", CultureInfo.InvariantCulture),
            ["rule"] = new JsonObject
            {
                ["level"] = 0,
                ["description"] = why,
                ["id"] = "0",
            },
            ["id"] = id,
            ["full_log"] = $"{target} was blocked by {author}: {why}",
            ["data"] = new JsonObject { ["srcip"] = target.ToString() },
            ["location"] = "redoubt",
        }.ToJsonString(Relaxed);
}
