namespace Redoubt.Collect;

/// <summary>Something the reader thread reads lines from.</summary>
/// <remarks>Threads: only the reader thread calls it, except <see cref="Statuses"/>, which any thread may.</remarks>
internal abstract class Source(SourceOptions options, PositionStore positions) : IDisposable
{
    private volatile SourceOptions _options = options;
    private volatile string? _problem;
    private int _state = (int)SourceState.Waiting;
    private bool _hasEntered;

    internal string Key { get; } = options.Key;

    internal SourceOptions Options
    {
        get => _options;
        set => _options = value;
    }

    internal PositionStore Positions { get; } = positions;

    /// <summary>Whether <see cref="Step"/> may find something; set by notices and by the one-second look.</summary>
    internal virtual bool IsReady { get; set; } = true;

    /// <summary>A descriptor whose readiness means work for this source alone; -1 if there is none.</summary>
    internal virtual int Descriptor => -1;

    internal SourceState State => (SourceState)Volatile.Read(ref _state);

    protected SourceCounters Counters { get; } = new();

    /// <summary>What has gone to its sockets.</summary>
    internal SentRecords Sent { get; } = new();

    /// <summary>What it has done; a source of several files says it for each.</summary>
    internal virtual IEnumerable<SourceStatus> Statuses => [Status];

    private SourceStatus Status =>
        new()
        {
            SourceKey = Key,
            Location = Options.Location,
            State = State,
            Problem = _problem,
            Lines = Volatile.Read(ref Counters.Lines),
            Bytes = Volatile.Read(ref Counters.Bytes),
            TruncatedLines = Volatile.Read(ref Counters.TruncatedLines),
            FilteredLines = Volatile.Read(ref Counters.FilteredLines),
            ShedLines = Volatile.Read(ref Counters.ShedLines),
            UnsentToSockets = Volatile.Read(ref Counters.UnsentToSockets),
            Rotations = Volatile.Read(ref Counters.Rotations),
            Truncations = Volatile.Read(ref Counters.Truncations),
            UnfinishedLines = Volatile.Read(ref Counters.UnfinishedLines),
            LostFiles = Volatile.Read(ref Counters.LostFiles),
            OpenFiles = Volatile.Read(ref Counters.OpenFiles),
        };

    public abstract void Dispose();

    /// <summary>Forgets its positions, because it is no longer configured.</summary>
    internal virtual void Forget() => Positions.Forget(Key);

    /// <summary>Looks whether what should be read is there, is another, or has gone; once a second and after notices.</summary>
    /// <param name="isRoutine">Whether this is the one-second look, which makes up for notices that were not given.</param>
    internal abstract void Look(bool isRoutine);

    /// <summary>Reads one buffer and hands its lines on.</summary>
    /// <returns>Whether there is more to read at once.</returns>
    internal abstract bool Step(Delivery delivery);

    /// <summary>Goes back to the acknowledged positions.</summary>
    internal abstract void Rewind();

    /// <summary>Whether the configuration says to send the record; one that is not wanted is counted.</summary>
    internal bool IsWanted(ReadOnlySpan<byte> text)
    {
        if (Options.Filter is not { } filter || filter.Passes(text))
            return true;

        Counters.FilteredLines++;
        return false;
    }

    internal void CountUnsent() => Counters.UnsentToSockets++;

    internal void Count(long bytes, bool truncated)
    {
        Counters.Lines++;
        Counters.Bytes += bytes;
        if (truncated)
            Counters.TruncatedLines++;
    }

    /// <summary>Changes the state.</summary>
    /// <returns>Whether this is news that belongs into the log.</returns>
    protected bool Enter(SourceState state, string? problem = null)
    {
        var isNews = !_hasEntered || State != state || !string.Equals(_problem, problem, StringComparison.Ordinal);
        _hasEntered = true;
        _problem = problem;
        Volatile.Write(ref _state, (int)state);
        return isNews;
    }
}
