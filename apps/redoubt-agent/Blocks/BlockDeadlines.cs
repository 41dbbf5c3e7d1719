namespace Redoubt.Agent.Blocks;

/// <summary>When each block has to be looked at next, on the monotonic clock; one time a block.</summary>
/// <remarks>Threads: not safe; the block keeper owns it.</remarks>
internal sealed class BlockDeadlines(TimeProvider time)
{
    private readonly PriorityQueue<ulong, long> _queue = new();
    private readonly Dictionary<ulong, long> _of = [];

    /// <summary>Sets or replaces the time of a block.</summary>
    internal void Set(ulong id, TimeSpan fromNow)
    {
        var timestamp = time.GetTimestamp() + (long)(fromNow.TotalSeconds * time.TimestampFrequency);
        _of[id] = timestamp;
        _queue.Enqueue(id, timestamp);
    }

    /// <summary>Forgets a block.</summary>
    internal void Remove(ulong id) => _of.Remove(id);

    /// <summary>How long until the next one; zero or less when it is due. Null when there is none.</summary>
    internal TimeSpan? UntilNext()
    {
        // Entries that were replaced since are dropped when they come up.
        while (_queue.TryPeek(out var id, out var timestamp))
        {
            if (_of.TryGetValue(id, out var current) && current == timestamp)
                return time.GetElapsedTime(time.GetTimestamp(), timestamp);

            _queue.Dequeue();
        }

        return null;
    }

    /// <summary>Takes the next one if it is due.</summary>
    internal bool TryTakeDue(out ulong id)
    {
        id = 0;
        if (UntilNext() is not { } wait || wait > TimeSpan.Zero)
            return false;

        id = _queue.Dequeue();
        _of.Remove(id);
        return true;
    }
}
