using Microsoft.Extensions.Logging;
using Redoubt.Collect.Native;

namespace Redoubt.Collect.Files;

/// <summary>Follows every file that matches a path with wildcards or date codes, as a <see cref="FileSource"/> each.</summary>
/// <remarks>
/// Matches are searched once a second and when a file comes or goes in the pattern's folder. On the first start ever the files that
/// exist begin at their ends; one that comes later is read from its beginning, also if it came while we were stopped.
/// </remarks>
internal sealed partial class PatternSource(
    FileSourceOptions options,
    PositionStore positions,
    HashSet<string> keysInUse,
    Inotify inotify,
    TimeProvider time,
    ILogger log
) : Source(options, positions), Inotify.IWatcher
{
    private const int MaxFiles = 1000;

    private readonly Dictionary<string, long> _leftAt = new(StringComparer.Ordinal);
    private volatile FileSource[] _files = [];
    private int _watch = -1;
    private bool _needsLook = true;
    private bool _isReady = true;
    private bool _isStarted;
    private bool _hasToldOfLimit;

    internal override bool IsReady
    {
        get => _isReady || Array.Exists(_files, file => file.IsReady);
        set
        {
            _isReady = value;
            foreach (var file in _files)
                file.IsReady |= value;
        }
    }

    internal override IEnumerable<SourceStatus> Statuses =>
        _files is { Length: > 0 } files ? files.SelectMany(file => file.Statuses) : base.Statuses;

    public override void Dispose()
    {
        foreach (var file in _files)
        {
            file.Dispose();
            keysInUse.Remove(file.Key);
        }

        _files = [];
        inotify.Remove(_watch, this);
    }

    void Inotify.IWatcher.Noticed(uint mask, ReadOnlySpan<byte> name)
    {
        // The watch is shared with those of the files, so the mask is theirs too; changed rights make no new match.
        if (mask != Inotify.Attributes)
            _needsLook = _isReady = true;
    }

    /// <summary>Gives up a file that has been configured by its own name.</summary>
    internal void LeaveTo(FileSource other)
    {
        foreach (var file in _files.Where(file => file.Key == other.Key))
            file.Dispose();
        _files = [.. _files.Where(file => file.Key != other.Key)];
    }

    internal override void Forget()
    {
        foreach (var file in _files)
            Positions.Forget(file.Key);
        base.Forget();
    }

    internal override void Look(bool isRoutine)
    {
        if (isRoutine || _needsLook)
            Expand();
        foreach (var file in _files)
            file.Look(isRoutine);
    }

    internal override bool Step(Delivery delivery)
    {
        Look(isRoutine: false);
        foreach (var file in _files)
        {
            if (file.IsReady)
                file.IsReady = file.Step(delivery);
        }

        return false; // what a file has left, it says itself
    }

    internal override void Rewind()
    {
        foreach (var file in _files)
            file.Rewind();
    }

    private void Expand()
    {
        _needsLook = false;
        var now = TimeZoneInfo.ConvertTime(time.GetUtcNow(), time.LocalTimeZone);
        var configured = (FileSourceOptions)Options;
        var pattern = DateCodes.Expand(configured.Path, now);
        Watch(pattern);

        var wanted = PathPattern.Match(pattern, _files.Select(file => file.FilePath));
        if (configured.Exclude is { } exclude)
            wanted = [.. wanted.Except(PathPattern.Match(DateCodes.Expand(exclude, now), []), StringComparer.Ordinal)];
        if (!_isStarted)
            wanted.AddRange(Unfinished(configured.Path, now).Except(wanted, StringComparer.Ordinal).ToList());
        var isFirstStart = !Positions.IsKnown(Key);
        Positions.Know(Key);

        var names = wanted.ToHashSet(StringComparer.Ordinal);
        List<FileSource> files = [.. _files.Where(file => IsKept(file, names, configured))];
        var known = files.ToDictionary(file => file.Key, StringComparer.Ordinal);
        foreach (var path in wanted)
        {
            var file = configured with
            {
                Path = path,
                Location = LocationOf(path, configured),
                OnlyFutureEvents = configured.OnlyFutureEvents && isFirstStart,
            };
            if (known.TryGetValue(file.Key, out var former))
                former.Options = file;
            else if (files.Count >= MaxFiles)
                TellOfLimit();
            else if (keysInUse.Add(file.Key))
                files.Add(new FileSource(file, Positions, inotify, time, log));
        }

        if (Enter(files.Count > 0 ? SourceState.Reading : SourceState.Waiting) && files.Count == 0)
            Log.NothingMatches(log, pattern);
        _files = [.. files];
        _isStarted = true;
    }

    /// <summary>Files of a former date whose lines may not all have been acknowledged before the last stop.</summary>
    private IEnumerable<string> Unfinished(string path, DateTimeOffset now) =>
        path.Contains('%', StringComparison.Ordinal)
            ? new[] { TimeSpan.FromDays(1), TimeSpan.FromHours(1) }
                .SelectMany(ago => PathPattern.Match(DateCodes.Expand(path, now - ago), []))
                .Where(former => Positions.IsKnown(new FileSourceOptions { Path = former, Location = former }.Key))
                .Distinct(StringComparer.Ordinal)
            : [];

    /// <summary>A file that matches no longer is kept until it is read, acknowledged and has been so for a while.</summary>
    private bool IsKept(FileSource file, HashSet<string> wanted, FileSourceOptions configured)
    {
        if (wanted.Contains(file.FilePath))
        {
            _leftAt.Remove(file.Key);
            return true;
        }

        if (!_leftAt.TryGetValue(file.Key, out var leftAt))
            _leftAt[file.Key] = leftAt = time.GetTimestamp();
        if (!file.IsSettled || time.GetElapsedTime(leftAt) < configured.FollowRotatedFor)
            return true;

        _leftAt.Remove(file.Key);
        keysInUse.Remove(file.Key);
        file.Dispose();
        if (!File.Exists(file.FilePath))
            Positions.Forget(file.Key); // one of that name that comes later is another
        return false;
    }

    private void Watch(string pattern)
    {
        var folder = Path.GetDirectoryName(pattern)!;
        var watch = PathPattern.HasWildcards(folder) ? -1 : inotify.Add(folder, Inotify.FolderMask, this);
        if (watch != _watch)
            inotify.Remove(_watch, this);
        _watch = watch;
    }

    /// <summary>The file as an alert names it: in the configured folder where only the name is a pattern.</summary>
    private static string LocationOf(string path, FileSourceOptions configured)
    {
        var folder = Path.GetDirectoryName(configured.Location) ?? "";
        return PathPattern.IsPattern(Path.GetDirectoryName(configured.Path)!) || PathPattern.IsPattern(folder)
            ? path
            : Path.Combine(folder, Path.GetFileName(path));
    }

    private void TellOfLimit()
    {
        if (!_hasToldOfLimit)
            Log.TooMany(log, Options.Location, MaxFiles);
        _hasToldOfLimit = true;
    }

    // Event ids 1050-1059.
    private static partial class Log
    {
        [LoggerMessage(1050, LogLevel.Information, "No file matches {Pattern}; files are read as soon as they appear")]
        internal static partial void NothingMatches(ILogger logger, string pattern);

        [LoggerMessage(
            1051,
            LogLevel.Error,
            "{Location} matches more than {Max} files; the others are NOT read. Make the pattern narrower"
        )]
        internal static partial void TooMany(ILogger logger, string location, int max);
    }
}
