using System.Buffers;

namespace Redoubt.Engine.Decode;

/// <summary>Finds the host name that alerts show: the word after a date of the form <c>Mmm dd hh:mm:ss</c> at the start of the line.</summary>
/// <remarks>Not what rules look at: it is there even when the header has no host name, and absent for every other header.
/// Source: rule-engine.md 1.3, last paragraph.</remarks>
internal static class DatedHostname
{
    private const int DateLength = 16;

    private static readonly SearchValues<byte> Blanks = SearchValues.Create(" \t\r\n\v\f"u8);

    public static ReadOnlySpan<byte> Find(ReadOnlySpan<byte> fullLog)
    {
        if (fullLog.Length <= DateLength || !IsDate(fullLog))
            return default;

        var rest = fullLog[DateLength..];
        var end = rest.IndexOfAny(Blanks);
        return end < 0 ? rest : rest[..end];
    }

    private static bool IsDate(ReadOnlySpan<byte> text) =>
        IsLetter(text[0])
        && IsLetter(text[1])
        && IsLetter(text[2])
        && text[3] == ' '
        && (text[4] == ' ' || IsDigit(text[4]))
        && IsDigit(text[5])
        && text[6] == ' '
        && IsDigit(text[7])
        && IsDigit(text[8])
        && text[9] == ':'
        && IsDigit(text[10])
        && IsDigit(text[11])
        && text[12] == ':'
        && IsDigit(text[13])
        && IsDigit(text[14])
        && text[15] == ' ';

    private static bool IsDigit(byte c) => c is >= (byte)'0' and <= (byte)'9';

    private static bool IsLetter(byte c) => c is (>= (byte)'A' and <= (byte)'Z') or (>= (byte)'a' and <= (byte)'z');
}
