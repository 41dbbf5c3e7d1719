using Redoubt.Transport.Protocol;

namespace Redoubt.Agent.Blocks;

/// <summary>All blocks of this host: their durable copy, when each has to be looked at next, and what the manager is told of them.</summary>
/// <remarks>Time: the wall clock as it was at the start, and the monotonic clock from there, so that a clock that is set moves no end of a block.
/// Threads: the block keeper's task.</remarks>
internal sealed class HeldBlocks
{
    private const int MaxLast = 256;

    private readonly BlockJournal _journal;
    private readonly IBlockReports _reports;
    private readonly TimeProvider _time;
    private readonly BlockDeadlines _deadlines;
    private readonly Queue<BlockReport> _last = new();
    private readonly long _startedAt;
    private readonly long _started;

    internal HeldBlocks(BlockJournal journal, IBlockReports reports, TimeProvider time)
    {
        _journal = journal;
        _reports = reports;
        _time = time;
        _deadlines = new BlockDeadlines(time);
        (_startedAt, _started) = (time.GetUtcNow().ToUnixTimeMilliseconds(), time.GetTimestamp());
        foreach (var block in journal.Blocks.Values)
            Schedule(block);
    }

    /// <summary>A block is over, or never began.</summary>
    internal event Action<ulong>? Dropped;

    /// <summary>Unix milliseconds.</summary>
    internal long Now => _startedAt + (long)_time.GetElapsedTime(_started).TotalMilliseconds;

    /// <summary>Every block.</summary>
    internal IEnumerable<HeldBlock> All => _journal.Blocks.Values;

    /// <summary>Blocks to be held, and those that the enforcer has confirmed.</summary>
    internal (int Decided, int Enforced) Counts => (_journal.Blocks.Count, _journal.Enforced);

    /// <summary>One block; null when it is not held.</summary>
    internal HeldBlock? Find(ulong id) => _journal.Blocks.GetValueOrDefault(id);

    /// <summary>Whether it is held.</summary>
    internal bool Holds(ulong id) => _journal.Blocks.ContainsKey(id);

    /// <summary>The blocks of one target.</summary>
    internal IEnumerable<HeldBlock> OfTarget(string target) => _journal.OfTarget(target);

    /// <summary>Milliseconds left; -1 = until removed, 0 = over.</summary>
    internal long Remaining(HeldBlock block) => block.Ends is { } ends ? Math.Max(ends - Now, 0) : -1;

    /// <summary>Stores a block as it is now.</summary>
    internal void Put(HeldBlock block) => _journal.Put(block);

    /// <summary>Stores it, waits for its end, and tells the manager.</summary>
    internal void Keep(HeldBlock block)
    {
        Put(block);
        Schedule(block);
        Report(block, Remaining(block));
    }

    /// <summary>Waits for the end of a block.</summary>
    internal void Schedule(HeldBlock block)
    {
        if (block.Ends is { } ends)
            _deadlines.Set(block.Id, TimeSpan.FromMilliseconds(Math.Max(ends - Now, 0)));
    }

    /// <summary>Looks at a block before its end.</summary>
    internal void LookAgain(ulong id, TimeSpan fromNow) => _deadlines.Set(id, fromNow);

    /// <summary>Looks at it no more by itself.</summary>
    internal void StopWaiting(ulong id) => _deadlines.Remove(id);

    /// <summary>How long until a block has to be looked at; zero or less: now. Null when none has to.</summary>
    internal TimeSpan? UntilNext() => _deadlines.UntilNext();

    /// <summary>Takes the next block that has to be looked at now; its time is taken away with it.</summary>
    internal bool TryTakeDue(out ulong id) => _deadlines.TryTakeDue(out id);

    /// <summary>Forgets a block.</summary>
    internal void Drop(HeldBlock block, string? reason, bool released)
    {
        _journal.Drop(block.Id);
        _deadlines.Remove(block.Id);
        Dropped?.Invoke(block.Id);
        if (released)
            Report(block with { State = "released", Reason = reason }, 0);
    }

    /// <summary>Tells the manager what came of a block.</summary>
    internal void Report(HeldBlock block, long remaining)
    {
        if (BlockJournal.IsOfFormerLedger(block.Id))
            return;

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
        if (!Holds(block.Id))
        {
            _last.Enqueue(report);
            if (_last.Count > MaxLast)
                _last.Dequeue();
        }

        _reports.Report(report);
    }

    /// <summary>Tells the manager everything again: reports sent into a broken stream are lost.</summary>
    internal void ReportAll()
    {
        foreach (var report in _last.Where(r => !Holds(r.Block)))
            _reports.Report(report);
        foreach (var block in All)
            Report(block, Remaining(block));
    }
}
