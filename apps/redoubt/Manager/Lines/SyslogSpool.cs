using Microsoft.Extensions.Logging;
using Redoubt.Collect;

namespace Redoubt.App.Manager;

/// <summary>Where lines from the network wait for the analysis, on disk: nobody can send them again.</summary>
/// <remarks>Counts: <c>received = processed + shed + waiting</c>, where received holds what an earlier start has left. Threads: safe;
/// one task reads.</remarks>
internal sealed class SyslogSpool : IDisposable
{
    private readonly LineSpool _spool;
    private readonly SpoolGauge _gauge = new();
    private readonly Action<int> _tell;
    private readonly ILogger _log;
    private readonly SemaphoreSlim _filled = new(0, 1);
    private readonly Lock _lock = new();
    private TaskCompletionSource _room = NewSignal();
    private long _received;
    private long _processed;
    private long _shed;
    private long _read;
    private string? _problem;

    /// <param name="folder">Its own folder.</param>
    /// <param name="maxBytes">Bound on disk.</param>
    /// <param name="tell">Told when it has filled to 50, 70, 90 %, and 100 when a line found no room.</param>
    /// <param name="log">Told what an operator must know.</param>
    internal SyslogSpool(string folder, long maxBytes, Action<int> tell, ILogger log)
    {
        _spool = new LineSpool(folder, maxBytes);
        (_tell, _log, _received, _read) = (tell, log, _spool.Recovered, _spool.Start);
        if (_spool.BrokenSegments > 0)
            _log.SpoolDamaged(folder);

        if (_spool.Recovered > 0)
            Signal();
    }

    /// <summary>Names the spool; positions are within it.</summary>
    internal string Id => _spool.Id;

    internal (long Received, long Processed, long Shed) Counts =>
        (Interlocked.Read(ref _received), Interlocked.Read(ref _processed), Interlocked.Read(ref _shed));

    /// <summary>How full it is, percent.</summary>
    internal int Percent => (int)(_spool.Bytes * 100 / _spool.MaxBytes);

    /// <summary>Takes a line, or counts that there is no room for it.</summary>
    internal bool TryTake(SyslogLine line)
    {
        var isTaken = TryAppend(line);
        if (!isTaken)
        {
            Interlocked.Increment(ref _shed);
            Note(hasShed: true);
        }

        Interlocked.Increment(ref _received);
        return isTaken;
    }

    /// <summary>Takes a line as soon as there is room.</summary>
    internal async ValueTask TakeAsync(SyslogLine line, CancellationToken cancellation)
    {
        while (true)
        {
            Task room;
            lock (_lock)
                room = _room.Task;

            if (TryAppend(line))
            {
                Interlocked.Increment(ref _received);
                return;
            }

            // A disk that fails is tried again, for nobody tells when it is well.
            await Task.WhenAny(room, Task.Delay(TimeSpan.FromSeconds(1), cancellation)).ConfigureAwait(false);
            cancellation.ThrowIfCancellationRequested();
        }
    }

    /// <summary>Waits until there are lines.</summary>
    internal async Task WaitAsync(CancellationToken cancellation)
    {
        if (!_spool.TryRead(_read, out _, out _))
            await _filled.WaitAsync(cancellation);
    }

    /// <summary>Reads the next line.</summary>
    /// <param name="line">The line.</param>
    /// <param name="end">Its position.</param>
    internal bool TryRead(out SyslogLine line, out long end)
    {
        while (_spool.TryRead(_read, out var record, out end))
        {
            _read = end;
            if (SpooledLine.Read(record) is { } read)
            {
                line = read;
                return true;
            }

            Interlocked.Increment(ref _shed);
        }

        line = null!;
        return false;
    }

    /// <summary>Everything up to a position has been processed, and what follows from it is durable.</summary>
    internal void Release(long end, int lines)
    {
        Interlocked.Add(ref _processed, lines);
        _spool.Release(end);
        Note(hasShed: false);
        TaskCompletionSource room;
        lock (_lock)
            (room, _room) = (_room, NewSignal());

        room.SetResult();
    }

    public void Dispose() => _spool.Dispose();

    private bool TryAppend(SyslogLine line)
    {
        try
        {
            if (!_spool.TryAppend(SpooledLine.Write(line)))
                return false;

            _problem = null;
            Signal();
            Note(hasShed: false);
            return true;
        }
        catch (IOException e)
        {
            if (Interlocked.Exchange(ref _problem, e.Message) is null)
                _log.SpoolNotWritten(e.Message);

            return false;
        }
    }

    private void Note(bool hasShed)
    {
        int? level;
        lock (_lock)
            level = _gauge.Note(_spool.Bytes, _spool.MaxBytes, hasShed);

        if (level is { } news)
            _tell(news);
    }

    private void Signal()
    {
        lock (_lock)
        {
            if (_filled.CurrentCount == 0)
                _filled.Release();
        }
    }

    private static TaskCompletionSource NewSignal() => new(TaskCreationOptions.RunContinuationsAsynchronously);
}
