using Microsoft.Extensions.Logging;
using Redoubt.Respond.NeverBlock;

namespace Redoubt.Respond.Scripts;

/// <summary>Runs the responses that are not the firewall's: programs of the host's owner, and ours for accounts, sessions and the like.</summary>
/// <remarks>
/// Each target has a lane: its requests run one after the other, in their order. Different targets run beside each other, each on a thread of its
/// own, so one that hangs or floods holds up nobody else. Bounded: <see cref="MaxOpen"/> in all and <see cref="MaxWaiting"/> a lane; more are
/// answered <see cref="EnforceOutcome.Busy"/> at once. Threads: safe.
/// </remarks>
internal sealed partial class ScriptResponder : IAsyncDisposable
{
    /// <summary>Below the number of requests that a connection may have open, so that the firewall always gets a word in.</summary>
    internal const int MaxOpen = EnforcerConnection.MaxOpenRequests / 2;

    internal const int MaxWaiting = 4;

    // Behind the key of a program that took part in no exchange: it cannot be told to abort, so it is not started again while in force.
    private const string SilentMark = "\n";

    // A conversation needs little; the runtime's default of 8 MiB would count against limits of memory.
    private const int StackBytes = 256 * 1024;

    private readonly string home;
    private readonly NeverBlockSet neverBlock;
    private readonly ResponseLogFile responseLog;
    private readonly ILogger logger;
    private readonly ScriptLimits limits;
    private readonly Dictionary<string, IStockResponse> stock;
    private readonly ActiveKeys keys = new();
    private readonly Lock gate = new();
    private readonly Dictionary<string, Lane> lanes = new(StringComparer.Ordinal);
    private readonly CancellationTokenSource stopping = new();
    private int open;

    internal ScriptResponder(
        string home,
        NeverBlockSet neverBlock,
        ResponseLogFile responseLog,
        IEnumerable<IStockResponse> stock,
        ILogger logger,
        ScriptLimits? limits = null
    )
    {
        this.home = home;
        this.neverBlock = neverBlock;
        this.responseLog = responseLog;
        this.logger = logger;
        this.limits = limits ?? new ScriptLimits();
        this.stock = stock.SelectMany(s => s.Names.Select(n => (n, s))).ToDictionary(p => p.n, p => p.s, StringComparer.Ordinal);
    }

    /// <summary>Carries out a request to run, undo or hold a response.</summary>
    internal Task<EnforceReply> AnswerAsync(Order order)
    {
        var holder = HolderOf(order);
        if (order.Request.Verb == EnforceVerb.Hold)
            return Task.FromResult(Hold(order, holder));

        lock (gate)
        {
            var lane = lanes.GetValueOrDefault(holder) ?? new Lane();
            if (open >= MaxOpen || lane.Open > MaxWaiting || stopping.IsCancellationRequested)
                return Task.FromResult(Busy(order, lane));

            lanes[holder] = lane;
            lane.Open++;
            open++;
            var answer = RunAfterAsync(lane.Last, order, holder);
            lane.Last = answer;
            return answer;
        }
    }

    /// <summary>Ends what runs. What it was asked for is asked again by the agent.</summary>
    public async ValueTask DisposeAsync()
    {
        await stopping.CancelAsync().ConfigureAwait(false);
        Task[] running;
        lock (gate)
            running = [.. lanes.Values.Select(l => l.Last)];
        await Task.WhenAll(running).ConfigureAwait(false);
        stopping.Dispose();
    }

    // Two programs, two targets or two users are two lanes.
    private static string HolderOf(Order order) =>
        $"{order.Program}\n{(order.HasTarget ? order.Target.ToString() : "")}\n{order.Request.User}";

    private EnforceReply Busy(Order order, Lane lane)
    {
        var reason =
            lane.Open > MaxWaiting
                ? $"{lane.Open} requests for this program and target are waiting already"
                : $"{open} responses are running already";
        Log.Busy(logger, order.Program, SubjectOf(order), reason);
        return Reply(order, EnforceOutcome.Busy, reason);
    }

    private EnforceReply Hold(Order order, string holder)
    {
        keys.Take(order.Request.Key ?? DerivedKey(order), holder);
        return Reply(order, EnforceOutcome.Ok);
    }

    private async Task<EnforceReply> RunAfterAsync(Task before, Order order, string holder)
    {
        // Never on the caller's thread, which holds the gate; and what the one before came to is its own caller's affair.
        await Task.Yield();
        await before.ContinueWith(_ => { }, TaskScheduler.Default).ConfigureAwait(false);
        try
        {
            return await OnThreadAsync(() => Carry(order, holder)).ConfigureAwait(false);
        }
        finally
        {
            lock (gate)
            {
                open--;
                if (--lanes[holder].Open == 0)
                    lanes.Remove(holder);
            }
        }
    }

    private static Task<EnforceReply> OnThreadAsync(Func<EnforceReply> work)
    {
        var done = new TaskCompletionSource<EnforceReply>(TaskCreationOptions.RunContinuationsAsynchronously);
        var thread = new Thread(
            () =>
            {
                try
                {
                    done.SetResult(work());
                }
                catch (Exception e)
                {
                    done.SetException(e);
                }
            },
            StackBytes
        )
        {
            IsBackground = true,
            Name = "response",
        };
        thread.Start();
        return done.Task;
    }

    private EnforceReply Carry(Order order, string holder)
    {
        var isUndo = order.Request.Verb == EnforceVerb.Undo;
        if (isUndo && keys.Release(holder))
            return Reply(order, EnforceOutcome.Released, "left as it is: another response still needs it");

        if (stock.TryGetValue(order.Program, out var own))
            return isUndo ? UndoStock(own, order) : RunStock(own, order, holder);

        if (ResponseFile.WhyNot(home, order.Program) is { } problem)
            return Refuse(order, problem);
        if (!isUndo && WhyProtected(order) is { } why)
            return Skip(order, why);

        return isUndo ? UndoProgram(order) : RunProgram(order, holder);
    }

    private string? WhyProtected(Order order)
    {
        try
        {
            return order.HasTarget ? neverBlock.WhyNot(order.Target, order.Protected, order.Request.FirstSeenUnixMilliseconds) : null;
        }
        catch (IOException e)
        {
            return $"what must not be blocked on this host is unknown: {e.Message}";
        }
    }

    private EnforceReply RunProgram(Order order, string holder)
    {
        var isStateful = order.Request.DurationMilliseconds > 0;
        var call = new ScriptCall(order);
        var derived = DerivedKey(order);
        var silent = derived + SilentMark;
        if (isStateful && !call.MustAnswer && keys.Holds(silent, holder))
            return Renewed(order, silent);

        var key = derived;
        var isAborted = false;
        string? note = null;
        byte[]? Answer(byte[] line)
        {
            if (KeysAnswer.TryRead(line, out var named))
                key = ActiveKeys.Of(order.Program, named);
            else if (call.MustAnswer)
                note = "its first line was no list of keys, so its target is its key";
            else
                return null;

            isAborted = isStateful && !keys.Take(key, holder);
            return call.Line(isAborted ? "abort" : "continue");
        }

        var result = Start(order, call, call.TalkForAdd(Answer), out var problem);
        if (result is null)
            return Refuse(order, problem!);

        // What said nothing in the JSON contract keeps nothing; a program of the older contract has no way to say so.
        var needsUndo = call.MustAnswer ? result.IsAnswered : isStateful || result.IsAnswered;
        if (!result.Succeeded)
            keys.Release(holder);
        else if (isStateful && needsUndo && !result.IsAnswered)
            keys.Take(key = silent, holder);

        var entry = Entry(order, isAborted ? ResponseAction.Refresh : ResponseAction.Add, result);
        return Finish(order, entry, result, result.Succeeded ? EnforceOutcome.Enforced : EnforceOutcome.Failed, note) with
        {
            Key = needsUndo ? key : null,
            NeedsUndo = needsUndo,
        };
    }

    private static EnforceReply Renewed(Order order, string key) =>
        Reply(order, EnforceOutcome.Enforced, "in force already; its time is renewed") with
        {
            Key = key,
            NeedsUndo = true,
            RemainingMilliseconds = Remaining(order),
        };

    private EnforceReply UndoProgram(Order order)
    {
        var call = new ScriptCall(order);
        var result = Start(order, call, call.TalkForDelete(), out var problem);
        return result is null
            ? Refuse(order, problem!)
            : Finish(
                order,
                Entry(order, ResponseAction.Delete, result),
                result,
                result.Succeeded ? EnforceOutcome.Released : EnforceOutcome.Failed,
                note: null
            );
    }

    private ScriptResult? Start(Order order, ScriptCall call, ScriptTalk talk, out string? problem)
    {
        problem = null;
        var whole = order.Request.DeadlineMilliseconds > 0 ? TimeSpan.FromMilliseconds(order.Request.DeadlineMilliseconds) : limits.Whole;
        var path = $"{ResponseFile.Folder}/{order.Program}";
        try
        {
            // A script of the older contract finds its home through its own whole path.
            using var child = ChildProcess.Start(
                call.IsLegacy ? Path.Join(home, path) : path,
                call.Arguments(home, path),
                call.Environment,
                home
            );
            return ScriptRun.Run(child, talk, limits with { Whole = whole }, stopping.Token);
        }
        catch (IOException e)
        {
            problem = e.Message;
            return null;
        }
    }

    private EnforceReply Finish(Order order, ResponseEntry entry, ScriptResult result, EnforceOutcome outcome, string? note)
    {
        var notLogged = WriteLog(entry with { Error = result.Succeeded ? null : result.Summary });
        if (result.Succeeded)
            Log.Ran(logger, order.Program, entry.Action, SubjectOf(order), result.Summary);
        else
            Log.Failed(logger, order.Program, entry.Action, SubjectOf(order), result.Summary);
        return Reply(order, outcome, Join(Join(result.Summary, note), notLogged)) with
        {
            ExitCode = result.ExitCode,
            ErrorText = result.ErrorText.Length == 0 ? null : result.ErrorText,
            TookMilliseconds = (long)result.Took.TotalMilliseconds,
            RemainingMilliseconds = outcome == EnforceOutcome.Enforced ? Remaining(order) : 0,
        };
    }

    private EnforceReply Refuse(Order order, string problem)
    {
        var action = order.Request.Verb == EnforceVerb.Undo ? ResponseAction.Delete : ResponseAction.Add;
        var notLogged = WriteLog(Entry(order, action, result: null) with { Error = problem });
        Log.Failed(logger, order.Program, action, SubjectOf(order), problem);
        return Reply(order, EnforceOutcome.Refused, Join(problem, notLogged));
    }

    private EnforceReply Skip(Order order, string why)
    {
        var notLogged = WriteLog(Entry(order, ResponseAction.Skip, result: null) with { Error = why });
        Log.Skipped(logger, order.Program, SubjectOf(order), why);
        return Reply(order, EnforceOutcome.Skipped, Join(why, notLogged));
    }

    private ResponseEntry Entry(Order order, ResponseAction action, ScriptResult? result) =>
        EntryOf(order, action) with
        {
            IsResultOnly = true,
            Took = result?.Took ?? TimeSpan.Zero,
            ExitCode = result?.ExitCode,
            ErrorText = result?.ErrorText,
            HasTimedOut = result?.End is ScriptEnd.NoAnswer or ScriptEnd.Deadline,
        };

    private static ResponseEntry EntryOf(Order order, ResponseAction action) =>
        new()
        {
            Action = action,
            Program = order.Program,
            Target = SubjectOf(order),
            User = order.Request.User,
            AlertDocument = order.Request.AlertDocument,
            AlertId = order.Request.AlertId,
            RuleId = order.Request.RuleId,
            ExtraArguments = order.Request.ExtraArguments,
            OriginName = order.Request.OriginName,
            RemainingMilliseconds = action == ResponseAction.Delete ? 0 : Remaining(order),
            Form = order.Request.LogForm,
        };

    private static long Remaining(Order order) => order.Request.DurationMilliseconds is > 0 and var left ? left : -1;

    private static string SubjectOf(Order order) =>
        order.HasTarget ? order.Target.ToString()
        : string.IsNullOrEmpty(order.Request.User) ? "-"
        : ScriptResult.OneLine(System.Text.Encoding.UTF8.GetBytes(order.Request.User));

    private static string DerivedKey(Order order) => ActiveKeys.Of(order.Program, [SubjectOf(order)]);

    private static EnforceReply Reply(Order order, EnforceOutcome outcome, string? reason = null) =>
        new()
        {
            Id = order.Request.Id,
            Outcome = outcome,
            Reason = reason,
        };

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

    /// <summary>The requests of one program for one target.</summary>
    private sealed class Lane
    {
        internal Task Last { get; set; } = Task.CompletedTask;

        internal int Open { get; set; }
    }
}
