using Microsoft.Extensions.Logging;
using Redoubt.Collect.Formats;
using Redoubt.Collect.Native;

namespace Redoubt.Collect.Files;

/// <summary>Follows one path through everything that happens to log files: rotation, truncation, deletion, links, missing rights.</summary>
/// <remarks>Order: everything in an older file is handed on before a newer one is read.</remarks>
internal sealed partial class FileSource : Source, Inotify.IWatcher
{
    private readonly OpenFiles _files;
    private readonly WatchedFolders _folders;
    private readonly ILogger _log;
    private readonly TimeProvider _time;
    private LineReader _lines;
    private (string Format, MultilineOptions? Multiline, string Labels) _format;
    private readonly string _path;
    private bool _isRestored;
    private bool _needsLook = true;

    internal FileSource(FileSourceOptions options, PositionStore positions, Inotify inotify, TimeProvider time, ILogger log)
        : base(options, positions)
    {
        _path = Path.GetFullPath(options.Path);
        _log = log;
        _files = new OpenFiles(_path, Key, positions, Counters, inotify, this, time, log);
        _folders = new WatchedFolders(_path, inotify, this);
        _time = time;
        _format = FormatOf(options);
        _lines = new LineReader(this, RecordFormat.Of(options, time), time);
    }

    internal string FilePath => _path;

    /// <summary>Whether everything there is has been read and acknowledged.</summary>
    internal bool IsSettled => _isRestored && _files.IsSettled;

    public override void Dispose()
    {
        _files.Dispose();
        _folders.Dispose();
    }

    void Inotify.IWatcher.Noticed(uint mask, ReadOnlySpan<byte> name)
    {
        if (!name.IsEmpty && !_folders.IsOfInterest(name))
            return;
        IsReady = true;
        _needsLook |= mask != Inotify.Modify;
    }

    internal override void Look(bool isRoutine)
    {
        IsReady |= isRoutine && HasDue;
        if (!isRoutine && !_needsLook)
            return;

        _needsLook = false;
        IsReady = true;
        _folders.Watch();
        _isRestored = _isRestored || _files.Restore();
        if (_isRestored)
            FollowPath();
        else
            Fail(Libc.EACCES);
        _files.CloseFinished(((FileSourceOptions)Options).FollowRotatedFor);
        Volatile.Write(ref Counters.OpenFiles, _files.Count);
    }

    // Other options may have come with a reload.
    private void UseFormat()
    {
        var options = (FileSourceOptions)Options;
        if (_format == FormatOf(options))
            return;

        _format = FormatOf(options);
        _lines = new LineReader(this, RecordFormat.Of(options, _time), _time);
        for (var i = 0; i < _files.Count; i++)
            _files[i].MoveTo(_files[i].RecordStart);
    }

    private static (string Format, MultilineOptions? Multiline, string Labels) FormatOf(FileSourceOptions options) =>
        (options.Format, options.Multiline, string.Join('\n', options.Labels));

    private bool HasDue
    {
        get
        {
            for (var i = 0; i < _files.Count; i++)
            {
                if (_lines.IsDue(_files[i].Pending))
                    return true;
            }

            return false;
        }
    }

    internal override bool Step(Delivery delivery)
    {
        UseFormat();
        Look(isRoutine: false);
        for (var i = 0; i < _files.Count; i++)
        {
            var reader = _files[i];
            _files.LookForFirstBytes(reader);
            reader = _files[i];
            switch (_lines.Read(reader, delivery))
            {
                case LineReader.Outcome.More:
                    return true;
                case LineReader.Outcome.Stopped:
                    return false;
                case LineReader.Outcome.Replaced:
                    // What was read of the old content is whole; a record that a copy of it goes on with begins there anew.
                    _files.ContentReplaced(reader);
                    return true;
                case LineReader.Outcome.Failed:
                    Fail(reader.Error);
                    break;
            }

            if (!_lines.Flush(reader, delivery, isEnd: reader is { IsRetired: true, IsDrained: true }))
                return false;
        }

        return false;
    }

    internal override void Rewind()
    {
        _isRestored = false;
        Look(isRoutine: true);
    }

    private void FollowPath()
    {
        var facts = FileFacts.OfPath(_path);
        if (_files.Current is { } current && current.Facts.IsSameFileAs(facts))
            ReadsOrFails(current.Error);
        else if (facts.IsMissing)
            PathIsMissing();
        else if (!facts.Exists)
            PathFails(facts.Error);
        else if (!facts.IsRegular)
            NotAFile();
        else
            OpenPath(facts);
    }

    private void ReadsOrFails(int error)
    {
        if (error != 0)
            Fail(error);
        else
            Enter(SourceState.Reading);
    }

    private void PathIsMissing()
    {
        Positions.Know(Key);
        if (Enter(SourceState.Waiting))
            Log.Missing(_log, _path);
    }

    private void PathFails(int error)
    {
        // A circle of links hides no file. Behind a closed folder one may stand, so that start is still the first.
        if (error == Libc.ELOOP)
            Positions.Know(Key);
        Fail(error);
    }

    private void NotAFile()
    {
        Positions.Know(Key);
        if (Enter(SourceState.Failed, "it is no regular file; put a log file there"))
            Log.NotAFile(_log, _path);
    }

    private void IsBinary()
    {
        Positions.Know(Key);
        if (Enter(SourceState.Failed, "its content is binary, and ignore_binaries says not to read such a file"))
            Log.Binary(_log, _path);
    }

    private void OpenPath(FileFacts seen)
    {
        var isFirstStart = !Positions.IsKnown(Key);
        var handle = Libc.Open(_path, out var error);
        if (handle is null)
        {
            // Its end is remembered now, so that what is written until the rights are put right is not lost.
            if (isFirstStart && error == Libc.EACCES)
            {
                Positions.Begin(Key, seen, Options.OnlyFutureEvents ? seen.Size : 0, new Fingerprint());
                _isRestored = false;
            }

            if (error is not (Libc.ENOENT or Libc.ENOTDIR))
                Fail(error);
            return;
        }

        var facts = FileFacts.Of(handle);
        if (!facts.IsRegular)
        {
            handle.Dispose();
            _needsLook = true; // it changed between the two looks
            return;
        }

        if (((FileSourceOptions)Options).IgnoresBinaries && BinaryContent.Is(handle))
        {
            handle.Dispose();
            IsBinary();
            return;
        }

        Enter(SourceState.Reading);
        if (_files.Find(facts) is { } known)
        {
            handle.Dispose();
            _files.BringBack(known);
            return;
        }

        var offset =
            (isFirstStart && Options.OnlyFutureEvents) || IsTooOld(facts)
                ? LineReader.StartOfLastLine(handle, facts.Size, Options.MaxLineBytes)
                : 0;
        _files.Begin(handle, facts, offset);
        IsReady = true;
        Log.Opened(_log, _path, facts.Inode, offset);
    }

    private bool IsTooOld(FileFacts facts) =>
        ((FileSourceOptions)Options).MaxAge is { } age
        && _time.GetUtcNow() - DateTimeOffset.UnixEpoch - new TimeSpan(facts.ModifiedNanoseconds / TimeSpan.NanosecondsPerTick) > age;

    private void Fail(int error)
    {
        var problem = error switch
        {
            Libc.EACCES => "no permission; add our user to the group that may read it (often adm), or change its mode",
            Libc.ELOOP => "its symbolic links lead in a circle; set them right",
            _ => $"{System.Runtime.InteropServices.Marshal.GetPInvokeErrorMessage(error)} (error {error})",
        };
        if (Enter(SourceState.Failed, problem))
            Log.CannotRead(_log, _path, problem);
    }
}
