using Redoubt.Decide;
using Redoubt.Model;

namespace Redoubt.App.Replay;

/// <summary>The blocks that a live run would have made: what is in force, what the budget allows, and the step of a repeated offender.</summary>
/// <remarks>Time: arrival of the line. Memory: one entry a response and target. Threads: not safe.</remarks>
internal sealed class RehearsedBlocks(DecideOptions options)
{
    private readonly BlockBudget _budget = new(options.Budget);
    private readonly Dictionary<Key, Block> _blocks = [];
    private readonly PriorityQueue<Key, long> _running = new();

    /// <summary>Blocks in force, as of the last decision.</summary>
    internal int InForce => _running.Count;

    /// <summary>What becomes of a decision.</summary>
    /// <returns>The decision as it would be carried out, and whether that is a new block.</returns>
    internal (Decision Decision, int Step, bool IsNew) Take(Decision decision)
    {
        if (decision.State == BlockState.Skipped || decision.Target?.ToString() is not { } target)
            return (decision, 0, false);

        var now = decision.Alert.ArrivalUnixMilliseconds;
        if (decision.State == BlockState.Decided && _budget.Ask(target, [.. ReplayJson.HostsOf(decision)], now).Reason is { } reason)
            decision = decision with { State = BlockState.Observed, Reason = reason };

        ForgetEnded(now);

        // What is only observed climbs a ladder of its own, as in the ledger.
        var key = new Key(decision.Response, target, decision.State);
        var held = _blocks.TryGetValue(key, out var block) ? block : (Block?)null;
        var configured = TimeSpan.FromSeconds(decision.Seconds);
        if (held is { } running && IsInForce(running, now))
        {
            // A target that is blocked can offend no further.
            var longer = Math.Max(running.Ends, EndOf(decision.Seconds, now));
            _blocks[key] = running with { Ends = longer };
            return (decision, running.Step, false);
        }

        var (duration, step) = options.Ladder.Next(held?.Step, held?.Ends, configured, now);
        decision = decision with { Seconds = (long)duration.TotalSeconds };
        _blocks[key] = new Block(EndOf(decision.Seconds, now), step);
        _running.Enqueue(key, _blocks[key].Ends);
        return (decision, step, true);
    }

    private static bool IsInForce(Block block, long now) => block.Ends > now;

    private static long EndOf(long seconds, long now) => seconds == 0 ? long.MaxValue : now + (seconds * 1000);

    private void ForgetEnded(long now)
    {
        while (_running.TryPeek(out var key, out var end) && end <= now)
        {
            _running.Dequeue();
            if (IsInForce(_blocks[key], now))
                _running.Enqueue(key, _blocks[key].Ends);
        }
    }

    private readonly record struct Key(string Response, string Target, BlockState State);

    /// <param name="Ends">Unix milliseconds; the largest number: never.</param>
    /// <param name="Step">Of the ladder.</param>
    private readonly record struct Block(long Ends, int Step);
}
