using Google.Protobuf;
using Redoubt.Collect;
using Redoubt.Host;
using Redoubt.Transport.Link;
using Redoubt.Transport.Protocol;

namespace Redoubt.Agent.Lines;

/// <summary>Lines between the log reader and the link: what was read and not yet sent.</summary>
/// <remarks>
/// A batch is what is queued at the moment of taking, never more is waited for. When the queue is full the reader waits:
/// the log file is the spool. Threads: one reader, one taker.
/// </remarks>
internal sealed class LineQueue : ICollectedLines
{
    private readonly Lock _lock = new();
    private readonly SemaphoreSlim _filled = new(0, 1);
    private readonly ManualResetEventSlim _space = new(initialState: true);
    private readonly CancellationToken _stopping;
    private LineBatch _batch = new();
    private Dictionary<(string Source, FileIdentity File), SourceLines> _sources = [];
    private int _bytes;

    private readonly LoopPulse _reader;

    /// <param name="reader">Told that the reader waits for space.</param>
    /// <param name="stopping">Ends a reader that waits for space.</param>
    internal LineQueue(LoopPulse reader, CancellationToken stopping) => (_reader, _stopping) = (reader, stopping);

    /// <summary>Whether what is queued is worth a message of its own.</summary>
    internal bool IsLarge
    {
        get
        {
            lock (_lock)
                return _bytes >= WireLimits.LargeBatchBytes;
        }
    }

    /// <summary>Called on the reader's thread when a line has made it so.</summary>
    internal Action? BecameLarge { get; set; }

    /// <summary>Lines taken from the reader since the start.</summary>
    internal long Received { get; private set; }

    /// <inheritdoc/>
    public bool Receive(in CollectedLine line)
    {
        try
        {
            if (!_space.IsSet)
            {
                using (_reader.Outside())
                    _space.Wait(_stopping);
            }
        }
        catch (OperationCanceledException)
        {
            return false;
        }

        bool becameLarge;
        lock (_lock)
        {
            var before = _bytes;
            Received++;
            Append(line);
            becameLarge = before < WireLimits.LargeBatchBytes && _bytes >= WireLimits.LargeBatchBytes;
            if (_bytes >= WireLimits.BatchBytes)
                _space.Reset();

            if (_filled.CurrentCount == 0)
                _filled.Release();
        }

        if (becameLarge)
            BecameLarge?.Invoke();

        return true;
    }

    /// <summary>Takes everything that is queued; waits only while there is nothing.</summary>
    internal async Task<LineBatch> TakeAsync(CancellationToken cancellation)
    {
        while (true)
        {
            await _filled.WaitAsync(cancellation);
            lock (_lock)
            {
                if (_batch.Sources.Count == 0)
                    continue;

                var taken = _batch;
                _batch = new LineBatch();
                _sources = [];
                _bytes = 0;
                _space.Set();
                return taken;
            }
        }
    }

    private void Append(in CollectedLine line)
    {
        SourceOf(line)
            .Lines.Add(
                new Line
                {
                    End = (ulong)line.EndOffset,
                    Arrival = line.ArrivalUnixMilliseconds,
                    Text = ByteString.CopyFrom(line.Text),
                    Truncated = line.Truncated,
                    Origin = (Origin)line.Origin,
                    Writer = line.Writer ?? string.Empty,
                }
            );
        _bytes += line.Text.Length + 32;
    }

    private SourceLines SourceOf(in CollectedLine line)
    {
        if (!_sources.TryGetValue((line.SourceKey, line.File), out var lines))
        {
            lines = new SourceLines
            {
                Source = line.SourceKey,
                File = line.File.ToString(),
                Location = line.Location,
                Format = line.Format,
            };
            _sources[(line.SourceKey, line.File)] = lines;
            _batch.Sources.Add(lines);
        }

        return lines;
    }
}
