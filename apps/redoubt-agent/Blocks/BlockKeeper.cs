using System.Threading.Channels;
using Microsoft.Extensions.Logging;
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
    private static readonly TimeSpan FailedRetry = TimeSpan.FromSeconds(5);

    private readonly BlockJournal _journal;
    private readonly IEnforcement _enforcement;
    private readonly IBlockReports _reports;
    private readonly TimeProvider _time;
    private readonly ILogger _log;
    private readonly RepeatedOffenders _offenders = new();
    private readonly Channel<Work> _work = Channel.CreateUnbounded<Work>(new UnboundedChannelOptions { SingleReader = true });
    private readonly BlockDeadlines _deadlines;
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
        _log = log;
        _deadlines = new BlockDeadlines(time);
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

    private long Now => _time.GetUtcNow().ToUnixTimeMilliseconds();

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
        else if (work.Verify)
        {
            await VerifyAsync(stopping);
        }
        else
        {
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
        var isActive = held is { State: "enforced" } && (held.Ends is null || held.Ends > now);
        var block = Plan(order, held, isActive, now, age);
        if (block.Ends <= now)
        {
            Drop(block, "its time was over before it arrived here", released: true);
            return;
        }

        _journal.Put(block);
        // The time that journalling took is not the attacker's to win: the kernel gets the whole duration.
        await BlockAsync(block, isActive, block.Ends is { } ends ? ends - now : -1, stopping);
    }

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
        var key = RepeatedOffenders.KeyOf(order.Executable, order.Target);
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
        };
    }

    private Task BlockAsync(HeldBlock block, bool isActive, CancellationToken stopping) =>
        BlockAsync(block, isActive, Remaining(block), stopping);

    private async Task BlockAsync(HeldBlock block, bool isActive, long left, CancellationToken stopping, bool isLogged = false)
    {
        if (left == 0)
            return;

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
            var key = RepeatedOffenders.KeyOf(order.Executable, order.Target);
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
                if (block.State != "enforced")
                    await BlockAsync(block, isActive: false, stopping);
            }
        }
    }

    // The kernel drops an element by itself; the release makes sure, and writes the response log.
    private async Task ReleaseAsync(HeldBlock block, string reason, CancellationToken stopping)
    {
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
        var others = _journal.Blocks.Values.Where(b => !b.IsEnforced).ToArray();
        var enforced = _journal.Blocks.Values.Where(b => b.IsEnforced && Remaining(b) != 0).GroupBy(b => b.BackEnd).ToArray();
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

    private void Drop(HeldBlock block, string? reason, bool released)
    {
        _journal.Drop(block.Id);
        _deadlines.Remove(block.Id);
        if (released)
            Report(block with { State = "released", Reason = reason }, 0);
    }

    private HeldBlock? LongestOther(HeldBlock block) =>
        _journal
            .OfTarget(block.Target)
            .Where(b =>
                b.Id != block.Id && b.IsEnforced && string.Equals(b.BackEnd, block.BackEnd, StringComparison.Ordinal) && Remaining(b) != 0
            )
            .MaxBy(b => b.Ends ?? long.MaxValue);

    private void Report(HeldBlock block, long remaining) =>
        _reports.Report(
            new BlockReport
            {
                Block = block.Id,
                Version = _journal.Version,
                State = block.State,
                Reason = block.Reason ?? string.Empty,
                At = Now,
                Remaining = remaining,
                Step = block.Step,
            }
        );

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

    private sealed record Work(BlockOrder? Order = null, bool Verify = false, bool Report = false, long ReceivedAt = 0);
}
