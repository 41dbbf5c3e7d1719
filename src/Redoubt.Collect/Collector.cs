using System.Diagnostics;
using System.Runtime.InteropServices;
using Microsoft.Extensions.Logging;
using Redoubt.Collect.Commands;
using Redoubt.Collect.Files;
using Redoubt.Collect.Journald;
using Redoubt.Collect.Native;

namespace Redoubt.Collect;

/// <summary>Follows all configured sources on one thread and hands their lines to the sink.</summary>
/// <remarks>
/// Latency: inotify wakes the thread, a line is handed on within microseconds of being written; a look every second makes up for file
/// systems that send no notices (every 50 ms where the kernel gives no watches). Fairness: one buffer a source and turn.
/// Memory: one buffer for all (128 KiB, or as the longest line asks), some hundred bytes a file; nothing is allocated for a line of a file.
/// Threads: every member may be called from any thread, also from within the sink, except <see cref="DisposeAsync"/>.
/// Order: the lines of a file come in order, and those of a rotated file before those of its successor.
/// </remarks>
public sealed partial class Collector : IAsyncDisposable
{
    private const int LookEveryMilliseconds = 1000;
    private const int LookEveryMillisecondsWithoutNotices = 50;

    /// <summary>Sources with a descriptor of their own that wake the thread; the others wait for the one-second look.</summary>
    private const int MaxOwnDescriptors = 30;

    private readonly PositionStore _positions;
    private readonly TimeProvider _time;
    private readonly ILogger _log;
    private readonly JournalWitness _witness;
    private readonly OutputSockets _sockets;
    private readonly Delivery _delivery;
    private readonly Inotify _inotify = new();
    private readonly WakeUp _wakeUp = new();
    private readonly Lock _gate = new();
    private readonly Queue<(IReadOnlyList<SourceOptions> Sources, TaskCompletionSource Done)> _changes = new();
    private readonly TaskCompletionSource _ended = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly HashSet<string> _fileKeys = new(StringComparer.Ordinal);
    private readonly Thread _thread;
    private volatile Source[] _sources = [];
    private volatile bool _isEnding;
    private volatile int _pass;
    private bool _hasToldOfPolling;

    /// <summary>Starts the reader thread, with no sources yet.</summary>
    /// <param name="sink">Takes the lines.</param>
    /// <param name="positions">Where to begin, and what is acknowledged. Stays the caller's; dispose it after the collector.</param>
    /// <param name="time">Stamps arrivals.</param>
    /// <param name="log">Told what an operator must know.</param>
    /// <param name="journalFolder">Where the journal is that is asked who wrote the lines of a syslog daemon; null: this host's.</param>
    /// <exception cref="IOException">The kernel gives no event descriptor.</exception>
    public Collector(ICollectedLines sink, PositionStore positions, TimeProvider time, ILogger log, string? journalFolder = null)
    {
        _positions = positions;
        _time = time;
        _log = log;
        _witness = new JournalWitness(journalFolder, time, log);
        _sockets = new OutputSockets(time, log);
        _delivery = new Delivery(sink, _witness, _sockets, new OutputSurroundings(time, () => HostAddress()), time, log);
        _thread = new Thread(Run) { IsBackground = true, Name = "collect" };
        _thread.Start();
    }

    /// <summary>Told on the reader thread when what a command has said and is not acknowledged fills its spool: the source's location, and 50, 70
    /// or 90 %, or 100 when something was shed. Set before the first sources.</summary>
    public Action<string, int>? SpoolFilled { get; set; }

    /// <summary>Asked on the reader thread for the host's main address, which templates may name; default: none. Set before the first sources.</summary>
    public Func<string> HostAddress { get; set; } = static () => string.Empty;

    /// <summary>Called on the reader thread with every turn, once a second at least unless the sink blocks; takes no time. Set before the first sources.</summary>
    public Action? WentRound { get; set; }

    /// <summary>A snapshot of every source.</summary>
    public IReadOnlyList<SourceStatus> Status => [.. _sources.SelectMany(source => source.Statuses)];

    /// <summary>Done when the reader thread has ended: after <see cref="DisposeAsync"/>, or failed because of a bug of ours, and then
    /// nothing is collected any more.</summary>
    public Task Completion => _ended.Task;

    /// <summary>Makes these the sources: one that was there goes on where it is, also with other options; one that is missing from the
    /// list is closed and its position forgotten; one named twice is read once, as first named.</summary>
    /// <returns>Done when the reader thread has taken them up: files that exist are open and, on a first start, their ends stored, so
    /// that every later line is read. Not done while the sink blocks.</returns>
    /// <exception cref="ArgumentOutOfRangeException">A line limit out of range.</exception>
    public Task ApplyAsync(IReadOnlyList<SourceOptions> sources)
    {
        foreach (var source in sources)
        {
            ArgumentOutOfRangeException.ThrowIfLessThan(source.MaxLineBytes, 64);
            ArgumentOutOfRangeException.ThrowIfGreaterThan(source.MaxLineBytes, 16 * 1024 * 1024);
        }

        var done = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        lock (_gate)
        {
            ObjectDisposedException.ThrowIf(_isEnding, this);
            _changes.Enqueue((sources, done));
            Request();
        }

        return done.Task;
    }

    /// <summary>Reads again from the acknowledged positions, for example after a broken connection, and ends a pause.</summary>
    /// <returns>The number that <see cref="CollectedLine.Pass"/> has from then on; lines with a smaller one come again.</returns>
    public int Rewind()
    {
        lock (_gate)
        {
            ObjectDisposedException.ThrowIf(_isEnding, this);
            var pass = ++_pass;
            Request();
            return pass;
        }
    }

    /// <summary>Ends the reader thread. Waits for a line that the sink holds.</summary>
    public async ValueTask DisposeAsync()
    {
        lock (_gate)
        {
            if (!_isEnding)
            {
                _isEnding = true;
                Request();
            }
        }

        await _ended.Task.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
    }

    private void Request()
    {
        _delivery.Interrupt();
        _wakeUp.Set();
    }

    private void Run()
    {
        Exception? failure = null;
        try
        {
            Follow();
        }
        catch (Exception error)
        {
            Log.ReaderFailed(_log, error);
            failure = error;
        }

        foreach (var source in _sources)
            source.Dispose();
        _inotify.Dispose();
        _witness.Dispose();
        _sockets.Dispose();
        lock (_gate)
        {
            _isEnding = true;
            _wakeUp.Dispose();
            while (_changes.TryDequeue(out var change))
                change.Done.SetCanceled();
        }

        if (failure is null)
            _ended.SetResult();
        else
            _ended.SetException(failure);
    }

    private void Follow()
    {
        var lastLook = 0L;
        while (true)
        {
            TakeRequests();
            if (_isEnding)
                return;

            WentRound?.Invoke();

            var every = MillisecondsBetweenLooks();
            if (Stopwatch.GetElapsedTime(lastLook).TotalMilliseconds >= every)
            {
                foreach (var source in _sources)
                    source.Look(isRoutine: true);
                lastLook = Stopwatch.GetTimestamp();
            }

            Wait(StepAll() ? 0 : every);
        }
    }

    /// <summary>Gives every source that has something its turn.</summary>
    /// <returns>Whether one of them has more.</returns>
    private bool StepAll()
    {
        var hasMore = false;
        foreach (var source in _sources)
        {
            if (!source.IsReady)
                continue;

            if (_delivery.IsPaused)
                source.Look(isRoutine: false); // rotations are followed in a pause, too
            else
                source.IsReady = source.Step(_delivery);
            hasMore |= source.IsReady && !_delivery.IsPaused;
        }

        return hasMore;
    }

    private void TakeRequests()
    {
        _delivery.Resume(); // before the requests are read: one that comes later interrupts again
        while (true)
        {
            (IReadOnlyList<SourceOptions> Sources, TaskCompletionSource Done) change;
            lock (_gate)
            {
                if (!_changes.TryDequeue(out change))
                    break;
            }

            Take(change.Sources);
            change.Done.SetResult();
        }

        var pass = _pass;
        if (pass != _delivery.Pass)
        {
            _delivery.Pass = pass;
            _delivery.IsPaused = false;
            foreach (var source in _sources)
                source.Rewind();
        }

        // A step that was interrupted has not said whether it had more.
        foreach (var source in _sources)
            source.IsReady = true;
    }

    private void Take(IReadOnlyList<SourceOptions> wanted)
    {
        var former = _sources.ToDictionary(source => source.Key, StringComparer.Ordinal);
        var taken = new Dictionary<string, Source>(StringComparer.Ordinal);
        foreach (var options in wanted)
        {
            if (taken.ContainsKey(options.Key))
            {
                Log.NamedTwice(_log, options.Location);
                continue;
            }

            if (former.Remove(options.Key, out var source))
                source.Options = options;
            else
                source = Make(options);
            taken.Add(options.Key, source);
        }

        _sources = [.. taken.Values];
        _sockets.Keep(wanted);
        var patterns = _sources.OfType<PatternSource>().ToArray();
        foreach (var source in former.Values)
        {
            // A file that a pattern still covers goes on where it is.
            if (source is not FileSource || patterns.Length == 0)
                source.Forget();
            source.Dispose();
            _fileKeys.Remove(source.Key);
        }

        foreach (var source in _sources.OfType<FileSource>())
        {
            _fileKeys.Add(source.Key);
            foreach (var pattern in patterns)
                pattern.LeaveTo(source);
        }

        foreach (var source in _sources)
            source.Look(isRoutine: true);
    }

    private Source Make(SourceOptions options) =>
        options switch
        {
            CommandSourceOptions command => new CommandSource(
                command,
                _positions,
                _time,
                _log,
                _wakeUp.Set,
                (where, level) => SpoolFilled?.Invoke(where, level)
            ),
            JournaldSourceOptions journal => new JournaldSource(journal, _positions, _time, _log),
            FileSourceOptions file when PathPattern.IsPattern(file.Path) => new PatternSource(
                file,
                _positions,
                _fileKeys,
                _inotify,
                _time,
                _log
            ),
            FileSourceOptions file => new FileSource(file, _positions, _inotify, _time, _log),
            _ => throw new UnreachableException(options.GetType().Name),
        };

    private int MillisecondsBetweenLooks()
    {
        var error = _inotify.Error ?? _inotify.WatchError;
        if (error is null)
            return LookEveryMilliseconds;

        if (!_hasToldOfPolling)
            Log.Polling(_log, error, LookEveryMillisecondsWithoutNotices);
        _hasToldOfPolling = true;
        return LookEveryMillisecondsWithoutNotices;
    }

    private unsafe void Wait(int milliseconds)
    {
        var sources = _sources;
        Span<Libc.PollEntry> entries = stackalloc Libc.PollEntry[2 + MaxOwnDescriptors];
        Span<int> owners = stackalloc int[MaxOwnDescriptors];
        var own = 0;
        entries[0] = new Libc.PollEntry { Descriptor = _wakeUp.Descriptor, Events = Libc.PollIn };
        entries[1] = new Libc.PollEntry { Descriptor = _inotify.Descriptor, Events = Libc.PollIn };
        for (var i = 0; i < sources.Length && own < MaxOwnDescriptors; i++)
        {
            if (sources[i].Descriptor < 0)
                continue;
            entries[2 + own] = new Libc.PollEntry { Descriptor = sources[i].Descriptor, Events = Libc.PollIn };
            owners[own++] = i;
        }

        fixed (Libc.PollEntry* first = entries)
        {
            if (Libc.poll(first, (nuint)(2 + own), milliseconds) <= 0)
                return;
        }

        for (var i = 0; i < own; i++)
            sources[owners[i]].IsReady |= entries[2 + i].Returned != 0;

        if (entries[0].Returned != 0)
            _wakeUp.Clear();
        if (entries[1].Returned != 0 && !_inotify.Dispatch())
        {
            foreach (var source in sources)
                source.Look(isRoutine: true);
        }
    }
}
