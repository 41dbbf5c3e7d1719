using Redoubt.Engine.Decode;
using Redoubt.Engine.Match;

namespace Redoubt.Engine.Loading;

/// <summary>Tells whether the first group of a decoder can stand in one place of a line only, whatever a client typed.</summary>
/// <remarks>True when nothing but literals and digits may stand before it: then no text of a client can. Where this is not sure the
/// answer is no, and <see cref="TwoSidedReading"/> looks at each line.</remarks>
internal static class FixedPosition
{
    /// <param name="regex">The pattern with the group.</param>
    /// <param name="offset">Where it begins.</param>
    /// <param name="prematch">The decoder's own prematch, or null.</param>
    /// <param name="prematchOffset">Where that begins.</param>
    public static bool HasFirstGroup(TextPattern regex, DecoderOffset offset, TextPattern? prematch, DecoderOffset prematchOffset) =>
        offset switch
        {
            DecoderOffset.None => IsFixed(regex, upToGroup: true),
            DecoderOffset.AfterPrematch => prematch is not null
                && prematchOffset == DecoderOffset.None
                && IsFixed(prematch, upToGroup: false)
                && IsFixed(regex, upToGroup: true),
            _ => false,
        };

    private static bool IsFixed(TextPattern pattern, bool upToGroup) =>
        pattern.Type switch
        {
            PatternType.OsRegex => IsFixedOsRegex(pattern.Source, upToGroup),
            PatternType.Pcre2 => IsFixedPcre2(pattern.Source, upToGroup),
            _ => false,
        };

    private static bool IsFixedOsRegex(ReadOnlySpan<byte> pattern, bool upToGroup)
    {
        if (!pattern.StartsWith((byte)'^') || pattern.Contains((byte)'|'))
            return false;

        for (var at = 1; at < pattern.Length; at++)
        {
            if (pattern[at] == '(')
                return upToGroup;

            if (pattern[at] == '\\' && at + 1 < pattern.Length && !"dst()\\$<"u8.Contains(pattern[++at]))
                return false;
        }

        return !upToGroup;
    }

    private static bool IsFixedPcre2(ReadOnlySpan<byte> pattern, bool upToGroup)
    {
        if (HasAlternativesOutsideGroups(pattern))
            return false;

        // "(?s)" lets a dot be a newline; it moves nothing.
        if (pattern.StartsWith("(?s)"u8))
            pattern = pattern[4..];

        var at =
            pattern.StartsWith((byte)'^') ? 1
            : pattern.StartsWith("\\A"u8) ? 2
            : 0;
        if (at == 0)
            return false;

        for (; at < pattern.Length; at++)
        {
            var c = pattern[at];
            if (c == '(')
                return upToGroup && at + 1 < pattern.Length && pattern[at + 1] is not ((byte)'?' or (byte)'*');

            if (c == '\\')
            {
                if (++at >= pattern.Length || !IsFixedEscape(pattern[at]))
                    return false;

                if (pattern[at] == 'd' && at + 1 < pattern.Length && pattern[at + 1] == '+')
                    at++;
            }
            else if (".[]{}*+?|)$^"u8.Contains(c))
            {
                return false;
            }
        }

        return !upToGroup;
    }

    // "\d" and escaped signs; other letters are classes or anchors.
    private static bool IsFixedEscape(byte c) => c == 'd' || !char.IsAsciiLetterOrDigit((char)c);

    private static bool HasAlternativesOutsideGroups(ReadOnlySpan<byte> pattern)
    {
        var depth = 0;
        var inSet = false;
        for (var at = 0; at < pattern.Length; at++)
        {
            switch (pattern[at])
            {
                case (byte)'\\':
                    at++;
                    break;
                case (byte)'[' when !inSet:
                    inSet = true;
                    break;
                case (byte)']':
                    inSet = false;
                    break;
                case (byte)'(' when !inSet:
                    depth++;
                    break;
                case (byte)')' when !inSet:
                    depth--;
                    break;
                case (byte)'|' when !inSet && depth == 0:
                    return true;
                default:
                    break;
            }
        }

        return false;
    }
}
