namespace Redoubt.App.Commands;

/// <summary>Lines of a byte stream, whatever their bytes and length; over the limit they are cut.</summary>
internal sealed class InputLines(Stream stream, int maxBytes)
{
    private readonly byte[] _buffer = new byte[64 * 1024];
    private readonly MemoryStream _line = new();
    private int _at;
    private int _end;

    /// <summary>The line without its newline and carriage return.</summary>
    internal ReadOnlyMemory<byte> Line { get; private set; }

    /// <summary>Whether the line was longer than the limit.</summary>
    internal bool IsTruncated { get; private set; }

    /// <summary>Reads the next line; false at the end.</summary>
    internal bool Next()
    {
        _line.SetLength(0);
        IsTruncated = false;
        var any = false;
        while (true)
        {
            if (_at == _end)
            {
                (_at, _end) = (0, stream.Read(_buffer));
                if (_end == 0)
                {
                    Take();
                    return any;
                }
            }

            any = true;
            var rest = _buffer.AsSpan(_at, _end - _at);
            var newline = rest.IndexOf((byte)'\n');
            Append(newline < 0 ? rest : rest[..newline]);
            _at += newline < 0 ? rest.Length : newline + 1;
            if (newline >= 0)
            {
                Take();
                return true;
            }
        }
    }

    private void Append(ReadOnlySpan<byte> part)
    {
        var space = maxBytes - (int)_line.Length;
        if (part.Length > space)
            IsTruncated = true;

        _line.Write(part[..Math.Min(part.Length, space)]);
    }

    private void Take()
    {
        var length = (int)_line.Length;
        var bytes = _line.GetBuffer();
        if (length > 0 && bytes[length - 1] == (byte)'\r')
            length--;

        Line = bytes.AsMemory(0, length);
    }
}
