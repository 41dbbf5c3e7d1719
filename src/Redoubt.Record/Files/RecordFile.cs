using System.Globalization;
using Microsoft.Win32.SafeHandles;

namespace Redoubt.Record;

/// <summary>One family of record files: a file a day, hard-linked under a fixed name (<c>alerts.json</c>).</summary>
/// <remarks>
/// <c>FOLDER/YYYY/Mon/ossec-NAME-DD.EXT</c>, mode 0640. Records are first queued and given their offset, then written with
/// <see cref="WriteAt"/>, so that a redo log between the two makes each record stand in the file exactly once.
/// Threads: not safe. Source: active-response.md 6.1.
/// </remarks>
internal sealed class RecordFile(string folder, string linkName, string datedName, string extension, TimeZoneInfo zone) : IDisposable
{
    private readonly RecordBuffer _pending = new(64 * 1024);

    // Where the records end that were taken and may not stand in their file yet: hosts' clocks differ, so around midnight
    // records of two days alternate, and a file is come back to before its earlier records were written.
    private readonly Dictionary<string, long> _takenUpTo = new(StringComparer.Ordinal);
    private SafeFileHandle? _handle;
    private string _path = string.Empty;
    private string _openedName = string.Empty;
    private int _day = -1;
    private long _minute = long.MinValue;
    private long _start;

    /// <summary>Where the next record will begin.</summary>
    internal long NextOffset => _start + _pending.Length;

    /// <summary>Makes the file of this moment current. Must be called before the first record of a batch; queued records
    /// of an earlier day are returned so that they are written to their own file.</summary>
    internal RecordAppend? Prepare(long unixMilliseconds)
    {
        // Days end with minutes, so within one nothing can have changed while records are queued.
        var minute = unixMilliseconds / 60_000;
        if (minute == _minute && _pending.Length > 0)
            return null;

        _minute = minute;
        var local = RecordTime.Local(unixMilliseconds, zone);
        var day = (local.Year * 10_000) + (local.Month * 100) + local.Day;
        var earlier = day == _day ? null : Take();
        if (day != _day || (_pending.Length == 0 && !IsInPlace()))
            Open(local, day);

        if (_pending.Length == 0)
            _start = End();

        return earlier;
    }

    /// <summary>Why the current file cannot be opened at the moment, or null.</summary>
    internal string? Problem { get; private set; }

    /// <summary>Lets go of a file whose day is closed; nothing may be queued for it.</summary>
    internal void Close(DayFile day)
    {
        if (_day >= 0 && string.Equals(Path.GetFullPath(day.Path), Path.GetFullPath(_path), StringComparison.Ordinal))
            LetGo();
    }

    /// <summary>Where records are queued.</summary>
    internal RecordBuffer Pending => _pending;

    /// <summary>Writes the queued records to their file, without the way over a redo log.</summary>
    internal void WriteQueued()
    {
        if (_pending.Length == 0)
            return;

        if (_handle is null)
        {
            WriteAt(Take()!);
            return;
        }

        RandomAccess.Write(_handle, _pending.Written, Math.Min(_start, RandomAccess.GetLength(_handle)));
        _start += _pending.Length;
        _pending.Clear();
    }

    /// <summary>The queued records, which are then no longer queued here; null when there are none.</summary>
    internal RecordAppend? Take()
    {
        if (_pending.Length == 0)
            return null;

        var append = new RecordAppend(_path, _start, _pending.ToArray());
        _start += _pending.Length;
        _takenUpTo[_path] = _start;
        _pending.Clear();
        return append;
    }

    /// <summary>Everything that was taken is in its file.</summary>
    internal void AllWritten() => _takenUpTo.Clear();

    /// <summary>Writes bytes at their place; again after a crash with the same result.</summary>
    internal static void WriteAt(RecordAppend append)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(append.Path)!);
        using var handle = OpenForWriting(append.Path);
        WriteAt(handle, append);
    }

    internal bool TryWrite(RecordAppend append)
    {
        if (_handle is null || !string.Equals(append.Path, _path, StringComparison.Ordinal))
            return false;

        try
        {
            WriteAt(_handle, append);
        }
        catch (IOException)
        {
            // The next try opens the file anew: what is behind the handle may be gone for good (a disk that was taken away).
            LetGo();
            throw;
        }

        return true;
    }

    public void Dispose() => _handle?.Dispose();

    private static void WriteAt(SafeFileHandle handle, RecordAppend append) =>
        // Someone may have cut the file since: never leave a hole.
        RandomAccess.Write(handle, append.Bytes, Math.Min(append.Offset, RandomAccess.GetLength(handle)));

    private long End() =>
        Math.Max(
            _handle is not null ? RandomAccess.GetLength(_handle)
                : File.Exists(_path) ? new FileInfo(_path).Length
                : 0,
            _takenUpTo.GetValueOrDefault(_path)
        );

    // Someone may have deleted or renamed the file, put another in its place, or deleted the fixed name.
    private bool IsInPlace() =>
        _handle is not null
        && File.Exists(_path)
        && File.Exists(Link)
        && string.Equals(OpenFileName.Of(_handle), _openedName, StringComparison.Ordinal);

    private string Link => Path.Combine(folder, linkName);

    private void Open(DateTimeOffset local, int day)
    {
        LetGo();
        _path = FirstOpenDay(DateOnly.FromDateTime(local.DateTime)).Path;
        _day = day;
        try
        {
            Directory.CreateDirectory(Path.GetDirectoryName(_path)!);
            _handle = OpenForWriting(_path);
            _openedName = OpenFileName.Of(_handle);
            HardLink.Replace(_path, Link);
            Problem = null;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // A full disk at midnight must not cost the line that came first: its place is known, and the write waits for room.
            LetGo();
            _day = day;
            Problem = e.Message;
        }

        _start = End();
    }

    // What comes for a day that was put away stands in the next day that was not: late lines, a clock or a zone that went back.
    private DayFile FirstOpenDay(DateOnly day)
    {
        var file = DayFile.Of(folder, datedName, extension, day);
        while (file.IsClosed)
            file = DayFile.Of(folder, datedName, extension, file.Day.AddDays(1));

        return file;
    }

    private void LetGo()
    {
        _handle?.Dispose();
        _handle = null;
        _day = -1;
    }

    private static SafeFileHandle OpenForWriting(string path)
    {
        if (!File.Exists(path))
        {
            using var created = new FileStream(
                path,
                new FileStreamOptions
                {
                    Mode = FileMode.OpenOrCreate,
                    Access = FileAccess.Write,
                    Share = FileShare.ReadWrite | FileShare.Delete,
                    UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.GroupRead,
                }
            );
        }

        return File.OpenHandle(path, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.ReadWrite | FileShare.Delete);
    }
}
