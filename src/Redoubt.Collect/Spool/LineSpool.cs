using System.Globalization;
using Redoubt.Collect.Spool;

namespace Redoubt.Collect;

/// <summary>A queue of records on disk, of bounded size, for what cannot be read again where it came from.</summary>
/// <remarks>
/// A record that was taken survives the end of the process by any signal; a power cut may cost the last ones. Positions grow over the spool's life and
/// name a record for ever, so that a reader which remembers how far it came counts each once. Space comes back in sixteenths of the bound, when all
/// in them is released. Cost: one write of the record. Memory: none. Threads: safe.
/// </remarks>
public sealed class LineSpool : IDisposable
{
    private const int Segments = 16;
    private const string IdFile = "id";

    private readonly Lock _lock = new();
    private readonly string _folder;
    private readonly long _segmentBytes;
    private readonly LinkedList<SpoolSegment> _segments = [];

    /// <summary>Opens the spool of a folder, or makes it.</summary>
    /// <param name="folder">Its own folder.</param>
    /// <param name="maxBytes">Bound of what it holds on disk, at least 64 KiB.</param>
    /// <exception cref="IOException">The folder cannot be used.</exception>
    /// <exception cref="UnauthorizedAccessException">It is not ours.</exception>
    public LineSpool(string folder, long maxBytes)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(maxBytes, 64 * 1024);
        (_folder, MaxBytes, _segmentBytes) = (folder, maxBytes, maxBytes / Segments);
        Directory.CreateDirectory(folder);
        var end = -maxBytes;
        foreach (var start in Directory.EnumerateFiles(folder, "*" + SpoolSegment.Suffix).Select(StartOf).OfType<long>().Order())
        {
            var segment = SpoolSegment.Open(folder, start, out var records, out var isCut);
            end = segment.End;
            Recovered += records;
            BrokenSegments += isCut ? 1 : 0;
            if (records == 0)
                segment.Delete();
            else
                _segments.AddLast(segment);
        }

        // Behind whatever a power cut may have taken away: a position must never mean two records. Without a file nothing tells where that is.
        Id = ReadId(folder, isNew: end < 0);
        _segments.AddLast(SpoolSegment.Open(folder, end + maxBytes, out _, out _));
    }

    /// <summary>Names the spool as long as its folder exists: a position means something within it only.</summary>
    public string Id { get; }

    /// <summary>Bound of what it holds on disk, in bytes.</summary>
    public long MaxBytes { get; }

    /// <summary>Records that it held when it was opened.</summary>
    public long Recovered { get; }

    /// <summary>Files that ended with something that is no whole record, cut off when it was opened.</summary>
    public int BrokenSegments { get; }

    /// <summary>Bytes on disk, with those that are released and not yet given back.</summary>
    public long Bytes
    {
        get
        {
            lock (_lock)
                return _segments.Sum(s => s.Length);
        }
    }

    /// <summary>Position of the first record.</summary>
    public long Start
    {
        get
        {
            lock (_lock)
                return _segments.First!.Value.Start;
        }
    }

    /// <summary>Takes a record.</summary>
    /// <returns>False: there is no room, and it is not taken.</returns>
    /// <exception cref="IOException">The disk is full, or fails; it is not taken.</exception>
    public bool TryAppend(ReadOnlySpan<byte> record)
    {
        lock (_lock)
        {
            var needed = SpoolSegment.HeaderLength + record.Length;
            if (record.Length > SpoolSegment.MaxRecordBytes || _segments.Sum(s => s.Length) + needed > MaxBytes)
                return false;

            var last = _segments.Last!.Value;
            if (last.Length > 0 && last.Length + needed > _segmentBytes)
            {
                last = SpoolSegment.Open(_folder, last.End, out _, out _);
                _segments.AddLast(last);
            }

            last.Append(record);
            return true;
        }
    }

    /// <summary>Reads the record at a position.</summary>
    /// <param name="position">Where one begins: <see cref="Start"/>, or the end of another. What was given back is passed over.</param>
    /// <param name="record">Its bytes.</param>
    /// <param name="end">The position behind it.</param>
    /// <returns>False at the end.</returns>
    public bool TryRead(long position, out byte[] record, out long end)
    {
        lock (_lock)
        {
            foreach (var segment in _segments)
            {
                if (position < segment.End && segment.TryRead(Math.Max(position, segment.Start), out record, out end))
                    return true;
            }
        }

        (record, end) = ([], position);
        return false;
    }

    /// <summary>Says that everything before a position is done with.</summary>
    public void Release(long position)
    {
        lock (_lock)
        {
            while (_segments.Count > 1 && _segments.First!.Value.End <= position)
            {
                _segments.First.Value.Delete();
                _segments.RemoveFirst();
            }

            // The last one goes too when all in it is done, so that an idle spool is empty.
            if (_segments.Last!.Value is { Length: > 0 } last && last.End <= position)
            {
                _segments.AddLast(SpoolSegment.Open(_folder, last.End, out _, out _));
                last.Delete();
                _segments.RemoveFirst();
            }
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        lock (_lock)
        {
            foreach (var segment in _segments)
                segment.Dispose();
        }
    }

    private static long? StartOf(string file) =>
        long.TryParse(Path.GetFileNameWithoutExtension(file), NumberStyles.None, CultureInfo.InvariantCulture, out var start)
            ? start
            : null;

    private static string ReadId(string folder, bool isNew)
    {
        var path = Path.Combine(folder, IdFile);
        if (!isNew && File.Exists(path) && File.ReadAllText(path).Trim() is { Length: > 0 } id)
            return id;

        id = Guid.NewGuid().ToString("N");
        File.WriteAllText(path + ".new", id);
        File.Move(path + ".new", path, overwrite: true);
        return id;
    }
}
