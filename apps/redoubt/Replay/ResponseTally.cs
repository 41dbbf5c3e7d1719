using Redoubt.Model;

namespace Redoubt.App.Replay;

/// <summary>Counts what responses would have done: decisions by state, and new targets by minute.</summary>
/// <remarks>Time: arrival.</remarks>
internal sealed class ResponseTally
{
    private readonly Dictionary<long, int> _byMinute = [];
    private readonly HashSet<string> _targets = new(StringComparer.Ordinal);

    /// <summary>All decisions.</summary>
    internal long Decisions { get; private set; }

    /// <summary>Those that would have been carried out.</summary>
    internal long Decided { get; private set; }

    /// <summary>Those in observe mode, or over the budget.</summary>
    internal long Observed { get; private set; }

    /// <summary>Those that were passed over, with the reason.</summary>
    internal SortedDictionary<string, long> Skipped { get; } = new(StringComparer.Ordinal);

    /// <summary>Those that would only have been observed for another reason than the mode, with the reason.</summary>
    internal SortedDictionary<string, long> HeldBack { get; } = new(StringComparer.Ordinal);

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

    /// <param name="decision">As it would be carried out.</param>
    /// <param name="isNew">Whether it is a block that was not in force.</param>
    /// <param name="inForce">Blocks in force with it.</param>
    internal void Add(Decision decision, bool isNew, int inForce)
    {
        Decisions++;
        if (decision.State == BlockState.Skipped)
        {
            Note(Skipped, decision);
            return;
        }

        if (decision.State == BlockState.Observed)
        {
            Observed++;
            if (decision.Reason is not null)
                Note(HeldBack, decision);
        }
        else
        {
            Decided++;
        }

        if (decision.Target is { } target)
            _targets.Add(target.ToString());

        MostAtOnce = Math.Max(MostAtOnce, inForce);
        if (!isNew)
            return;

        NewBlocks++;
        var minute = decision.Alert.ArrivalUnixMilliseconds / 60_000;
        _byMinute[minute] = _byMinute.GetValueOrDefault(minute) + 1;
    }

    private static void Note(SortedDictionary<string, long> reasons, Decision decision)
    {
        var reason = Reason(decision);
        reasons[reason] = reasons.GetValueOrDefault(reason) + 1;
    }

    // Reasons that quote the alert would each be one of their own.
    private static string Reason(Decision decision) =>
        decision.Alert.Suspicion is { } suspicion && suspicion == decision.Reason ? "the line names two sources"
        : decision.Reason is { } reason
            ? (reason.EndsWith("is not an address", StringComparison.Ordinal) ? "the source is not an address" : reason)
        : "skipped";
}
