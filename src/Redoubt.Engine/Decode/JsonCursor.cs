using System.Buffers;
using System.Buffers.Text;

namespace Redoubt.Engine.Decode;

/// <summary>Reads JSON text token by token, as tolerantly as the parser that the original uses.</summary>
/// <remarks>Never throws, whatever the bytes are; a method that returns false has met something that is not JSON.</remarks>
internal ref struct JsonCursor
{
    public const int MaxDepth = 1_000;

    private static readonly SearchValues<byte> StringEnds = SearchValues.Create("\"\\"u8);

    private readonly ReadOnlySpan<byte> _text;
    private int _at;

    public JsonCursor(ReadOnlySpan<byte> text) => _text = text;

    /// <summary>Offset of the next byte.</summary>
    public readonly int Position => _at;

    /// <summary>The next byte behind blanks, or -1 at the end.</summary>
    public int Peek()
    {
        while (_at < _text.Length && _text[_at] <= ' ')
            _at++;

        return _at < _text.Length ? _text[_at] : -1;
    }

    /// <summary>Steps over one expected byte.</summary>
    public bool Take(byte expected)
    {
        if (Peek() != expected)
            return false;

        _at++;
        return true;
    }

    /// <summary>Steps over an expected word such as <c>true</c>.</summary>
    public bool TakeWord(ReadOnlySpan<byte> word)
    {
        if (!_text[_at..].StartsWith(word))
            return false;

        _at += word.Length;
        return true;
    }

    /// <summary>Reads a string.</summary>
    /// <param name="scratch">Receives the text when it has escapes; it is cleared first.</param>
    /// <param name="inText">Where the text stands between its quotes when it has no escapes, else <see cref="TextSpan.None"/>.</param>
    public bool ReadString(ByteWriter scratch, out TextSpan inText)
    {
        inText = TextSpan.None;
        if (!Take((byte)'"'))
            return false;

        var start = _at;
        var length = _text[_at..].IndexOfAny(StringEnds);
        if (length < 0)
            return false;

        if (_text[start + length] == '"')
        {
            inText = new TextSpan(start, length);
            _at = start + length + 1;
            return true;
        }

        scratch.Clear();
        return ReadEscaped(scratch);
    }

    /// <summary>Reads a number.</summary>
    public bool ReadNumber(out double number)
    {
        number = 0;
        var end = _at;
        while (
            end < _text.Length
            && _text[end] is (>= (byte)'0' and <= (byte)'9') or (byte)'+' or (byte)'-' or (byte)'e' or (byte)'E' or (byte)'.'
        )
            end++;

        if (!Utf8Parser.TryParse(_text[_at..end], out number, out int consumed) || consumed == 0)
            return false;

        _at += consumed;
        return true;
    }

    private bool ReadEscaped(ByteWriter scratch)
    {
        while (true)
        {
            var length = _text[_at..].IndexOfAny(StringEnds);
            if (length < 0)
                return false;

            scratch.Add(_text.Slice(_at, length));
            _at += length + 1;
            if (_text[_at - 1] == '"')
                return true;

            if (!ReadEscape(scratch))
                return false;
        }
    }

    private bool ReadEscape(ByteWriter scratch)
    {
        if (_at >= _text.Length)
            return false;

        var c = _text[_at++];
        switch (c)
        {
            case (byte)'"' or (byte)'\\' or (byte)'/':
                scratch.Add(c);
                return true;
            case (byte)'b':
                scratch.Add((byte)'\b');
                return true;
            case (byte)'f':
                scratch.Add((byte)'\f');
                return true;
            case (byte)'n':
                scratch.Add((byte)'\n');
                return true;
            case (byte)'r':
                scratch.Add((byte)'\r');
                return true;
            case (byte)'t':
                scratch.Add((byte)'\t');
                return true;
            case (byte)'u':
                return ReadCodePoint(scratch);
            default:
                return false;
        }
    }

    private bool ReadCodePoint(ByteWriter scratch)
    {
        if (!ReadHex(out var unit) || unit is >= 0xDC00 and <= 0xDFFF)
            return false;

        if (unit is >= 0xD800 and <= 0xDBFF)
        {
            if (!TakeWord("\\u"u8) || !ReadHex(out var low) || low is < 0xDC00 or > 0xDFFF)
                return false;

            unit = 0x10000 + ((unit - 0xD800) << 10) + (low - 0xDC00);
        }

        Span<byte> utf8 = stackalloc byte[4];
        scratch.Add(utf8[..new System.Text.Rune(unit).EncodeToUtf8(utf8)]);
        return true;
    }

    private bool ReadHex(out int unit)
    {
        unit = 0;
        if (_at + 4 > _text.Length || !Utf8Parser.TryParse(_text.Slice(_at, 4), out unit, out var consumed, 'x') || consumed != 4)
            return false;

        _at += 4;
        return true;
    }
}
