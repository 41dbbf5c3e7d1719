using Microsoft.Extensions.Logging;
using Redoubt.Respond;

namespace Redoubt.Agent.Blocks;

/// <summary>The blocks that the enforcer itself carries out, at the firewall or another back end: asked, renewed, released, made sure of.</summary>
/// <remarks>Threads: the block keeper's task.</remarks>
internal sealed class FirewallBlocks(HeldBlocks held, IEnforcement enforcement, Func<BlockSettings> settings, ILogger log)
{
    private static readonly TimeSpan FailedRetry = TimeSpan.FromSeconds(5);
    private const long ClockTolerance = 2000;

    private readonly HeldBlocks _held = held;
    private readonly IEnforcement _enforcement = enforcement;
    private readonly ILogger _log = log;

    private BlockSettings Settings => settings();

    /// <summary>Asks for a block, or renews it.</summary>
    /// <param name="block">As it is in the journal.</param>
    /// <param name="isActive">It is in force already.</param>
    /// <param name="left">Milliseconds; -1 = until removed, 0 = nothing is asked.</param>
    /// <param name="stopping">The agent ends.</param>
    internal async Task BlockAsync(HeldBlock block, bool isActive, long left, CancellationToken stopping)
    {
        if (left == 0)
            return;

        var reply = Settings.ResponsesDisabled
            ? new EnforceReply { Outcome = EnforceOutcome.Failed, Reason = "responses are disabled on this host" }
            : await _enforcement.SendAsync(
                BlockRequests.For(block, EnforceVerb.Block, Settings) with
                {
                    DurationMilliseconds = Math.Max(left, 0),
                    AlreadyActive = isActive,
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
            done = done with { Ends = _held.Now + reply.RemainingMilliseconds };

        _held.Put(done);
        _held.Schedule(done);
        _held.Report(done, reply?.RemainingMilliseconds ?? left);
        switch (state)
        {
            case "enforced":
                _log.Blocked(done.Target, left < 0 ? "unlimited" : (left + 999) / 1000, done.RuleId);
                break;
            case "skipped":
                _log.LeftAlone(done.Target, reason);
                _held.Drop(done, reason, released: false);
                break;
            case "observed":
                _log.WouldHaveBlocked(done.Target, reason);
                _held.Drop(done, reason, released: false);
                break;
            default:
                _log.BlockFailed(done.Target, reason, FailedRetry.TotalSeconds);
                RetryLater(done);
                break;
        }
    }

    // A failed block is tried again until its time is over; with a new connection at once.
    private void RetryLater(HeldBlock block)
    {
        if (!Settings.ResponsesDisabled)
            _held.LookAgain(block.Id, FailedRetry);
    }

    /// <summary>Releases a block. The kernel drops an element by itself; this makes sure, and writes the response log.</summary>
    internal async Task ReleaseAsync(HeldBlock block, string reason, CancellationToken stopping)
    {
        if (block.State == "enforced" || string.Equals(reason, "removed", StringComparison.Ordinal))
        {
            if (LongestOther(block) is { } other)
            {
                // Another block wants the same address: it stays in the kernel for the time of that one.
                _held.Drop(block, reason, released: true);
                await BlockAsync(other, isActive: true, _held.Remaining(other), stopping);
                return;
            }

            var reply = await _enforcement.SendAsync(BlockRequests.For(block, EnforceVerb.Release, Settings), stopping);
            if (reply is not { Outcome: EnforceOutcome.Released })
            {
                var why = reply?.Reason ?? Enforcement.NotThere;
                _log.ReleaseFailed(block.Target, why, FailedRetry.TotalSeconds);
                var waiting = block with { Ends = Math.Min(block.Ends ?? long.MaxValue, _held.Now) };
                _held.Put(waiting);
                _held.Report(waiting with { State = "failed", Reason = "release: " + why }, 0);
                _held.LookAgain(block.Id, FailedRetry);
                return;
            }

            _log.Released(block.Target, reason);
        }

        _held.Drop(block, reason, released: true);
    }

    /// <summary>After an enforcer came (back): what should be in the kernel and is not is put there again, many at a time. What the response log
    /// told once is not told again.</summary>
    internal async Task VerifyAsync(CancellationToken stopping)
    {
        var restored = 0;
        var others = _held.All.Where(b => !b.IsProgram && !b.IsEnforced).ToArray();
        var enforced = _held.All.Where(b => !b.IsProgram && b.IsEnforced && _held.Remaining(b) != 0).GroupBy(b => b.BackEnd).ToArray();
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
            _log.Restored(restored);

        foreach (var block in others)
            await BlockAsync(block, isActive: false, _held.Remaining(block), stopping);
    }

    // One page of targets, each with its blocks: the longest one counts. Returns how many were missing; null when no enforcer answered.
    private async Task<int?> LoadAsync(IGrouping<string, HeldBlock>[] page, CancellationToken stopping)
    {
        var longest = Array.ConvertAll(page, g => g.MaxBy(b => b.Ends ?? long.MaxValue)!);
        var reply = await _enforcement.SendAsync(BlockRequests.Load(longest, _held.Remaining, Settings), stopping);
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
        if (block.Ends is not { } ends || remaining <= 0 || Math.Abs(_held.Now + remaining - ends) <= ClockTolerance)
            return;

        var moved = block with { Ends = _held.Now + remaining };
        _held.Put(moved);
        _held.Schedule(moved);
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
            _held.Report(done, 0);
            _log.NoLongerBlocked(done.Target, done.Reason);
            if (string.Equals(state, "failed", StringComparison.Ordinal))
            {
                _held.Put(done);
                RetryLater(done);
            }
            else
            {
                _held.Drop(done, done.Reason, released: false);
            }
        }
    }

    private HeldBlock? LongestOther(HeldBlock block) =>
        _held
            .OfTarget(block.Target)
            .Where(b =>
                b.Id != block.Id
                && !b.IsProgram
                && b.IsEnforced
                && string.Equals(b.BackEnd, block.BackEnd, StringComparison.Ordinal)
                && _held.Remaining(b) != 0
            )
            .MaxBy(b => b.Ends ?? long.MaxValue);
}
