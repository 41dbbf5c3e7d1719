using System.Buffers.Text;

namespace Redoubt.Corpus;

/// <summary>Bytes of lines on their way to a file.</summary>
internal sealed class LineBuffer
{
    private byte[] _bytes = new byte[1 << 16];
    private int _length;

    public int Length => _length;

    public void Add(ReadOnlySpan<byte> text)
    {
        Reserve(text.Length);
        text.CopyTo(_bytes.AsSpan(_length));
        _length += text.Length;
    }

    public void Add(int number)
    {
        const int longest = 11;
        Reserve(longest);
        Utf8Formatter.TryFormat(number, _bytes.AsSpan(_length), out var written);
        _length += written;
    }

    /// <summary>Gives the bytes away and starts anew.</summary>
    public void Flush(Stream target)
    {
        target.Write(_bytes, 0, _length);
        _length = 0;
    }

    private void Reserve(int count)
    {
        if (_length + count > _bytes.Length)
            Array.Resize(ref _bytes, Math.Max(_bytes.Length * 2, _length + count));
    }
}
