using Redoubt.Model;
using Redoubt.Transport.Protocol;

namespace Redoubt.Agent.Blocks;

/// <summary>How long a block lasts: the order's time, the ladder of repeated offenders, and what is in force already.</summary>
/// <remarks>Steps are stored with the blocks. Threads: the block keeper's task. Source: active-response.md 2.8 and 3 with their [D] rows.</remarks>
internal sealed class BlockPlanner
{
    private readonly BlockJournal _journal;
    private readonly RepeatedOffenders _offenders = new();

    internal BlockPlanner(BlockJournal journal)
    {
        _journal = journal;
        foreach (var step in journal.Offenders.Values)
            _offenders.Restore(step);
    }

    /// <summary>Plans a block: the ladder's step for a new offence, never shorter than what is in force.</summary>
    /// <param name="order">What the manager wants.</param>
    /// <param name="held">The block as it is; null: a new one.</param>
    /// <param name="isActive">Whether it is in force.</param>
    /// <param name="now">Unix milliseconds.</param>
    /// <param name="age">Milliseconds of its time that are used up.</param>
    /// <param name="ladder">Longer blocks for repeated offenders.</param>
    internal HeldBlock Plan(BlockOrder order, HeldBlock? held, bool isActive, long now, long age, OffenderLadder ladder)
    {
        var key = KeyOf(order);
        _offenders.Ladder = ladder;
        var (duration, step) =
            order.ByPerson ? (TimeSpan.FromSeconds(order.Seconds), held?.Step ?? 0)
            // A target that is blocked can offend no further: what triggers again was under way, or came by another door.
            : isActive ? (Longest(TimeSpan.FromSeconds(order.Seconds), ladder.TimeOf(held!.Step)), held.Step)
            : _offenders.Count(key, TimeSpan.FromSeconds(order.Seconds), now);
        long? ends = duration == TimeSpan.Zero ? null : now - age + (long)duration.TotalMilliseconds;
        if (isActive)
            ends = held!.Ends is null || ends is null ? null : Math.Max(held.Ends.Value, ends.Value);

        if (!order.ByPerson)
            _journal.Put(_offenders.Remember(key, step, ends));

        return HeldBlock.Of(order, isActive ? held!.Began : now, ends) with
        {
            Step = step,
            Key = held?.Key,
            NeedsUndo = held is { NeedsUndo: true },
        };
    }

    // Zero is until removed.
    private static TimeSpan Longest(TimeSpan one, TimeSpan other) => one == TimeSpan.Zero || one > other ? one : other;

    /// <summary>The next offence of the order's target counts as the first.</summary>
    internal void Forget(BlockOrder order)
    {
        var key = KeyOf(order);
        _offenders.Forget(key);
        _journal.Forget(key);
    }

    private static string KeyOf(BlockOrder order) =>
        RepeatedOffenders.KeyOf(order.Executable, order.Target.Length > 0 ? order.Target : order.User);
}
