using System.Buffers;
using System.Buffers.Text;
using System.Text;
using System.Text.Encodings.Web;

namespace Redoubt.Record;

/// <summary>Bytes of records on their way to a file; grows, and is used again and again.</summary>
/// <remarks>Texts that need no escape are copied as they are, after one vectorised look; all others go through the encoder that
/// <see cref="System.Text.Json"/> uses. Threads: not safe.</remarks>
internal sealed class RecordBuffer(int capacity)
{
    private const int MaxBytesPerChar = 3;
    private const int MaxNumberBytes = 20;

    // Printable ASCII without what JSON escapes.
    private static readonly SearchValues<byte> Plain = SearchValues.Create(
        " !#$%&'()*+,-./0123456789:;<=>?@ABCDEFGHIJKLMNOPQRSTUVWXYZ[]^_`abcdefghijklmnopqrstuvwxyz{|}~"u8
    );

    private byte[] _bytes = new byte[capacity];

    /// <summary>Bytes in it.</summary>
    internal int Length { get; private set; }

    internal ReadOnlySpan<byte> Written => _bytes.AsSpan(0, Length);

    internal ReadOnlyMemory<byte> WrittenMemory => _bytes.AsMemory(0, Length);

    internal void Clear() => Length = 0;

    internal byte[] ToArray() => Written.ToArray();

    /// <summary>Adds bytes as they are.</summary>
    internal RecordBuffer Add(ReadOnlySpan<byte> bytes)
    {
        bytes.CopyTo(Room(bytes.Length));
        Length += bytes.Length;
        return this;
    }

    /// <summary>Adds text as UTF-8, as it is.</summary>
    internal RecordBuffer Add(string text)
    {
        Length += Encoding.UTF8.GetBytes(text, Room(text.Length * MaxBytesPerChar));
        return this;
    }

    internal RecordBuffer Add(long number)
    {
        Utf8Formatter.TryFormat(number, Room(MaxNumberBytes), out var written);
        Length += written;
        return this;
    }

    /// <summary>Adds text with newlines replaced by blanks.</summary>
    internal RecordBuffer AddOneLine(ReadOnlySpan<byte> text)
    {
        var start = Length;
        Add(text);

        // Decoded values may hold newlines (JSON has them escaped). Left as they are, a client could write a whole
        // record of its own, "** Alert" included.
        var added = _bytes.AsSpan(start, text.Length);
        if (added.IndexOfAny((byte)'\n', (byte)'\r') >= 0)
        {
            added.Replace((byte)'\n', (byte)' ');
            added.Replace((byte)'\r', (byte)' ');
        }

        return this;
    }

    /// <summary>Adds text with newlines replaced by blanks.</summary>
    internal RecordBuffer AddOneLine(string text)
    {
        var start = Length;
        Add(text);
        var added = _bytes.AsSpan(start, Length - start);
        added.Replace((byte)'\n', (byte)' ');
        added.Replace((byte)'\r', (byte)' ');
        return this;
    }

    /// <summary>Adds the inside of a JSON string; invalid UTF-8 becomes U+FFFD.</summary>
    internal RecordBuffer AddJson(ReadOnlySpan<byte> text) =>
        text.IndexOfAnyExcept(Plain) < 0 ? Add(text) : AddEscaped(Encoding.UTF8.GetString(text));

    /// <summary>Adds the inside of a JSON string; half a surrogate pair becomes U+FFFD.</summary>
    internal RecordBuffer AddJson(string text)
    {
        var start = Length;
        Add(text);
        if (_bytes.AsSpan(start, Length - start).IndexOfAnyExcept(Plain) < 0)
            return this;

        Length = start;
        return AddEscaped(text);
    }

    private RecordBuffer AddEscaped(string text) => Add(JavaScriptEncoder.UnsafeRelaxedJsonEscaping.Encode(text));

    private Span<byte> Room(int bytes)
    {
        if (Length + bytes > _bytes.Length)
            Array.Resize(ref _bytes, Math.Max(_bytes.Length * 2, Length + bytes));

        return _bytes.AsSpan(Length);
    }
}
