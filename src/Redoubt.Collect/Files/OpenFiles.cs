using Microsoft.Extensions.Logging;
using Microsoft.Win32.SafeHandles;
using Redoubt.Collect.Native;
using Redoubt.Collect.Positions;

namespace Redoubt.Collect.Files;

/// <summary>The open files of one source, in reading order.</summary>
/// <remarks>
/// The last one is the file at the path unless it is retired; the others were rotated away and are still read, for a writer may keep
/// its old descriptor for a while, and are kept until acknowledged, so that a rewind finds them.
/// </remarks>
internal sealed class OpenFiles(
    string path,
    string key,
    PositionStore positions,
    SourceCounters counters,
    Inotify inotify,
    Inotify.IWatcher watcher,
    TimeProvider time,
    ILogger log
) : IDisposable
{
    private const int MaxOpenFiles = 64;

    private readonly List<FileReader> _readers = [];

    internal int Count => _readers.Count;

    internal bool IsSettled => _readers.TrueForAll(reader => reader.IsDrained && IsDelivered(reader));

    private bool IsDelivered(FileReader reader) =>
        reader.Pending.IsEmpty && positions.Acknowledged(key, reader.Identity) >= reader.HandedOn;

    internal FileReader? Current => _readers.Count > 0 && !_readers[^1].IsRetired ? _readers[^1] : null;

    internal FileReader this[int index] => _readers[index];

    public void Dispose()
    {
        foreach (var reader in _readers)
            Close(reader);
        _readers.Clear();
    }

    internal FileReader? Find(FileFacts facts) => _readers.Find(reader => reader.Facts.IsSameFileAs(facts));

    /// <summary>Takes up the file that is now at the path.</summary>
    internal void Begin(SafeFileHandle handle, FileFacts facts, long offset)
    {
        var fingerprint = Fingerprint.Of(handle);
        var last = RetireLast();
        Start(new FileReader(handle, facts, positions.Begin(key, facts, offset, fingerprint), offset, fingerprint), _readers.Count);
        if (last is not null)
            AddUnseen(last, IsCopiedAway(last, facts) ? long.MaxValue : facts.BornNanoseconds);
    }

    // With copytruncate the log itself is older than every rotated file; else it is younger.
    private static bool IsCopiedAway(FileReader rotated, FileFacts log) => rotated.Facts.BornNanoseconds > log.BornNanoseconds;

    /// <summary>Looks whether the file at the path has got its first bytes; contents that came and went before them stand in copies.</summary>
    internal void LookForFirstBytes(FileReader reader)
    {
        if (reader.Fingerprint.Length == 0 && reader.Fingerprint.Matches(reader.Handle) && reader.Fingerprint.Length > 0)
            AddUnseenCopies();
    }

    // Copies of a log are made in order and are quiet from the beginning: none behind the last one known has been read and closed.
    private void AddUnseenCopies()
    {
        if (Current is { } current && _readers.Count > 1 && IsCopiedAway(_readers[^2], current.Facts))
            AddUnseen(_readers[^2], long.MaxValue);
    }

    /// <summary>The path leads to a file again that had been rotated away.</summary>
    internal void BringBack(FileReader known)
    {
        RetireLast();
        _readers.Remove(known);
        known.IsRetired = false;
        _readers.Add(known);
    }

    /// <returns>The newest file so far, now retired; null if there was none.</returns>
    private FileReader? RetireLast()
    {
        if (_readers.Count == 0)
            return null;

        counters.Rotations++;
        Retire(_readers[^1]);
        return _readers[^1];
    }

    private void Retire(FileReader reader)
    {
        reader.IsRetired = true;
        reader.GrewAt = time.GetTimestamp();
    }

    /// <summary>Takes up files that came after <paramref name="last"/> and were rotated away between two looks; they are read before
    /// the newest.</summary>
    private void AddUnseen(FileReader last, long bornUntil)
    {
        // A rotation in the middle of the search can hide a file from one pass; it shows in the next.
        const int maxPasses = 8;
        for (int pass = 0, quiet = 0; pass < maxPasses && quiet < 2; pass++, quiet++)
        {
            foreach (var file in RotatedFiles.Between(path, last, bornUntil, IsOpenOrAtPath))
            {
                if (IsCopyOfCurrent(file.Fingerprint))
                {
                    file.Handle.Dispose();
                    continue;
                }

                var reader = new FileReader(
                    file.Handle,
                    file.Facts,
                    positions.Begin(key, file.Facts, 0, file.Fingerprint),
                    0,
                    file.Fingerprint
                );
                Retire(reader);
                Start(reader, _readers.Count - 1);
                counters.Rotations++;
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
        _readers.Exists(reader => reader.Facts.IsSameFileAs(facts)) || FileFacts.OfPath(path).IsSameFileAs(facts);

    internal void ContentReplaced(FileReader reader)
    {
        counters.Truncations++;
        var end = reader.RecordStart;
        var stored = new FilePosition(reader.Identity, end, reader.Fingerprint.Length, reader.Fingerprint.Hash);
        var former = reader.Identity;
        var copied = RotatedFiles.LocateCopy(path, stored, IsOpenOrAtPath);

        // Before other copies are searched, and on disk: the next truncation is then recognised by what the file begins with now.
        var fingerprint = Fingerprint.Of(reader.Handle);
        fingerprint.SavedLength = fingerprint.Length;
        reader.Restart(positions.Begin(key, FileFacts.Of(reader.Handle), 0, fingerprint), fingerprint);
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
            if (positions.Acknowledged(key, former) < end)
                counters.LostFiles++;
            positions.Finish(key, former, end);
        }

        FileSource.Log.Replaced(log, path, end);
    }

    /// <summary>Opens what the stored positions mean, or moves what is open there.</summary>
    /// <returns>False if the file at the path is the right one and cannot be opened yet.</returns>
    internal bool Restore()
    {
        var open = _readers.ToList();
        _readers.Clear();
        var isComplete = true;
        bool IsTaken(FileFacts facts) => _readers.Concat(open).Any(reader => reader.Facts.IsSameFileAs(facts));

        // Newest first: it has the best claim to the file at the path.
        foreach (var stored in positions.Get(key).Reverse())
        {
            if (open.Find(reader => reader.Identity == stored.File) is { } reader)
            {
                open.Remove(reader);
                reader.MoveTo(stored.Offset);
                _readers.Insert(0, reader);
            }
            else if (RotatedFiles.Locate(path, stored, IsTaken, out var isUnreadable) is { } file)
                Start(new FileReader(file.Handle, file.Facts, stored.File, stored.Offset, file.Fingerprint), 0);
            else if (isUnreadable)
                isComplete = false;
            else
                GiveUp(stored);
        }

        foreach (var reader in open)
            Close(reader);

        var atPath = FileFacts.OfPath(path);
        foreach (var reader in _readers)
        {
            reader.IsRetired = !reader.Facts.IsSameFileAs(atPath);
            reader.GrewAt = time.GetTimestamp();
        }

        if (_readers.Find(reader => !reader.IsRetired) is { } current)
        {
            _readers.Remove(current);
            _readers.Add(current);
            AddUnseenCopies();
        }

        return isComplete;
    }

    private void GiveUp(FilePosition stored)
    {
        counters.LostFiles++;
        positions.Finish(key, stored.File, 0);
        FileSource.Log.Gone(log, path, stored.File.Inode, stored.Offset);
    }

    private void Start(FileReader reader, int place)
    {
        _readers.Insert(place, reader);
        reader.Watch = inotify.Add(reader.Handle, Inotify.FileMask, watcher);
        reader.Fingerprint.SavedLength = reader.Fingerprint.Length;
    }

    private void Close(FileReader reader)
    {
        inotify.Remove(reader.Watch, watcher);
        reader.Dispose();
    }

    /// <summary>Closes rotated files that are read, acknowledged and quiet.</summary>
    internal void CloseFinished(TimeSpan followRotatedFor)
    {
        for (var i = 0; i < _readers.Count; i++)
        {
            var reader = _readers[i];
            var mustGo = _readers.Count > MaxOpenFiles;
            if (!reader.IsRetired || !reader.IsDrained)
                continue;

            var isDone = IsDelivered(reader) && time.GetElapsedTime(reader.GrewAt) >= followRotatedFor;
            if (!isDone && !mustGo)
                continue;

            if (FileFacts.Of(reader.Handle).Size > reader.LineStart)
            {
                counters.UnfinishedLines++;
                FileSource.Log.Unfinished(log, path, reader.LineStart);
            }

            if (isDone)
                positions.Finish(key, reader.Identity, reader.LineStart);
            Close(reader);
            _readers.RemoveAt(i--);
        }
    }
}
