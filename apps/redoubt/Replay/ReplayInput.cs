using System.IO.Compression;
using Redoubt.Host;

namespace Redoubt.App.Replay;

/// <summary>The lines of several files, one after the other, in chunks. Files that gzip has packed are unpacked.</summary>
/// <remarks>Lines over the limit are cut, as a collector cuts them; what is behind is passed over. A chunk never waits for more than a line:
/// what a pipe has is handed on. Threads: not safe. Errors: <see cref="StartException"/> with the file's name.</remarks>
internal sealed class ReplayInput : IDisposable
{
    /// <summary>Longest line that reaches the engine.</summary>
    internal const int MaxLineBytes = 65_535;

    private const int BufferBytes = 1 << 20;

    private readonly IReadOnlyList<string> _files;
    private readonly string? _location;
    private readonly byte[] _buffer = new byte[BufferBytes];
    private FileStream? _file;
    private Stream? _stream;
    private int _next;
    private int _at;
    private int _end;
    private long _readBytes;
    private long _earlierBytes;
    private bool _isFirst;
    private bool _isCut;
    private bool _isEnd;

    /// <param name="files">Paths, or <c>-</c> for standard input.</param>
    /// <param name="location">Location of the lines; null: that of their file.</param>
    internal ReplayInput(IReadOnlyList<string> files, string? location)
    {
        _files = files;
        _location = location;
        foreach (var file in files.Where(f => f != "-"))
        {
            if (Directory.Exists(file))
                throw new StartException($"'{file}' is a folder; name its files.", StartException.Unreachable);

            if (!File.Exists(file))
                throw new StartException($"There is no file '{file}'.", StartException.Unreachable);
        }

        TotalBytes = files.Contains("-") ? 0 : files.Sum(f => new FileInfo(f).Length);
    }

    /// <summary>Bytes of all files as they lie on disk; 0 when that is not known.</summary>
    internal long TotalBytes { get; }

    /// <summary>How many of them were read; may be asked by another thread.</summary>
    internal long ReadBytes => Interlocked.Read(ref _readBytes);

    /// <summary>Lines that were cut.</summary>
    internal long Truncated { get; private set; }

    /// <summary>Fills a chunk with the next lines of one file; false at the end of all.</summary>
    internal bool Next(LineChunk chunk)
    {
        while (_stream is not null || OpenNext())
        {
            chunk.Start(Location, _isFirst);
            Fill(chunk);
            if (chunk.Count > 0)
            {
                _isFirst = false;
                return true;
            }

            Close();
        }

        return false;
    }

    public void Dispose() => Close();

    private string Location => _location ?? (_files[_next - 1] == "-" ? "stdin" : _files[_next - 1]);

    private void Fill(LineChunk chunk)
    {
        while (!chunk.IsFull)
        {
            var rest = _buffer.AsSpan(_at, _end - _at);
            var newline = rest.IndexOf((byte)'\n');
            if (newline >= 0)
            {
                Take(chunk, rest[..newline]);
                _at += newline + 1;
                continue;
            }

            if (rest.Length > MaxLineBytes)
                Cut(chunk, rest);
            else if (_isEnd)
            {
                if (!rest.IsEmpty)
                    Take(chunk, rest);

                _at = _end;
                return;
            }
            else if (chunk.Count > 0 || !Read())
                return;
        }
    }

    private void Take(LineChunk chunk, ReadOnlySpan<byte> line)
    {
        // The end of a line whose start was handed on already.
        if (_isCut)
        {
            _isCut = false;
            return;
        }

        if (line.Length > MaxLineBytes)
        {
            Truncated++;
            line = line[..MaxLineBytes];
        }

        chunk.Add(line is [.., (byte)'\r'] ? line[..^1] : line);
    }

    private void Cut(LineChunk chunk, ReadOnlySpan<byte> start)
    {
        Take(chunk, start);
        _isCut = true;
        _at = _end;
    }

    // Always true: what was read, be it nothing, is looked at again.
    private bool Read()
    {
        if (_at > 0)
        {
            _buffer.AsSpan(_at, _end - _at).CopyTo(_buffer);
            (_end, _at) = (_end - _at, 0);
        }

        try
        {
            var count = _stream!.Read(_buffer, _end, _buffer.Length - _end);
            _end += count;
            _isEnd = count == 0;
            if (_file is { CanSeek: true })
                Interlocked.Exchange(ref _readBytes, _earlierBytes + _file.Position);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or InvalidDataException)
        {
            throw new StartException($"'{_files[_next - 1]}' cannot be read: {e.Message}", StartException.Unreachable);
        }

        return true;
    }

    private bool OpenNext()
    {
        if (_next == _files.Count)
            return false;

        var path = _files[_next++];
        (_at, _end, _isEnd, _isCut, _isFirst) = (0, 0, false, false, true);
        if (path == "-")
        {
            _stream = Console.OpenStandardInput();
            return true;
        }

        try
        {
            _file = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete, bufferSize: 1);
            _stream = IsPacked(_file) ? new GZipStream(_file, CompressionMode.Decompress) : _file;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new StartException($"'{path}' cannot be read: {e.Message}", StartException.Unreachable);
        }

        return true;
    }

    private static bool IsPacked(FileStream file)
    {
        Span<byte> magic = stackalloc byte[2];
        if (!file.CanSeek)
            return false;

        var count = file.ReadAtLeast(magic, magic.Length, throwOnEndOfStream: false);
        file.Position = 0;
        return count == 2 && magic.SequenceEqual([(byte)0x1F, (byte)0x8B]);
    }

    private void Close()
    {
        if (_file is { CanSeek: true })
            _earlierBytes += _file.Position;

        _stream?.Dispose();
        _file?.Dispose();
        (_stream, _file) = (null, null);
    }
}
