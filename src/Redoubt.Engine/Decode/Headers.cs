namespace Redoubt.Engine.Decode;

/// <summary>Recognises the header forms by single byte positions, as the original does: digits are not looked at.</summary>
/// <remarks>Never throws, whatever the bytes are. Source: rule-engine.md 1.2; the form names (A1 …) are those of that page.</remarks>
internal static class Headers
{
    /// <summary>Length of a header after which host name and program follow; 0 when the line has none.</summary>
    public static int SyslogLength(ReadOnlySpan<byte> line)
    {
        // "Mär": the two bytes of the umlaut count as one position.
        var text = line is [_, 0xC3, 0xA4, ..] ? line[1..] : line;
        var n = text.Length + 1;
        if (n > 17 && text[3] == ' ' && text[6] == ' ' && text[9] == ':' && text[12] == ':' && text[15] == ' ')
            return 16; // A1

        if (n > 24 && IsDashedDate(text) && text[10] == ' ' && text[13] == ':' && text[16] == ':' && text[19] == ',')
            return 24; // A2

        if (n > 33 && IsDashedDate(text) && text[10] == 'T' && text[13] == ':' && text[16] == ':')
        {
            if (text[22] == ':' && text[25] == ' ')
                return 26; // A3

            if (text[19] == '.')
                return text[26] == ':' ? 30
                    : text[29] == ':' ? 33
                    : 32; // A4, A5, A6
        }

        if (
            n > 21
            && IsDigit(text[0])
            && text[4] == ' '
            && text[8] == ' '
            && text[11] == ' '
            && text[14] == ':'
            && text[17] == ':'
            && text[20] == ' '
        )
            return 21; // A7

        if (
            n > 33
            && IsDigit(text[0])
            && IsDashedDate(text)
            && text[10] == ' '
            && text[13] == ':'
            && text[16] == ':'
            && text[19] == '.'
            && text[26] is (byte)'+' or (byte)'-'
            && text[31] == ' '
        )
            return 32; // A8

        return 0;
    }

    /// <summary>Recognises a header after which the log follows at once.</summary>
    /// <param name="line">The whole line.</param>
    /// <param name="timestamp">Where its time stands.</param>
    /// <returns>Length of the header; 0 when there is none.</returns>
    public static int PlainLength(ReadOnlySpan<byte> line, out TextSpan timestamp)
    {
        var n = line.Length + 1;
        if (
            n > 28
            && line[3] == ' '
            && line[7] == ' '
            && line[10] == ' '
            && line[13] == ':'
            && line[16] == ':'
            && line[19] == ' '
            && line[24] == ' '
            && line[26] == ' '
        )
        {
            timestamp = new TextSpan(0, 24); // B1
            return 25;
        }

        if (n > 24 && line[2] == '/' && line[5] == '-' && line[8] == ':' && line[11] == ':' && line[14] == '.' && line[21] == ' ')
        {
            timestamp = new TextSpan(0, 21); // B2
            return 23;
        }

        if (
            n > 28
            && line[2] == '/'
            && line[5] == '/'
            && line[10] == '-'
            && line[13] == ':'
            && line[16] == ':'
            && line[19] == '.'
            && line[26] == ' '
        )
        {
            timestamp = new TextSpan(0, 26); // B3
            return Math.Min(28, line.Length);
        }

        if (
            n > 27
            && line[0] == '['
            && line[4] == ' '
            && line[8] == ' '
            && line[11] == ' '
            && line[14] == ':'
            && line[17] == ':'
            && line[20] == ' '
            && line[25] == ']'
        )
        {
            timestamp = new TextSpan(1, 24); // B4
            return Math.Min(27, line.Length);
        }

        var squid = IsSquid(line) ? SquidLength(line) : 0; // B6
        timestamp = new TextSpan(0, Math.Max(0, squid - 1));
        return squid;
    }

    /// <summary>B5: a line of grouped keys and values, as macOS's system log was written.</summary>
    public static bool IsGrouped(ReadOnlySpan<byte> line) =>
        line.Length + 1 > 26
        && line[0] == '['
        && line[1] == 'T'
        && line[5] == ' '
        && line[10] == '.'
        && line[13] == '.'
        && line[16] == ' '
        && line[19] == ':';

    private static bool IsSquid(ReadOnlySpan<byte> line) =>
        line.Length + 1 > 32
        && line[0] == '1'
        && IsDigit(line[1])
        && IsDigit(line[2])
        && IsDigit(line[3])
        && line[10] == '.'
        && IsDigit(line[13])
        && line[14] == ' '
        && (line[21] == ' ' || line[22] == ' ');

    private static int SquidLength(ReadOnlySpan<byte> line)
    {
        var rest = line[14..].IndexOfAnyExcept((byte)' ');
        return rest < 0 ? line.Length : 14 + rest;
    }

    /// <summary>An ISO time that ends in Z, such as <c>2023-01-01T00:00:00Z </c>, which the original takes for something else.</summary>
    /// <returns>Its length with the blank; 0 when the line does not begin with one.</returns>
    public static int ZuluLength(ReadOnlySpan<byte> text)
    {
        if (text.Length < 21 || !IsDashedDate(text) || text[10] != 'T' || text[13] != ':' || text[16] != ':')
            return 0;

        var at = 19;
        if (text[at] == '.')
        {
            at++;
            while (at < text.Length && IsDigit(text[at]))
                at++;
        }

        return at + 1 < text.Length && text[at] == 'Z' && text[at + 1] == ' ' ? at + 2 : 0;
    }

    private static bool IsDashedDate(ReadOnlySpan<byte> text) => text[4] == '-' && text[7] == '-';

    private static bool IsDigit(byte c) => c is >= (byte)'0' and <= (byte)'9';
}
