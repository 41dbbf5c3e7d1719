using Redoubt.Model;

namespace Redoubt.App.Replay;

/// <summary>Counts what responses would have done: decisions by state, and new targets by minute.</summary>
/// <remarks>A target is new when no block of it is in force: none was, or its time is over. Time: arrival.</remarks>
internal sealed class ResponseTally
{
    private readonly Dictionary<(string Response, string Target), long> _ends = [];
    private readonly Dictionary<long, int> _byMinute = [];
    private readonly PriorityQueue<(string Response, string Target), long> _running = new();
    private readonly HashSet<string> _targets = new(StringComparer.Ordinal);

    /// <summary>All decisions.</summary>
    internal long Decisions { get; private set; }

    /// <summary>Those that would have been carried out.</summary>
    internal long Decided { get; private set; }

    /// <summary>Those in observe mode.</summary>
    internal long Observed { get; private set; }

    /// <summary>Those that were passed over, with the reason.</summary>
    internal SortedDictionary<string, long> Skipped { get; } = new(StringComparer.Ordinal);

    /// <summary>Targets, each counted once.</summary>
    internal int Targets => _targets.Count;

    /// <summary>Blocks that would have been made: a target counts again when its earlier block is over.</summary>
    internal long NewBlocks { get; private set; }

    /// <summary>The minute with the most new blocks, Unix minutes, and their number; null without any.</summary>
    internal (long Minute, int Blocks)? Peak =>
        _byMinute.Count == 0 ? null : _byMinute.OrderByDescending(m => m.Value).ThenBy(m => m.Key).Select(m => (m.Key, m.Value)).First();

    /// <summary>Minutes with at least one new block.</summary>
    internal int BusyMinutes => _byMinute.Count;

    /// <summary>Blocks in force at the same time, at most.</summary>
    internal int MostAtOnce { get; private set; }

    internal void Add(Decision decision)
    {
        Decisions++;
        if (decision.State == BlockState.Skipped)
        {
            var reason = Reason(decision);
            Skipped[reason] = Skipped.GetValueOrDefault(reason) + 1;
            return;
        }

        if (decision.State == BlockState.Observed)
            Observed++;
        else
            Decided++;

        if (decision.Target is { } target)
            Count(decision, target.ToString());
    }

    private void Count(Decision decision, string target)
    {
        var now = decision.Alert.ArrivalUnixMilliseconds;
        while (_running.TryPeek(out _, out var end) && end <= now)
            _running.Dequeue();

        _targets.Add(target);
        var key = (decision.Response, target);
        var isRunning = _ends.TryGetValue(key, out var ends) && ends > now;
        var until = decision.Seconds == 0 ? long.MaxValue : now + (decision.Seconds * 1000);
        if (isRunning)
            return;

        _ends[key] = until;
        _running.Enqueue(key, until);
        MostAtOnce = Math.Max(MostAtOnce, _running.Count);
        NewBlocks++;
        var minute = now / 60_000;
        _byMinute[minute] = _byMinute.GetValueOrDefault(minute) + 1;
    }

    // Reasons that quote the alert would each be one of their own.
    private static string Reason(Decision decision) =>
        decision.Alert.Suspicion is { } suspicion && suspicion == decision.Reason ? "the line names two sources"
        : decision.Reason is { } reason
            ? (reason.EndsWith("is not an address", StringComparison.Ordinal) ? "the source is not an address" : reason)
        : "skipped";
}
