using System.Diagnostics;
using System.Reflection;
using Microsoft.Extensions.Logging;
using Redoubt.Respond.Firewall;
using Redoubt.Respond.Firewall.Connections;
using Redoubt.Respond.Keeping;
using Redoubt.Respond.NeverBlock;

namespace Redoubt.Respond;

/// <summary>Carries checked requests out: never-block set, kernel, proof, log, open connections, in this order.</summary>
/// <remarks>Threads: safe. What changes the kernel is done before the first wait, so requests that one caller makes one after another
/// take effect in that order; only the ending of open connections and the reading of long lists go on beside later requests.</remarks>
internal sealed partial class FirewallResponder(
    BackEnds backEnds,
    ConnectionCutter cutter,
    NeverBlockSet neverBlock,
    ResponseLogFile responseLog,
    ILogger logger
)
{
    /// <summary>Targets in one line of a list's answer: at most 64 bytes each, so a line stays far below its limit.</summary>
    internal const int TargetsPerReply = 8192;

    private static readonly string Name =
        "redoubt-enforcer "
        + (
            typeof(FirewallResponder)
                .Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()
                ?.InformationalVersion.Split('+')[0]
            ?? "0"
        );

    /// <summary>Carries one request out.</summary>
    /// <param name="order">The request.</param>
    /// <param name="leaving">The caller has gone: nothing is to be waited for any more.</param>
    /// <returns>The answers, the last one without <see cref="EnforceReply.More"/>; mostly one.</returns>
    internal Task<IReadOnlyList<EnforceReply>> AnswerAsync(Order order, CancellationToken leaving)
    {
        FirewallKeeper firewall;
        try
        {
            firewall = backEnds.Get(order.BackEnd);
        }
        catch (IOException e)
        {
            return One(Failed(order, ActionOf(order.Request.Verb), e.Message, Stopwatch.GetTimestamp()));
        }

        return order.Request.Verb switch
        {
            EnforceVerb.Hello => One(Reply(order, EnforceOutcome.Ok, Name)),
            EnforceVerb.Block => BlockAsync(firewall, order),
            EnforceVerb.Release => One(Release(firewall, order)),
            EnforceVerb.Read => One(Read(firewall, order)),
            EnforceVerb.List => Task.Run<IReadOnlyList<EnforceReply>>(() => List(firewall, order), CancellationToken.None),
            EnforceVerb.Clear => One(Clear(firewall, order)),
            EnforceVerb.Load => One(Load(firewall, order)),
            EnforceVerb.Watch => WatchAsync(order, leaving),
            _ => One(Reply(order, EnforceOutcome.Refused, "verb is unknown")),
        };
    }

    private static ResponseAction? ActionOf(EnforceVerb verb) =>
        verb switch
        {
            EnforceVerb.Block => ResponseAction.Add,
            EnforceVerb.Release => ResponseAction.Delete,
            _ => null,
        };

    private static Task<IReadOnlyList<EnforceReply>> One(EnforceReply reply) => Task.FromResult<IReadOnlyList<EnforceReply>>([reply]);

    private static EnforceReply Reply(Order order, EnforceOutcome outcome, string? reason = null) =>
        new()
        {
            Id = order.Request.Id,
            Outcome = outcome,
            Reason = reason,
        };

    private async Task<IReadOnlyList<EnforceReply>> BlockAsync(FirewallKeeper firewall, Order order)
    {
        var reply = Block(firewall, order);
        if (reply.Outcome != EnforceOutcome.Enforced)
            return [reply];

        var cut = await cutter.CutAsync(order.Target).ConfigureAwait(false);
        return
        [
            reply with
            {
                SocketsClosed = cut.SocketsClosed,
                ConnectionsForgotten = cut.ConnectionsForgotten,
                Reason = Join(reply.Reason, cut.Trouble),
            },
        ];
    }

    private EnforceReply Block(FirewallKeeper firewall, Order order)
    {
        var started = Stopwatch.GetTimestamp();
        string? protectedBy;
        try
        {
            protectedBy = neverBlock.WhyNot(order.Target, order.Protected, order.Request.FirstSeenUnixMilliseconds);
        }
        catch (IOException e)
        {
            return Failed(order, ResponseAction.Add, $"what must not be blocked on this host is unknown: {e.Message}", started);
        }

        if (protectedBy is not null)
        {
            var notLogged = WriteLog(Entry(order, ResponseAction.Skip, started) with { Error = protectedBy });
            Log.Skipped(logger, order.Target, protectedBy);
            return Reply(order, EnforceOutcome.Skipped, Join(protectedBy, notLogged));
        }

        if (!firewall.HasEffect)
            return Observe(order, started);

        var result = firewall.Put(order.Target, order.Request.DurationMilliseconds);
        if (result.State != FirewallState.Present)
            return Failed(order, ResponseAction.Add, result.Reason ?? "the block is not in the kernel", started);

        var action = order.Request.AlreadyActive ? ResponseAction.Refresh : ResponseAction.Add;
        var trouble = WriteLog(Entry(order, action, started) with { RemainingMilliseconds = result.RemainingMilliseconds });
        if (order.Request.LogForm == ResponseLogForm.None)
            Log.PutBack(logger, order.Target, result.RemainingMilliseconds);
        else
            Log.Blocked(logger, order.Target, result.RemainingMilliseconds, order.Request.RuleId, order.Request.AlertId);
        return Reply(order, EnforceOutcome.Enforced, Join(result.Reason, trouble)) with
        {
            RemainingMilliseconds = result.RemainingMilliseconds,
        };
    }

    private EnforceReply Observe(Order order, long started)
    {
        const string Why = "this host only observes (--firewall null)";
        var trouble = WriteLog(Entry(order, ResponseAction.Observe, started));
        Log.Observed(logger, order.Target, order.Request.RuleId, order.Request.AlertId);
        return Reply(order, EnforceOutcome.Observed, Join(Why, trouble));
    }

    private EnforceReply Load(FirewallKeeper firewall, Order order)
    {
        var request = order.Request;
        var count = order.Targets.Count;
        if (!firewall.HasEffect)
            return Reply(order, EnforceOutcome.Observed);

        var remaining = new long[count];
        var not = new List<NotEnforced>();
        var restored = 0;
        try
        {
            var places = new List<int>(IFirewall.MaxEnsured);
            var check = neverBlock.Prepare(order.Protected);
            for (var i = 0; i < count; i++)
            {
                var firstSeen = request.TargetsFirstSeenUnixMilliseconds.Length == 0 ? 0 : request.TargetsFirstSeenUnixMilliseconds[i];
                if (check.WhyNot(order.Targets[i], firstSeen) is { } why)
                    not.Add(new NotEnforced(i, EnforceOutcome.Skipped, why));
                else
                    places.Add(i);

                if (places.Count == IFirewall.MaxEnsured || i + 1 == count)
                    restored += LoadSome(firewall, order, places, remaining, not);
            }
        }
        catch (IOException e)
        {
            return Reply(order, EnforceOutcome.Failed, $"what must not be blocked on this host is unknown: {e.Message}");
        }

        if (restored > 0)
            Log.Loaded(logger, restored, count);
        return Reply(order, EnforceOutcome.Ok) with
        {
            TargetsRemainingMilliseconds = remaining,
            NotEnforced = [.. not],
            Restored = restored,
        };
    }

    private static int LoadSome(FirewallKeeper firewall, Order order, List<int> places, long[] remaining, List<NotEnforced> not)
    {
        var wanted = places.ConvertAll(i =>
        {
            var duration = order.Request.TargetsDurationMilliseconds[i];
            return new FirewallEntry(order.Targets[i], duration == 0 ? -1 : duration);
        });
        var results = firewall.Load(wanted);
        for (var n = 0; n < results.Length; n++)
        {
            remaining[places[n]] = results[n].RemainingMilliseconds;
            if (results[n].State != FirewallState.Present)
                not.Add(new NotEnforced(places[n], EnforceOutcome.Failed, results[n].Reason ?? "the block is not in the kernel"));
        }

        places.Clear();
        return results.Count(r => r is { State: FirewallState.Present, WasMissing: true });
    }

    private async Task<IReadOnlyList<EnforceReply>> WatchAsync(Order order, CancellationToken leaving)
    {
        var incident = await backEnds.Incidents.NextAsync(order.Request.After, leaving).ConfigureAwait(false);
        return
        [
            Reply(order, EnforceOutcome.Ok, incident.Text) with
            {
                Incident = incident.Number,
                Restored = incident.Restored,
                Lost = incident.Lost,
            },
        ];
    }

    private EnforceReply Release(FirewallKeeper firewall, Order order)
    {
        var started = Stopwatch.GetTimestamp();
        var result = firewall.Remove(order.Target);
        if (result.State != FirewallState.Absent)
            return Failed(order, ResponseAction.Delete, result.Reason ?? "the block is still in the kernel", started);

        var trouble = WriteLog(Entry(order, ResponseAction.Delete, started));
        Log.Released(logger, order.Target);
        return Reply(order, EnforceOutcome.Released, Join(result.Reason, trouble));
    }

    private EnforceReply Read(FirewallKeeper firewall, Order order)
    {
        var result = firewall.Read(order.Target);
        return result.State == FirewallState.Failed
            ? Reply(order, EnforceOutcome.Failed, result.Reason)
            : Reply(order, EnforceOutcome.Read) with
            {
                RemainingMilliseconds = result.RemainingMilliseconds,
            };
    }

    private List<EnforceReply> List(FirewallKeeper firewall, Order order)
    {
        try
        {
            var entries = firewall.List();
            var pages = entries
                .Chunk(TargetsPerReply)
                .Select(page =>
                    Reply(order, EnforceOutcome.Ok) with
                    {
                        Targets = Array.ConvertAll(page, e => e.Target.ToString()),
                        TargetsRemainingMilliseconds = Array.ConvertAll(page, e => e.RemainingMilliseconds),
                        More = true,
                    }
                )
                .ToList();
            if (pages.Count == 0)
                return [Reply(order, EnforceOutcome.Ok)];

            pages[^1] = pages[^1] with { More = false };
            return pages;
        }
        catch (IOException e)
        {
            return [Reply(order, EnforceOutcome.Failed, e.Message)];
        }
    }

    private EnforceReply Clear(FirewallKeeper firewall, Order order)
    {
        try
        {
            var cleared = firewall.Clear();
            Log.Cleared(logger, cleared);
            return Reply(order, EnforceOutcome.Ok) with { Cleared = cleared };
        }
        catch (IOException e)
        {
            return Reply(order, EnforceOutcome.Failed, e.Message);
        }
    }

    private EnforceReply Failed(Order order, ResponseAction? action, string reason, long started)
    {
        var notLogged = action is { } known ? WriteLog(Entry(order, known, started) with { Error = reason }) : null;
        Log.Failed(logger, order.Request.Verb, order.Target, reason);
        return Reply(order, EnforceOutcome.Failed, Join(reason, notLogged));
    }

    private static ResponseEntry Entry(Order order, ResponseAction action, long started) =>
        new()
        {
            Action = action,
            Program = order.Program,
            Target = order.Target.ToString(),
            AlertDocument = order.Request.AlertDocument,
            AlertId = order.Request.AlertId,
            RuleId = order.Request.RuleId,
            ExtraArguments = order.Request.ExtraArguments,
            OriginName = order.Request.OriginName,
            Took = Stopwatch.GetElapsedTime(started),
            Form = order.Request.LogForm,
        };

    /// <summary>Writes to the response log; a block without its line is better than no block, so trouble is only told.</summary>
    private string? WriteLog(ResponseEntry entry)
    {
        try
        {
            responseLog.Write(entry);
            return null;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            Log.NotLogged(logger, e.Message);
            return $"not in the response log: {e.Message}";
        }
    }

    private static string? Join(string? first, string? second) =>
        first is null ? second
        : second is null ? first
        : $"{first}; {second}";
}
