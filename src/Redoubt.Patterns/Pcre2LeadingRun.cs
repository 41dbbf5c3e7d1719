namespace Redoubt.Patterns;

/// <summary>Keeps patterns that begin with a run, such as <c>([^%]+)?%FTD</c>, from being tried anew at every byte of that run.</summary>
/// <remarks>
/// Unanchored, such a pattern reads a long line without a <c>%</c> once for every byte of it: 64 KiB took more than a second, and
/// PCRE2's limits, which count anew for every start, do not help. A match that begins inside the run can always begin one byte
/// earlier; so the leftmost one begins where the byte before is none of the run's, and looking behind says the same in one step:
/// <c>(?&lt;![^%])([^%]+)?%FTD</c>. Answers, groups included, stay the same.
/// </remarks>
internal static class Pcre2LeadingRun
{
    /// <summary>The pattern with that look in front, or the pattern itself when it does not begin with a run.</summary>
    /// <param name="pattern">As written.</param>
    /// <param name="at">Where the look was put in; what is behind it has moved by <paramref name="length"/> bytes.</param>
    /// <param name="length">Its length, 0 when nothing was put in.</param>
    public static byte[] Guard(ReadOnlySpan<byte> pattern, out int at, out int length)
    {
        at = LengthOfFlags(pattern);
        var run = FindRun(pattern[at..]);
        length = 0;
        if (run.IsEmpty || HasAlternatives(pattern) || pattern.IndexOf("(*"u8) >= 0)
            return pattern.ToArray();

        byte[] look = [.. "(?<!"u8, .. run, (byte)')'];
        length = look.Length;
        return [.. pattern[..at], .. look, .. pattern[at..]];
    }

    /// <summary>Whether the pattern is tried at one place of a text only.</summary>
    public static bool IsAnchored(ReadOnlySpan<byte> pattern)
    {
        var rest = pattern[LengthOfFlags(pattern)..];
        return (rest.StartsWith((byte)'^') || rest.StartsWith("\\A"u8)) && !HasAlternatives(pattern);
    }

    private static int LengthOfFlags(ReadOnlySpan<byte> pattern) =>
        pattern.StartsWith("(?i)"u8) || pattern.StartsWith("(?s)"u8) ? 4
        : pattern.StartsWith("(?is)"u8) || pattern.StartsWith("(?si)"u8) ? 5
        : 0;

    // The class of "X+", "X*", "(X+)", "(X*)" or "(X+)?" at the start; empty when there is none.
    private static ReadOnlySpan<byte> FindRun(ReadOnlySpan<byte> pattern)
    {
        var isGroup = pattern is [(byte)'(', not ((byte)'?' or (byte)'*'), ..];
        var rest = isGroup ? pattern[1..] : pattern;
        var length = LengthOfClass(rest);
        if (length == 0 || At(rest, length) is not ('+' or '*') || IsQuantifier(At(rest, length + 1)))
            return default;

        var run = rest[..length];
        if (!isGroup)
            return run;

        if (At(rest, length + 1) != ')')
            return default;

        var behind = At(rest, length + 2);
        return !IsQuantifier(behind) || (behind == '?' && !IsQuantifier(At(rest, length + 3))) ? run : default;
    }

    private static int LengthOfClass(ReadOnlySpan<byte> text)
    {
        if (text is [(byte)'.', ..])
            return 1;

        if (text is [(byte)'\\', (byte)'S' or (byte)'s' or (byte)'w' or (byte)'W' or (byte)'d' or (byte)'D', ..])
            return 2;

        if (text is not [(byte)'[', ..])
            return 0;

        // A bracket right after the opening one is an ordinary byte, and one inside may begin a named class: rare, left alone.
        var at = At(text, 1) == '^' ? 2 : 1;
        for (var first = at; at < text.Length; at++)
        {
            if (text[at] == '\\')
                at++;
            else if (text[at] == '[')
                return 0;
            else if (text[at] == ']')
                return at == first ? 0 : at + 1;
        }

        return 0;
    }

    private static bool HasAlternatives(ReadOnlySpan<byte> pattern)
    {
        var depth = 0;
        var inClass = false;
        for (var at = 0; at < pattern.Length; at++)
        {
            switch (pattern[at])
            {
                case (byte)'\\':
                    at++;
                    break;
                case (byte)'[' when !inClass:
                    inClass = true;
                    break;
                case (byte)']':
                    inClass = false;
                    break;
                case (byte)'(' when !inClass:
                    depth++;
                    break;
                case (byte)')' when !inClass:
                    depth--;
                    break;
                case (byte)'|' when !inClass && depth <= 0:
                    return true;
                default:
                    break;
            }
        }

        return false;
    }

    private static bool IsQuantifier(int c) => c is '?' or '+' or '*' or '{';

    private static int At(ReadOnlySpan<byte> text, int index) => index < text.Length ? text[index] : -1;
}
