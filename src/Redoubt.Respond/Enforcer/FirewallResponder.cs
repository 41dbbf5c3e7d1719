using System.Diagnostics;
using System.Reflection;
using Microsoft.Extensions.Logging;
using Redoubt.Respond.Firewall;
using Redoubt.Respond.Firewall.Connections;
using Redoubt.Respond.NeverBlock;

namespace Redoubt.Respond;

/// <summary>Carries checked requests out: never-block set, kernel, proof, log, open connections, in this order.</summary>
/// <remarks>Threads: safe. What changes the kernel is done before the first wait, so requests that one caller makes one after another
/// take effect in that order; only the ending of open connections and the reading of long lists go on beside later requests.</remarks>
internal sealed partial class FirewallResponder(
    IFirewall firewall,
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
    /// <returns>The answers, the last one without <see cref="EnforceReply.More"/>; mostly one.</returns>
    internal Task<IReadOnlyList<EnforceReply>> AnswerAsync(Order order) =>
        order.Request.Verb switch
        {
            EnforceVerb.Hello => One(Reply(order, EnforceOutcome.Ok, Name)),
            EnforceVerb.Block => BlockAsync(order),
            EnforceVerb.Release => One(Release(order)),
            EnforceVerb.Read => One(Read(order)),
            EnforceVerb.List => Task.Run<IReadOnlyList<EnforceReply>>(() => List(order)),
            EnforceVerb.Clear => One(Clear(order)),
            _ => One(Reply(order, EnforceOutcome.Refused, "verb is unknown")),
        };

    private static Task<IReadOnlyList<EnforceReply>> One(EnforceReply reply) => Task.FromResult<IReadOnlyList<EnforceReply>>([reply]);

    private static EnforceReply Reply(Order order, EnforceOutcome outcome, string? reason = null) =>
        new()
        {
            Id = order.Request.Id,
            Outcome = outcome,
            Reason = reason,
        };

    private async Task<IReadOnlyList<EnforceReply>> BlockAsync(Order order)
    {
        var reply = Block(order);
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

    private EnforceReply Block(Order order)
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

    private EnforceReply Release(Order order)
    {
        var started = Stopwatch.GetTimestamp();
        var result = firewall.Remove(order.Target);
        if (result.State != FirewallState.Absent)
            return Failed(order, ResponseAction.Delete, result.Reason ?? "the block is still in the kernel", started);

        var trouble = WriteLog(Entry(order, ResponseAction.Delete, started));
        Log.Released(logger, order.Target);
        return Reply(order, EnforceOutcome.Released, Join(result.Reason, trouble));
    }

    private EnforceReply Read(Order order)
    {
        var result = firewall.Read(order.Target);
        return result.State == FirewallState.Failed
            ? Reply(order, EnforceOutcome.Failed, result.Reason)
            : Reply(order, EnforceOutcome.Read) with
            {
                RemainingMilliseconds = result.RemainingMilliseconds,
            };
    }

    private List<EnforceReply> List(Order order)
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

    private EnforceReply Clear(Order order)
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

    private EnforceReply Failed(Order order, ResponseAction action, string reason, long started)
    {
        var notLogged = WriteLog(Entry(order, action, started) with { Error = reason });
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
