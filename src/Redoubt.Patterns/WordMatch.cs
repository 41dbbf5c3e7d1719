namespace Redoubt.Patterns;

/// <summary>The search that <c>if_group</c> uses on group strings: substrings joined by <c>|</c>, <c>^</c> at the start, nothing else.</summary>
/// <remarks>Used while rules load, never on a line. An empty pattern is false; an empty text is false unless an alternative
/// begins with <c>^</c>. Immutable. Source: rule-engine.md 5.3.</remarks>
public sealed class WordMatch
{
    private readonly (byte[] Text, bool AtStart)[] _alternatives;

    /// <summary>Reads a pattern; every one is valid.</summary>
    public WordMatch(ReadOnlySpan<byte> pattern)
    {
        var alternatives = new List<(byte[], bool)>();
        if (!pattern.IsEmpty)
        {
            foreach (var range in pattern.Split((byte)'|'))
            {
                var alternative = pattern[range];
                var atStart = alternative.StartsWith((byte)'^');
                alternatives.Add((AsciiFold.ToLower(atStart ? alternative[1..] : alternative), atStart));
            }
        }

        _alternatives = [.. alternatives];
    }

    /// <summary>Whether one of the alternatives stands in the text, apart from case.</summary>
    public bool IsMatch(ReadOnlySpan<byte> text)
    {
        foreach (var (lowered, atStart) in _alternatives)
        {
            if (atStart ? AsciiFold.StartsWithLowered(text, lowered) : !text.IsEmpty && AsciiFold.ContainsLowered(text, lowered))
                return true;
        }

        return false;
    }
}
