using Microsoft.Extensions.Logging;
using Redoubt.Collect.Native;

namespace Redoubt.Collect.Files;

/// <summary>Follows one path through everything that happens to log files: rotation, truncation, deletion, links, missing rights.</summary>
/// <remarks>
/// <see cref="_readers"/> are the open files in reading order. The last one is the file at the path unless it is retired; the others
/// were rotated away and are still read, for a writer may keep its old descriptor for a while, and are kept until acknowledged, so
/// that a rewind finds them. Order: everything in an older file is handed on before a newer one is read.
/// </remarks>
internal sealed partial class FileSource : Source, Inotify.IWatcher
{
    private const int MaxOpenFiles = 64;

    private readonly List<FileReader> _readers = [];
    private readonly WatchedFolders _folders;
    private readonly Inotify _inotify;
    private readonly TimeProvider _time;
    private readonly ILogger _log;
    private readonly LineReader _lines;
    private readonly string _path;
    private bool _isRestored;
    private bool _needsLook = true;

    internal FileSource(FileSourceOptions options, PositionStore positions, Inotify inotify, TimeProvider time, ILogger log)
        : base(options, positions)
    {
        _path = Path.GetFullPath(options.Path);
        _inotify = inotify;
        _time = time;
        _log = log;
        _folders = new WatchedFolders(_path, inotify, this);
        _lines = new LineReader(this, time);
    }

    private FileReader? Current => _readers.Count > 0 && !_readers[^1].IsRetired ? _readers[^1] : null;

    public override void Dispose()
    {
        foreach (var reader in _readers)
            Close(reader);
        _readers.Clear();
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
        if (!isRoutine && !_needsLook)
            return;

        _needsLook = false;
        IsReady = true;
        _folders.Watch();
        _isRestored = _isRestored || Restore();
        if (_isRestored)
            FollowPath();
        CloseFinished();
        CountOpenFiles(_readers.Count);
    }

    internal override bool Step(Delivery delivery)
    {
        Look(isRoutine: false);
        for (var i = 0; i < _readers.Count; i++)
        {
            var reader = _readers[i];
            switch (_lines.Read(reader, delivery))
            {
                case LineReader.Outcome.More:
                    return true;
                case LineReader.Outcome.Stopped:
                    return false;
                case LineReader.Outcome.Replaced:
                    ContentReplaced(reader);
                    return true;
                case LineReader.Outcome.Failed:
                    Fail(reader.Error);
                    break;
            }
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
        if (Current is { } current && current.Facts.IsSameFileAs(facts))
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

        Enter(SourceState.Reading);
        if (_readers.Find(reader => reader.Facts.IsSameFileAs(facts)) is { } known)
        {
            handle.Dispose();
            BringBack(known);
            return;
        }

        var fingerprint = Fingerprint.Of(handle);
        var offset = isFirstStart && Options.OnlyFutureEvents ? LineReader.StartOfLastLine(handle, facts.Size, Options.MaxLineBytes) : 0;
        var last = RetireCurrent();
        Start(new FileReader(handle, facts, Positions.Begin(Key, facts, offset, fingerprint), offset, fingerprint), _readers.Count);
        if (last is not null)
            AddUnseen(last, facts.BornNanoseconds);
        Log.Opened(_log, _path, facts.Inode, offset);
    }

    /// <summary>The path leads to a file again that had been rotated away.</summary>
    private void BringBack(FileReader known)
    {
        RetireCurrent();
        _readers.Remove(known);
        known.IsRetired = false;
        _readers.Add(known);
    }

    /// <returns>The newest file so far, now retired; null if there was none.</returns>
    private FileReader? RetireCurrent()
    {
        if (_readers.Count == 0)
            return null;

        Rotations++;
        Retire(_readers[^1]);
        return _readers[^1];
    }

    private void Retire(FileReader reader)
    {
        reader.IsRetired = true;
        reader.GrewAt = _time.GetTimestamp();
    }

    /// <summary>Takes up files that came after <paramref name="last"/> and were rotated away between two looks; they are read before
    /// the newest.</summary>
    private void AddUnseen(FileReader last, long bornUntil)
    {
        // A rotation in the middle of the search can hide a file from one pass; it shows in the next.
        const int maxPasses = 8;
        for (int pass = 0, quiet = 0; pass < maxPasses && quiet < 2; pass++, quiet++)
        {
            foreach (var file in RotatedFiles.Between(_path, last, bornUntil, IsOpenOrAtPath))
            {
                if (IsCopyOfCurrent(file.Fingerprint))
                {
                    file.Handle.Dispose();
                    continue;
                }

                var reader = new FileReader(file.Handle, file.Facts, Positions.Begin(Key, file.Facts, 0, file.Fingerprint), 0, file.Fingerprint);
                Retire(reader);
                Start(reader, _readers.Count - 1);
                Rotations++;
                quiet = -1;
            }
        }
    }

    /// <summary>Whether a file is the copy that a <c>copytruncate</c> is just making of the current one. Not read now: if the current one
    /// is truncated before it was read to its end, the copy is found then.</summary>
    private bool IsCopyOfCurrent(Fingerprint fingerprint)
    {
        var current = _readers[^1];
        _ = current.Fingerprint.Matches(current.Handle); // learns first bytes that have come since
        return current.Fingerprint.Resembles(fingerprint);
    }

    private bool IsOpenOrAtPath(FileFacts facts) =>
        _readers.Exists(reader => reader.Facts.IsSameFileAs(facts)) || FileFacts.OfPath(_path).IsSameFileAs(facts);

    private void ContentReplaced(FileReader reader)
    {
        Truncations++;
        var end = reader.LineStart;
        var stored = new Positions.FilePosition(reader.Identity, end, reader.Fingerprint.Length, reader.Fingerprint.Hash);
        var former = reader.Identity;
        var copied = RotatedFiles.LocateCopy(_path, stored, IsOpenOrAtPath);

        // Before other copies are searched: the next truncation is then recognised by what the file begins with now.
        reader.Restart(Positions.Begin(Key, FileFacts.Of(reader.Handle), 0, new Fingerprint()));
        if (copied is { } copy)
        {
            // copytruncate: what was not read, or not acknowledged, is in the copy at the same offsets, so it keeps its identity.
            var rest = new FileReader(copy.Handle, copy.Facts, former, end, copy.Fingerprint);
            Retire(rest);
            Start(rest, _readers.IndexOf(reader));
            if (!reader.IsRetired)
                AddUnseen(rest, long.MaxValue);
        }
        else
        {
            if (Positions.Acknowledged(Key, former) < end)
                LostFiles++;
            Positions.Finish(Key, former, end);
        }

        Log.Replaced(_log, _path, end);
    }

    /// <summary>Opens what the stored positions mean, or moves what is open there.</summary>
    /// <returns>False if the file at the path is the right one and cannot be opened yet.</returns>
    private bool Restore()
    {
        var open = _readers.ToList();
        _readers.Clear();
        var isComplete = true;
        bool IsTaken(FileFacts facts) => _readers.Concat(open).Any(reader => reader.Facts.IsSameFileAs(facts));

        // Newest first: it has the best claim to the file at the path.
        foreach (var stored in Positions.Get(Key).Reverse())
        {
            if (open.Find(reader => reader.Identity == stored.File) is { } reader)
            {
                open.Remove(reader);
                reader.MoveTo(stored.Offset);
                _readers.Insert(0, reader);
            }
            else if (RotatedFiles.Locate(_path, stored, IsTaken, out var isUnreadable) is { } file)
                Start(new FileReader(file.Handle, file.Facts, stored.File, stored.Offset, file.Fingerprint), 0);
            else if (isUnreadable)
                isComplete = false;
            else
                GiveUp(stored);
        }

        foreach (var reader in open)
            Close(reader);

        var atPath = FileFacts.OfPath(_path);
        foreach (var reader in _readers)
        {
            reader.IsRetired = !reader.Facts.IsSameFileAs(atPath);
            reader.GrewAt = _time.GetTimestamp();
        }

        if (_readers.Find(reader => !reader.IsRetired) is { } current)
        {
            _readers.Remove(current);
            _readers.Add(current);
        }

        if (!isComplete)
            Fail(Libc.EACCES);
        return isComplete;
    }

    private void GiveUp(Positions.FilePosition stored)
    {
        LostFiles++;
        Positions.Finish(Key, stored.File, 0);
        Log.Gone(_log, _path, stored.File.Inode, stored.Offset);
    }

    private void Start(FileReader reader, int place)
    {
        _readers.Insert(place, reader);
        reader.Watch = _inotify.Add(reader.Handle, Inotify.FileMask, this);
        reader.Fingerprint.SavedLength = reader.Fingerprint.Length;
        IsReady = true;
    }

    private void Close(FileReader reader)
    {
        _inotify.Remove(reader.Watch, this);
        reader.Dispose();
    }

    /// <summary>Closes rotated files that are read, acknowledged and quiet.</summary>
    private void CloseFinished()
    {
        for (var i = 0; i < _readers.Count; i++)
        {
            var reader = _readers[i];
            var mustGo = _readers.Count > MaxOpenFiles;
            if (!reader.IsRetired || !reader.IsDrained)
                continue;

            var isDone = Positions.Acknowledged(Key, reader.Identity) >= reader.LineStart
                && _time.GetElapsedTime(reader.GrewAt) >= ((FileSourceOptions)Options).FollowRotatedFor;
            if (!isDone && !mustGo)
                continue;

            if (FileFacts.Of(reader.Handle).Size > reader.LineStart)
            {
                UnfinishedLines++;
                Log.Unfinished(_log, _path, reader.LineStart);
            }

            if (isDone)
                Positions.Finish(Key, reader.Identity, reader.LineStart);
            Close(reader);
            _readers.RemoveAt(i--);
        }
    }

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
