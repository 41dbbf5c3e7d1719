using System.Buffers.Binary;
using System.Globalization;
using Microsoft.Win32.SafeHandles;
using Redoubt.Collect.Positions;

namespace Redoubt.Collect.Spool;

/// <summary>One file of a spool: records one behind the other, each <c>length (4) check (4) bytes</c>, little endian.</summary>
/// <remarks>Named by the position of its first byte in the whole spool. Threads: not safe.</remarks>
internal sealed class SpoolSegment : IDisposable
{
    internal const int HeaderLength = 8;
    internal const int MaxRecordBytes = 16 * 1024 * 1024;
    internal const string Suffix = ".spool";

    private readonly SafeFileHandle _file;
    private readonly string _path;

    private SpoolSegment(string path, long start, SafeFileHandle file) => (_path, Start, _file) = (path, start, file);

    /// <summary>Position of its first byte.</summary>
    internal long Start { get; }

    /// <summary>Bytes of whole records.</summary>
    internal long Length { get; private set; }

    internal long End => Start + Length;

    /// <summary>Opens or makes the one that begins at a position.</summary>
    /// <param name="folder">The spool's.</param>
    /// <param name="start">Where it begins.</param>
    /// <param name="records">How many whole records it holds; what stands behind the last one is cut off.</param>
    /// <param name="isCut">Whether there was something: a record that a crash or a disk has broken.</param>
    internal static SpoolSegment Open(string folder, long start, out long records, out bool isCut)
    {
        var path = Path.Combine(folder, start.ToString("D20", CultureInfo.InvariantCulture) + Suffix);
        var file = File.OpenHandle(path, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.Read);
        var segment = new SpoolSegment(path, start, file);
        records = 0;
        while (segment.TryRead(segment.End, out _, out var end))
        {
            segment.Length = end - start;
            records++;
        }

        isCut = RandomAccess.GetLength(file) > segment.Length;
        if (isCut)
            RandomAccess.SetLength(file, segment.Length);

        return segment;
    }

    /// <summary>Writes a record behind the last one, all of it or nothing.</summary>
    /// <exception cref="IOException">The disk is full, or fails.</exception>
    internal void Append(ReadOnlySpan<byte> record)
    {
        var bytes = new byte[HeaderLength + record.Length];
        BinaryPrimitives.WriteInt32LittleEndian(bytes, record.Length);
        BinaryPrimitives.WriteUInt32LittleEndian(bytes.AsSpan(4), CheckOf(record));
        record.CopyTo(bytes.AsSpan(HeaderLength));
        try
        {
            RandomAccess.Write(_file, bytes, Length);
        }
        catch (IOException)
        {
            RandomAccess.SetLength(_file, Length);
            throw;
        }

        Length += bytes.Length;
    }

    /// <summary>Reads the record at a position of the spool.</summary>
    /// <returns>False where no whole record stands.</returns>
    internal bool TryRead(long position, out byte[] record, out long end)
    {
        (record, end) = ([], position);
        Span<byte> header = stackalloc byte[HeaderLength];
        if (RandomAccess.Read(_file, header, position - Start) != HeaderLength)
            return false;

        var length = BinaryPrimitives.ReadInt32LittleEndian(header);
        if (length is < 0 or > MaxRecordBytes)
            return false;

        var bytes = new byte[length];
        if (
            RandomAccess.Read(_file, bytes, position - Start + HeaderLength) != length
            || CheckOf(bytes) != BinaryPrimitives.ReadUInt32LittleEndian(header[4..])
        )
            return false;

        (record, end) = (bytes, position + HeaderLength + length);
        return true;
    }

    internal void Delete()
    {
        Dispose();
        File.Delete(_path);
    }

    public void Dispose() => _file.Dispose();

    // Never 0, so that a run of NUL bytes, as a crash leaves it, is no record.
    private static uint CheckOf(ReadOnlySpan<byte> record) => (uint)Fnv.Hash(record) | 1;
}
