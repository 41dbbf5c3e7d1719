using System.IO.Compression;

namespace Redoubt.Record;

/// <summary>Reads the records of one day, put away or not, from any place on.</summary>
/// <remarks>Places count in the bytes of the open file, also when the day is compressed. Cost of a compressed day: all before the place is
/// unpacked too. Threads: not safe. Errors: <see cref="IOException"/>, <see cref="UnauthorizedAccessException"/>, and
/// <see cref="InvalidDataException"/> for a damaged compressed file.</remarks>
public sealed class DayRecords : IDisposable
{
    private readonly Stream _stream;
    private readonly WholeLines _lines;

    /// <summary>Opens a day.</summary>
    /// <param name="day">The day.</param>
    /// <param name="position">Where to begin: the start of a line.</param>
    public DayRecords(DayFile day, long position)
    {
        var isOpen = File.Exists(day.Path);
        var file = Open(isOpen ? day.Path : day.Compressed);
        _stream = isOpen ? file : new GZipStream(file, CompressionMode.Decompress);
        _lines = new WholeLines(_stream);
        Position = position;
        if (isOpen)
            file.Position = position;
        else
            Skip(position);
    }

    /// <summary>Where the next line begins.</summary>
    public long Position { get; private set; }

    /// <summary>The next line, with the place where it begins; false at the end that the file has now.</summary>
    public bool TryRead(out (long Start, byte[] Line) record)
    {
        record = default;
        if (!_lines.TryRead(out var line))
            return false;

        record = (Position, line);
        Position += line.Length + 1;
        return true;
    }

    /// <inheritdoc/>
    public void Dispose() => _stream.Dispose();

    internal static FileStream Open(string path) =>
        new(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete, bufferSize: 0);

    private void Skip(long bytes)
    {
        var chunk = new byte[64 * 1024];
        while (bytes > 0)
        {
            var read = _stream.Read(chunk, 0, (int)Math.Min(bytes, chunk.Length));
            if (read == 0)
                return;

            bytes -= read;
        }
    }
}
