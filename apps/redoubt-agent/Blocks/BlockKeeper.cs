// Orders, ends and answers change the same entries of one journal on one task: the life of a block is told in one place, whatever carries it out.
using System.Threading.Channels;
using Microsoft.Extensions.Logging;
using Redoubt.Model;
using Redoubt.Respond;
using Redoubt.Transport.Protocol;

namespace Redoubt.Agent.Blocks;

/// <summary>Keeps this host's blocks as the ledger wants them: blocks, renews, releases on time, and tells what came of it.</summary>
/// <remarks>
/// One task owns all state and takes one thing after the other: orders, ends of blocks, a new connection to the enforcer.
/// Every change is in the journal before the enforcer is asked, so that a killed agent goes on where it was.
/// Ends are kept on the monotonic clock while the process lives: a clock jump neither shortens nor lengthens a block.
/// Source: active-response.md 2.7, 2.8 and 3 with their [D] rows.
/// </remarks>
internal sealed class BlockKeeper
{
    // Triggers of lines that were under way when the block began are the same offence.
    private static readonly TimeSpan SameOffence = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan UsualWay = TimeSpan.FromSeconds(2);
    private const int MaxLast = 256;
    private static readonly TimeSpan FailedRetry = TimeSpan.FromSeconds(5);

    private readonly BlockJournal _journal;
    private readonly IEnforcement _enforcement;
    private readonly IBlockReports _reports;
    private readonly TimeProvider _time;
    private readonly ILogger _log;
    private readonly RepeatedOffenders _offenders = new();
    private readonly ProgramRuns _programs;
    private readonly Queue<BlockReport> _last = new();
    private readonly Channel<Work> _work = Channel.CreateUnbounded<Work>(new UnboundedChannelOptions { SingleReader = true });
    private readonly BlockDeadlines _deadlines;
    private readonly long _startedAt;
    private readonly long _started;
    private volatile BlockSettings _settings;

    internal BlockKeeper(
        BlockJournal journal,
        IEnforcement enforcement,
        IBlockReports reports,
        BlockSettings settings,
        TimeProvider time,
        ILogger log
    )
    {
        _journal = journal;
        _enforcement = enforcement;
        _reports = reports;
        _settings = settings;
        _time = time;
        (_startedAt, _started) = (time.GetUtcNow().ToUnixTimeMilliseconds(), time.GetTimestamp());
        _log = log;
        _deadlines = new BlockDeadlines(time);
        _programs = new ProgramRuns(enforcement, answer => _work.Writer.TryWrite(new Work(Answer: answer)));
        foreach (var step in journal.Offenders.Values)
            _offenders.Restore(step);

        enforcement.Connected += () => _work.Writer.TryWrite(new Work(Verify: true));
    }

    /// <summary>Newest order version that is done and durable.</summary>
    internal ulong Version => _journal.Version;

    /// <summary>Blocks that this host has to hold, and those that its enforcer has confirmed. Raised when it has changed and no work waits.</summary>
    internal event Action<int, int>? Counted;

    /// <summary>New settings; they hold from the next block on.</summary>
    internal void Use(BlockSettings settings) => _settings = settings;

    /// <summary>Takes an order of the manager.</summary>
    internal void Accept(BlockOrder order) => _work.Writer.TryWrite(new Work(order, ReceivedAt: _time.GetTimestamp()));

    /// <summary>After a reconnect the manager learns every state again: reports sent into a broken stream are lost.</summary>
    internal void ReportAll() => _work.Writer.TryWrite(new Work(Report: true));

    /// <summary>Works until cancelled; blocks stay.</summary>
    internal async Task RunAsync(CancellationToken stopping)
    {
        foreach (var block in _journal.Blocks.Values)
            Schedule(block);

        while (!stopping.IsCancellationRequested)
        {
            try
            {
                if (await NextAsync(stopping) is { } work)
                    await DoAsync(work, stopping);

                await ReleaseEndedAsync(stopping);
                TellCounts();
            }
            catch (OperationCanceledException) when (stopping.IsCancellationRequested)
            {
                return;
            }
        }
    }

    private (int Decided, int Enforced) _told;

    // In a burst once, at its end.
    private void TellCounts()
    {
        var now = (_journal.Blocks.Count, _journal.Enforced);
        if (now == _told || _work.Reader.TryPeek(out _))
            return;

        _told = now;
        Counted?.Invoke(now.Count, now.Enforced);
    }

    // Wall-clock time as it was at the start, and the monotonic clock from there: a clock that is set by an hour moves no end of a block.
    private long Now => _startedAt + (long)_time.GetElapsedTime(_started).TotalMilliseconds;

    // Waits for work or for the next end of a block, whichever comes first.
    private async Task<Work?> NextAsync(CancellationToken stopping)
    {
        if (_work.Reader.TryRead(out var ready))
            return ready;

        if (_deadlines.UntilNext() is not { } wait)
            return await _work.Reader.ReadAsync(stopping);

        if (wait <= TimeSpan.Zero)
            return null;

        using var timer = CancellationTokenSource.CreateLinkedTokenSource(stopping);
        using var alarm = _time.CreateTimer(_ => timer.Cancel(), null, wait < MaxTimer ? wait : MaxTimer, Timeout.InfiniteTimeSpan);
        try
        {
            return await _work.Reader.ReadAsync(timer.Token);
        }
        catch (OperationCanceledException) when (!stopping.IsCancellationRequested)
        {
            return null;
        }
    }

    private static readonly TimeSpan MaxTimer = TimeSpan.FromDays(1);

    private async Task DoAsync(Work work, CancellationToken stopping)
    {
        if (work.Order is { } order)
        {
            if (order.Removed)
                await RemoveAsync(order, stopping);
            else
                await ApplyAsync(order, work.ReceivedAt, stopping);

            _journal.SetVersion(order.Version);
        }
        else if (work.Answer is { } answer)
        {
            _programs.End(answer);
            Take(answer);
        }
        else if (work.Verify)
        {
            await VerifyAsync(stopping);
        }
        else
        {
            foreach (var report in _last.Where(r => !_journal.Blocks.ContainsKey(r.Block)))
                _reports.Report(report);
            foreach (var block in _journal.Blocks.Values)
                Report(block, remaining: Remaining(block));
        }
    }

    private async Task ApplyAsync(BlockOrder order, long receivedAt, CancellationToken stopping)
    {
        var held = _journal.Blocks.GetValueOrDefault(order.Block);
        if (held is not null && order.Triggers <= held.Triggers)
        {
            Report(held, Remaining(held));
            return;
        }

        var now = Now;
        var age = AgeOf(order, receivedAt);
        var isActive =
            held is not null
            && (held.State == "enforced" || (held.IsProgram && _programs.IsRunning(held.Id)))
            && (held.Ends is null || held.Ends > now);
        var block = Plan(order, held, isActive, now, age);
        if (block.Ends <= now)
        {
            Drop(block, "its time was over before it arrived here", released: true);
            return;
        }

        _journal.Put(isActive && block.IsProgram ? WithAlertOf(held!, block) : block);
        // The time that journalling took is not the attacker's to win: the kernel gets the whole duration.
        await BlockAsync(block, isActive, block.Ends is { } ends ? ends - now : -1, stopping);
    }

    // A program is undone with the document that it was run with.
    private static HeldBlock WithAlertOf(HeldBlock first, HeldBlock renewed) =>
        renewed with
        {
            AlertId = first.AlertId,
            RuleId = first.RuleId,
            Document = first.Document,
            Arguments = first.Arguments,
            Origin = first.Origin,
            User = first.User,
        };

    // An order on its usual way gets its whole time from now on: never less than was configured. One that waited for this host to
    // come back has been used up in part.
    private long AgeOf(BlockOrder order, long receivedAt)
    {
        var age = order.Age + (long)_time.GetElapsedTime(receivedAt).TotalMilliseconds;
        return age < (long)UsualWay.TotalMilliseconds ? 0 : age;
    }

    // How long: the ladder's step for a new offence, never shorter than what is in force.
    private HeldBlock Plan(BlockOrder order, HeldBlock? held, bool isActive, long now, long age)
    {
        var key = RepeatedOffenders.KeyOf(order.Executable, order.Target.Length > 0 ? order.Target : order.User);
        var sameOffence = isActive && now - age - held!.Began <= (long)SameOffence.TotalMilliseconds;
        _offenders.Minutes = _settings.RepeatedOffendersMinutes;
        var (duration, step) =
            order.ByPerson ? (TimeSpan.FromSeconds(order.Seconds), held?.Step ?? 0)
            : sameOffence ? (TimeSpan.FromSeconds(order.Seconds), held!.Step)
            : _offenders.Count(key, TimeSpan.FromSeconds(order.Seconds), now);
        long? ends = duration == TimeSpan.Zero ? null : now - age + (long)duration.TotalMilliseconds;
        if (isActive)
            ends = held!.Ends is null || ends is null ? null : Math.Max(held.Ends.Value, ends.Value);

        if (!order.ByPerson)
            _journal.Put(_offenders.Remember(key, step, ends));

        return new HeldBlock
        {
            Id = order.Block,
            Executable = order.Executable,
            Target = order.Target,
            User = order.User.Length == 0 ? null : order.User,
            Triggers = order.Triggers,
            Began = isActive ? held!.Began : now,
            Ends = ends,
            Step = step,
            AlertId = order.AlertId,
            RuleId = order.RuleId,
            Document = order.Document,
            Arguments = [.. order.Arguments],
            Origin = order.Origin,
            FirstSeen = order.FirstSeen,
            Protocol = ProtocolOf(order.Protocol),
            DeadlineSeconds = order.Deadline,
            Key = held?.Key,
            NeedsUndo = held is { NeedsUndo: true },
        };
    }

    private static ScriptProtocol ProtocolOf(string word) =>
        word switch
        {
            "json" => ScriptProtocol.Json,
            "argv" => ScriptProtocol.Arguments,
            _ => ScriptProtocol.Auto,
        };

    private Task BlockAsync(HeldBlock block, bool isActive, CancellationToken stopping) =>
        BlockAsync(block, isActive, Remaining(block), stopping);

    private async Task BlockAsync(HeldBlock block, bool isActive, long left, CancellationToken stopping, bool isLogged = false)
    {
        if (left == 0)
            return;

        if (block.IsProgram)
        {
            RunProgram(block, left, stopping);
            return;
        }

        var reply = _settings.ResponsesDisabled
            ? new EnforceReply { Outcome = EnforceOutcome.Failed, Reason = "responses are disabled on this host" }
            : await _enforcement.SendAsync(
                BlockRequests.For(block, EnforceVerb.Block, _settings) with
                {
                    DurationMilliseconds = Math.Max(left, 0),
                    AlreadyActive = isActive,
                    LogForm = isLogged ? ResponseLogForm.None : _settings.LogForm,
                },
                stopping
            );
        var (state, reason) = reply switch
        {
            null => ("failed", Enforcement.NotThere),
            { Outcome: EnforceOutcome.Enforced } => ("enforced", reply.Reason),
            { Outcome: EnforceOutcome.Skipped } => ("skipped", reply.Reason),
            { Outcome: EnforceOutcome.Observed } => ("observed", reply.Reason),
            _ => ("failed", reply.Reason ?? "the enforcer gave no reason"),
        };
        var done = block with { State = state, Reason = reason };
        if (state == "enforced" && done.Ends is not null && reply is { RemainingMilliseconds: > 0 })
            done = done with { Ends = Now + reply.RemainingMilliseconds };

        _journal.Put(done);
        Schedule(done);
        Report(done, reply?.RemainingMilliseconds ?? left);
        switch (state)
        {
            case "enforced":
                _log.LogInformation(
                    "Blocked {Target} for {Seconds} s because of rule {Rule}",
                    done.Target,
                    left < 0 ? "unlimited" : (left + 999) / 1000,
                    done.RuleId
                );
                break;
            case "skipped":
                _log.LogWarning("{Target} is NOT blocked: {Reason}", done.Target, reason);
                Drop(done, reason, released: false);
                break;
            case "observed":
                _log.LogInformation("{Target} would have been blocked: {Reason}", done.Target, reason);
                Drop(done, reason, released: false);
                break;
            default:
                _log.LogError(
                    "Could not block {Target}: {Reason}. It is NOT blocked; next try in {Seconds} s",
                    done.Target,
                    reason,
                    FailedRetry.TotalSeconds
                );
                RetryLater(done);
                break;
        }
    }

    // A failed block is tried again until its time is over; with a new connection at once.
    private void RetryLater(HeldBlock block)
    {
        if (!_settings.ResponsesDisabled)
            _deadlines.Set(block.Id, FailedRetry);
    }

    private async Task RemoveAsync(BlockOrder order, CancellationToken stopping)
    {
        if (order.Forget)
        {
            var key = RepeatedOffenders.KeyOf(order.Executable, order.Target.Length > 0 ? order.Target : order.User);
            _offenders.Forget(key);
            _journal.Forget(key);
        }

        var held =
            _journal.Blocks.GetValueOrDefault(order.Block)
            ?? new HeldBlock
            {
                Id = order.Block,
                Executable = order.Executable,
                Target = order.Target,
                User = order.User.Length == 0 ? null : order.User,
                Triggers = order.Triggers,
                Began = Now,
                Ends = Now,
                AlertId = order.AlertId,
                RuleId = order.RuleId,
                Document = order.Document,
                Arguments = [.. order.Arguments],
                Origin = order.Origin,
            };
        await ReleaseAsync(held, "removed", stopping);
    }

    private async Task ReleaseEndedAsync(CancellationToken stopping)
    {
        while (_deadlines.TryTakeDue(out var id))
        {
            if (!_journal.Blocks.TryGetValue(id, out var block))
                continue;

            if (block.Ends is { } ends && ends <= Now)
            {
                await ReleaseAsync(block, "its time is over", stopping);
            }
            else
            {
                Schedule(block);
                if (block.IsProgram ? MustRun(block) : block.State != "enforced")
                    await BlockAsync(block, isActive: false, stopping);
            }
        }
    }

    // The kernel drops an element by itself; the release makes sure, and writes the response log.
    private async Task ReleaseAsync(HeldBlock block, string reason, CancellationToken stopping)
    {
        if (block.IsProgram)
        {
            UndoProgram(block, reason, stopping);
            return;
        }

        if (block.State == "enforced" || string.Equals(reason, "removed", StringComparison.Ordinal))
        {
            if (LongestOther(block) is { } other)
            {
                // Another block wants the same address: it stays in the kernel for the time of that one.
                Drop(block, reason, released: true);
                await BlockAsync(other, isActive: true, stopping);
                return;
            }

            var reply = await _enforcement.SendAsync(BlockRequests.For(block, EnforceVerb.Release, _settings), stopping);
            if (reply is not { Outcome: EnforceOutcome.Released })
            {
                var why = reply?.Reason ?? Enforcement.NotThere;
                _log.LogError("Could not release {Target}: {Reason}. Next try in {Seconds} s", block.Target, why, FailedRetry.TotalSeconds);
                var waiting = block with { Ends = Math.Min(block.Ends ?? long.MaxValue, Now) };
                _journal.Put(waiting);
                Report(waiting with { State = "failed", Reason = "release: " + why }, 0);
                _deadlines.Set(block.Id, FailedRetry);
                return;
            }

            _log.LogInformation("Released {Target}: {Reason}", block.Target, reason);
        }

        Drop(block, reason, released: true);
    }

    // After an enforcer came (back): what should be in the kernel and is not is put there again, many at a time. What the response log told
    // once is not told again.
    private async Task VerifyAsync(CancellationToken stopping)
    {
        var restored = 0;
        var programs = _journal.Blocks.Values.Where(b => b.IsProgram && Remaining(b) != 0).ToArray();
        var others = _journal.Blocks.Values.Where(b => !b.IsProgram && !b.IsEnforced).ToArray();
        var enforced = _journal
            .Blocks.Values.Where(b => !b.IsProgram && b.IsEnforced && Remaining(b) != 0)
            .GroupBy(b => b.BackEnd)
            .ToArray();
        foreach (var ofBackEnd in enforced)
        {
            foreach (var page in ofBackEnd.GroupBy(b => b.Target, StringComparer.Ordinal).Chunk(EnforceRequest.MaxTargets))
            {
                if (await LoadAsync(page, stopping) is not { } count)
                    return;

                restored += count;
            }
        }

        if (restored > 0)
            _log.LogWarning("{Count} blocks were missing in the kernel and have been made again", restored);

        foreach (var block in others)
            await BlockAsync(block, isActive: false, stopping);

        foreach (var program in programs)
            await VerifyProgramAsync(program, Remaining(program), stopping);
    }

    // One page of targets, each with its blocks: the longest one counts. Returns how many were missing; null when no enforcer answered.
    private async Task<int?> LoadAsync(IGrouping<string, HeldBlock>[] page, CancellationToken stopping)
    {
        var longest = Array.ConvertAll(page, g => g.MaxBy(b => b.Ends ?? long.MaxValue)!);
        var reply = await _enforcement.SendAsync(BlockRequests.Load(longest, Remaining, _settings), stopping);
        if (reply is null)
            return null;

        var why = reply.NotEnforced.ToDictionary(n => n.Index);
        for (var i = 0; i < page.Length; i++)
        {
            // The kernel's clock was not moved: where the wall clock was, the end here moves with it.
            if (reply.Outcome == EnforceOutcome.Ok && !why.ContainsKey(i))
                Follow(longest[i], reply.TargetsRemainingMilliseconds[i]);
            else
                TakeLoss(page[i], why.GetValueOrDefault(i), reply);
        }

        return reply.Restored;
    }

    private void Follow(HeldBlock block, long remaining)
    {
        if (block.Ends is not { } ends || remaining <= 0 || Math.Abs(Now + remaining - ends) <= (long)UsualWay.TotalMilliseconds)
            return;

        var moved = block with { Ends = Now + remaining };
        _journal.Put(moved);
        Schedule(moved);
    }

    private void TakeLoss(IEnumerable<HeldBlock> blocks, NotEnforced? why, EnforceReply reply)
    {
        var state = (why?.Outcome ?? reply.Outcome) switch
        {
            EnforceOutcome.Skipped => "skipped",
            EnforceOutcome.Observed => "observed",
            _ => "failed",
        };
        foreach (var block in blocks.ToArray())
        {
            var done = block with { State = state, Reason = why?.Reason ?? reply.Reason ?? "the enforcer gave no reason" };
            Report(done, 0);
            _log.LogError("{Target} is NOT blocked any more: {Reason}", done.Target, done.Reason);
            if (string.Equals(state, "failed", StringComparison.Ordinal))
            {
                _journal.Put(done);
                RetryLater(done);
            }
            else
            {
                Drop(done, done.Reason, released: false);
            }
        }
    }

    // --- Programs: asked like the firewall, but their answers come later, and what they do is not to be read from any kernel.

    // What was never answered, because no enforcer was there or it had too much to do, is asked again; what failed is not.
    private bool MustRun(HeldBlock block) => block.State == "sent" && !_programs.IsRunning(block.Id);

    private void RunProgram(HeldBlock block, long left, CancellationToken stopping)
    {
        if (_settings.ResponsesDisabled)
        {
            Drop(block, reason: null, released: false);
            Report(block with { State = "failed", Reason = "responses are disabled on this host" }, 0);
            return;
        }

        _programs.Begin(
            block,
            BlockRequests.For(block, EnforceVerb.Run, _settings) with
            {
                DurationMilliseconds = Math.Max(left, 0),
            },
            stopping
        );
    }

    private void UndoProgram(HeldBlock block, string reason, CancellationToken stopping)
    {
        if (_programs.IsUndoing(block.Id))
            return;

        // One that was under way when this agent was killed may have done its work: undone once too often is better than never.
        var isHeld = _journal.Blocks.ContainsKey(block.Id);
        if (!isHeld || (block.State != "sent" && !block.NeedsUndo))
        {
            Drop(block, reason, released: true);
            return;
        }

        var ending = block with { Ends = Math.Min(block.Ends ?? long.MaxValue, Now), Reason = reason };
        _journal.Put(ending);
        _deadlines.Remove(ending.Id);
        _programs.Begin(ending, BlockRequests.For(ending, EnforceVerb.Undo, _settings), stopping);
    }

    private async Task VerifyProgramAsync(HeldBlock block, long left, CancellationToken stopping)
    {
        if (block.NeedsUndo)
            await _enforcement.SendAsync(BlockRequests.For(block, EnforceVerb.Hold, _settings) with { Key = block.Key }, stopping);
        else if (MustRun(block))
            RunProgram(block, left, stopping);
    }

    private void Take(ProgramAnswer answer)
    {
        // Removed meanwhile, or asked for again: then a later answer counts.
        if (_journal.Blocks.GetValueOrDefault(answer.Block.Id) is not { } held || held.Triggers != answer.Block.Triggers)
            return;

        if (answer.Verb == EnforceVerb.Undo)
            TakeUndone(held, answer.Reply);
        else
            TakeRun(held, answer.Reply);
    }

    private void TakeRun(HeldBlock held, EnforceReply? reply)
    {
        var reason = reply is null ? Enforcement.NotThere : reply.Reason;
        var done = held with
        {
            Reason = reason,
            Key = reply?.Key ?? held.Key,
            NeedsUndo = reply is { NeedsUndo: true } || (held.NeedsUndo && reply?.Outcome != EnforceOutcome.Enforced),
        };
        if (_programs.IsUndoing(held.Id))
            return;

        switch (reply?.Outcome)
        {
            case null or EnforceOutcome.Busy:
                _log.LogError(
                    "{Program} was not run for {Subject}: {Reason}. Next try in {Seconds} s",
                    held.Executable,
                    Shown(held),
                    reason,
                    FailedRetry.TotalSeconds
                );
                Report(held with { State = "failed", Reason = reason }, Remaining(held));
                RetryLater(held);
                return;
            case EnforceOutcome.Enforced when !done.NeedsUndo:
                _log.LogInformation(
                    "{Program} ran for {Subject} because of rule {Rule}: {Reason}",
                    held.Executable,
                    Shown(held),
                    held.RuleId,
                    reason
                );
                Drop(done, $"done: {reason}", released: true);
                return;
            case EnforceOutcome.Enforced:
                _log.LogInformation(
                    "{Program} holds {Subject} because of rule {Rule}: {Reason}",
                    held.Executable,
                    Shown(held),
                    held.RuleId,
                    reason
                );
                Keep(done with { State = "enforced" });
                return;
            case EnforceOutcome.Skipped:
                _log.LogWarning("{Program} was NOT run for {Subject}: {Reason}", held.Executable, Shown(held), reason);
                Drop(done, reason, released: false);
                Report(done with { State = "skipped" }, 0);
                return;
            default:
                _log.LogError("{Program} failed for {Subject}: {Reason}", held.Executable, Shown(held), reason);
                Fail(done with { State = "failed" });
                return;
        }
    }

    // A program that failed half way is undone at the end of its time; one that did nothing is over.
    private void Fail(HeldBlock failed)
    {
        if (failed.NeedsUndo)
        {
            Keep(failed);
            return;
        }

        Drop(failed, reason: null, released: false);
        Report(failed, 0);
    }

    private void Keep(HeldBlock block)
    {
        _journal.Put(block);
        Schedule(block);
        Report(block, Remaining(block));
    }

    private void TakeUndone(HeldBlock held, EnforceReply? reply)
    {
        if (reply is { Outcome: EnforceOutcome.Released })
        {
            _log.LogInformation("{Program} is undone for {Subject}: {Reason}", held.Executable, Shown(held), held.Reason);
            Drop(held, $"{held.Reason}: {reply.Reason}", released: true);
            return;
        }

        var wait = _programs.RetryAfterFailure(held.Id);
        var why = reply?.Reason ?? Enforcement.NotThere;
        _log.LogError(
            "{Program} could not undo {Subject}: {Reason}. Next try in {Seconds} s",
            held.Executable,
            Shown(held),
            why,
            wait.TotalSeconds
        );
        Report(held with { State = "failed", Reason = "undo: " + why }, 0);
        _deadlines.Set(held.Id, wait);
    }

    // A user's name is text of whoever typed it.
    private static string Shown(HeldBlock block) =>
        block.Subject.Length == 0 ? "this host" : string.Concat(block.Subject.Take(64).Select(c => char.IsControl(c) ? '.' : c));

    private void Drop(HeldBlock block, string? reason, bool released)
    {
        _journal.Drop(block.Id);
        _deadlines.Remove(block.Id);
        _programs.Forget(block.Id);
        if (released)
            Report(block with { State = "released", Reason = reason }, 0);
    }

    private HeldBlock? LongestOther(HeldBlock block) =>
        _journal
            .OfTarget(block.Target)
            .Where(b =>
                b.Id != block.Id
                && !b.IsProgram
                && b.IsEnforced
                && string.Equals(b.BackEnd, block.BackEnd, StringComparison.Ordinal)
                && Remaining(b) != 0
            )
            .MaxBy(b => b.Ends ?? long.MaxValue);

    private void Report(HeldBlock block, long remaining)
    {
        var report = new BlockReport
        {
            Block = block.Id,
            Version = _journal.Version,
            State = block.State,
            Reason = block.Reason ?? string.Empty,
            At = Now,
            Remaining = remaining,
            Step = block.Step,
        };

        // What is no longer held is told once more after the next connection: this one may be lost with the stream.
        if (!_journal.Blocks.ContainsKey(block.Id))
        {
            _last.Enqueue(report);
            if (_last.Count > MaxLast)
                _last.Dequeue();
        }

        _reports.Report(report);
    }

    /// <summary>Milliseconds left; -1 = until removed, 0 = over.</summary>
    private long Remaining(HeldBlock block)
    {
        if (block.Ends is not { } ends)
            return -1;

        return Math.Max(ends - Now, 0);
    }

    private void Schedule(HeldBlock block)
    {
        if (block.Ends is { } ends)
            _deadlines.Set(block.Id, TimeSpan.FromMilliseconds(Math.Max(ends - Now, 0)));
    }

    private sealed record Work(
        BlockOrder? Order = null,
        bool Verify = false,
        bool Report = false,
        long ReceivedAt = 0,
        ProgramAnswer? Answer = null
    );
}
