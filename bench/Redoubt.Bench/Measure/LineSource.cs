namespace Redoubt.Bench.Measure;

/// <summary>Cuts a file into lines, a block at a time.</summary>
internal sealed class LineSource(string path) : IDisposable
{
    private const int BlockBytes = 1 << 20;

    private readonly FileStream _file = new(path, FileMode.Open, FileAccess.Read, FileShare.Read, bufferSize: 0);
    private readonly byte[] _block = new byte[BlockBytes];
    private int _start;
    private int _end;

    /// <summary>Lines given so far.</summary>
    public long Count { get; private set; }

    /// <summary>The next line without its newline; false at the end of the file. Valid until the next call.</summary>
    public bool TryRead(out ReadOnlySpan<byte> line)
    {
        var length = _block.AsSpan(_start, _end - _start).IndexOf((byte)'\n');
        if (length < 0)
        {
            _block.AsSpan(_start, _end - _start).CopyTo(_block);
            (_start, _end) = (0, _end - _start);
            _end += _file.ReadAtLeast(_block.AsSpan(_end), 1, throwOnEndOfStream: false);
            length = _block.AsSpan(0, _end).IndexOf((byte)'\n');
        }

        line = length < 0 ? default : _block.AsSpan(_start, length);
        if (length < 0)
            return false;

        _start += length + 1;
        Count++;
        return true;
    }

    public void Dispose() => _file.Dispose();
}
