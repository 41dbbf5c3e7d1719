using System.Buffers;

namespace Redoubt.Engine.Decode;

/// <summary>What an <see cref="XmlCursor"/> stands on.</summary>
internal enum XmlToken
{
    /// <summary>Nothing is left, or what is left is not XML.</summary>
    End,
    Open,

    /// <summary><c>&lt;name/&gt;</c>: no closing tag follows.</summary>
    Empty,
    Close,
    Text,
}

/// <summary>Reads the XML of a Windows event token by token; just what such events need.</summary>
/// <remarks>Never throws, whatever the bytes are; no document types, no entities but the five of XML and numeric ones.</remarks>
internal ref struct XmlCursor
{
    private static readonly SearchValues<byte> NameEnds = SearchValues.Create(" \t\r\n/>="u8);

    private readonly ReadOnlySpan<byte> _text;
    private int _at;
    private ReadOnlySpan<byte> _attributes;

    public XmlCursor(ReadOnlySpan<byte> text)
    {
        _text = text;
        _attributes = default;
        Name = default;
        Text = default;
    }

    /// <summary>The element's name, without a prefix.</summary>
    public ReadOnlySpan<byte> Name { get; private set; }

    /// <summary>The text between tags, entities not yet decoded.</summary>
    public ReadOnlySpan<byte> Text { get; private set; }

    /// <summary>Steps to the next tag or text.</summary>
    public XmlToken Next()
    {
        while (_at < _text.Length)
        {
            if (_text[_at] != '<')
            {
                var end = _text[_at..].IndexOf((byte)'<');
                Text = end < 0 ? _text[_at..] : _text.Slice(_at, end);
                _at += Text.Length;
                return XmlToken.Text;
            }

            var close = _text[_at..].IndexOf((byte)'>');
            if (close < 0)
                return XmlToken.End;

            var tag = _text.Slice(_at + 1, close - 1);
            _at += close + 1;
            if (tag.IsEmpty || tag[0] is (byte)'?' or (byte)'!')
                continue;

            if (tag[0] == '/')
            {
                Name = LocalName(tag[1..]);
                return XmlToken.Close;
            }

            var isEmpty = tag[^1] == '/';
            var nameEnd = tag.IndexOfAny(NameEnds);
            Name = LocalName(nameEnd < 0 ? tag : tag[..nameEnd]);
            _attributes = nameEnd < 0 ? default : tag[nameEnd..];
            return isEmpty ? XmlToken.Empty : XmlToken.Open;
        }

        return XmlToken.End;
    }

    /// <summary>Steps to the next attribute of the tag the cursor stands on.</summary>
    public bool NextAttribute(out ReadOnlySpan<byte> name, out ReadOnlySpan<byte> value)
    {
        name = default;
        value = default;
        var rest = _attributes.TrimStart(" \t\r\n/"u8);
        var equals = rest.IndexOf((byte)'=');
        if (equals <= 0 || equals + 1 >= rest.Length)
            return false;

        name = rest[..equals].TrimEnd(" \t\r\n"u8);
        rest = rest[(equals + 1)..].TrimStart(" \t\r\n"u8);
        if (rest.IsEmpty || rest[0] is not ((byte)'"' or (byte)'\''))
            return false;

        var end = rest[1..].IndexOf(rest[0]);
        if (end < 0)
            return false;

        value = rest.Slice(1, end);
        _attributes = rest[(end + 2)..];
        return true;
    }

    private static ReadOnlySpan<byte> LocalName(ReadOnlySpan<byte> name)
    {
        name = name.Trim(" \t\r\n"u8);
        var colon = name.IndexOf((byte)':');
        return colon < 0 ? name : name[(colon + 1)..];
    }
}
