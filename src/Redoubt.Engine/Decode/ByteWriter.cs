using System.Globalization;

namespace Redoubt.Engine.Decode;

/// <summary>A growing row of bytes, reused from line to line.</summary>
internal sealed class ByteWriter
{
    private byte[] _bytes = new byte[1024];

    public int Length { get; private set; }

    public ReadOnlySpan<byte> Written => _bytes.AsSpan(0, Length);

    public void Clear() => Length = 0;

    public void Truncate(int length) => Length = length;

    public void Add(byte c)
    {
        EnsureRoom(1);
        _bytes[Length++] = c;
    }

    public void Add(byte c, int times)
    {
        EnsureRoom(times);
        _bytes.AsSpan(Length, times).Fill(c);
        Length += times;
    }

    public void Add(ReadOnlySpan<byte> text)
    {
        EnsureRoom(text.Length);
        text.CopyTo(_bytes.AsSpan(Length));
        Length += text.Length;
    }

    public void Add(int number)
    {
        EnsureRoom(11);
        number.TryFormat(_bytes.AsSpan(Length), out var written, default, CultureInfo.InvariantCulture);
        Length += written;
    }

    /// <summary>Adds a number in one of .NET's formats.</summary>
    public void Add(double number, string format)
    {
        EnsureRoom(350);
        number.TryFormat(_bytes.AsSpan(Length), out var written, format, CultureInfo.InvariantCulture);
        Length += written;
    }

    private void EnsureRoom(int count)
    {
        if (Length + count > _bytes.Length)
            Array.Resize(ref _bytes, Math.Max(_bytes.Length * 2, Length + count));
    }
}
