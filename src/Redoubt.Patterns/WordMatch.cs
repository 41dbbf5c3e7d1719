namespace Redoubt.Patterns;

/// <summary>The search that <c>if_group</c> uses on group strings: substrings joined by <c>|</c>, <c>^</c> at the start, nothing else.</summary>
/// <remarks>Used while rules load, never on a line. An empty pattern is false; an empty text is false unless an alternative
/// begins with <c>^</c>. Source: rule-engine.md 5.3.</remarks>
public static class WordMatch
{
    /// <summary>Whether one of the pattern's alternatives stands in the text, apart from case.</summary>
    public static bool IsMatch(ReadOnlySpan<byte> pattern, ReadOnlySpan<byte> text)
    {
        if (pattern.IsEmpty)
            return false;

        foreach (var range in pattern.Split((byte)'|'))
        {
            var alternative = pattern[range];
            var atStart = alternative.StartsWith((byte)'^');
            var lowered = AsciiFold.ToLower(atStart ? alternative[1..] : alternative);
            if (atStart ? AsciiFold.StartsWithLowered(text, lowered) : !text.IsEmpty && AsciiFold.ContainsLowered(text, lowered))
                return true;
        }

        return false;
    }
}
