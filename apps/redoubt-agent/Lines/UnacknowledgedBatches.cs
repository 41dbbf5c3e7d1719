using Redoubt.Collect;
using Redoubt.Transport.Protocol;

namespace Redoubt.Agent.Lines;

/// <summary>Batches that were sent and are not yet acknowledged: sent again after a reconnect, forgotten when the manager has them.</summary>
/// <remarks>Bounded by <see cref="Transport.Link.WireLimits.BatchesInFlight"/>. Threads: safe.</remarks>
internal sealed class UnacknowledgedBatches(PositionStore positions)
{
    private readonly Lock _lock = new();
    private readonly Queue<LineBatch> _batches = new();

    /// <summary>Batches under way.</summary>
    internal int Count
    {
        get
        {
            lock (_lock)
                return _batches.Count;
        }
    }

    internal void Add(LineBatch batch)
    {
        lock (_lock)
            _batches.Enqueue(batch);
    }

    /// <summary>All of them, oldest first, with sequences of a new stream.</summary>
    internal List<LineBatch> Renumber()
    {
        lock (_lock)
        {
            ulong sequence = 0;
            foreach (var batch in _batches)
                batch.Sequence = ++sequence;

            return [.. _batches];
        }
    }

    /// <summary>The manager has everything up to here: the durable positions move. Returns how many batches that were.</summary>
    internal int Acknowledge(ulong sequence)
    {
        var count = 0;
        while (true)
        {
            LineBatch batch;
            lock (_lock)
            {
                if (_batches.Count == 0 || _batches.Peek().Sequence > sequence)
                    return count;

                batch = _batches.Dequeue();
            }

            count++;
            foreach (var source in batch.Sources)
            {
                if (FileIdentity.TryParse(source.File, out var file))
                    positions.Acknowledge(source.Source, file, (long)source.Lines[^1].End);
            }
        }
    }
}
