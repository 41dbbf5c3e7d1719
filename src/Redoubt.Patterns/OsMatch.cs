namespace Redoubt.Patterns;

/// <summary>The osmatch dialect: substrings joined by <c>|</c>, with <c>^</c> and <c>$</c> at the ends of each and <c>!</c> for the whole.</summary>
/// <remarks>
/// Case-insensitive for ASCII letters; no classes, no escapes, a backslash is a backslash. Cost: linear in text times
/// alternatives. Allocates nothing when matching. Threads: safe (immutable).
/// Source: rule-engine.md 5.2 (docs/compat/patterns.md).
/// </remarks>
public sealed class OsMatch
{
    /// <summary>Longest pattern accepted, in bytes.</summary>
    public const int MaxBytes = 20_480;

    private readonly Alternative[] _alternatives;

    private OsMatch(bool negated, Alternative[] alternatives)
    {
        IsNegated = negated;
        _alternatives = alternatives;
    }

    /// <summary>Whether the pattern begins with <c>!</c>.</summary>
    public bool IsNegated { get; }

    /// <summary>The lower-case texts of which one must stand in every text that matches; empty when there is no such condition.</summary>
    public IReadOnlyList<byte[]> RequiredTexts =>
        IsNegated || Array.Exists(_alternatives, a => a.Text.Length == 0) ? [] : Array.ConvertAll(_alternatives, a => a.Text);

    /// <summary>Whether a text matches just when one of <see cref="RequiredTexts"/> stands in it, wherever that is.</summary>
    public bool IsSearch => RequiredTexts.Count > 0 && Array.TrueForAll(_alternatives, a => a is { AtStart: false, AtEnd: false });

    /// <summary>The texts when every alternative wants equality (<c>^text$</c>), else null. Lets a caller index patterns by text.</summary>
    public IReadOnlyList<byte[]>? ExactTexts =>
        !IsNegated && Array.TrueForAll(_alternatives, a => a is { AtStart: true, AtEnd: true })
            ? Array.ConvertAll(_alternatives, a => a.Text)
            : null;

    /// <summary>Reads a pattern.</summary>
    /// <param name="pattern">Its bytes, as they stand in the file.</param>
    /// <param name="problem">Why it is refused, or null.</param>
    /// <returns>Null when refused; the only reason is its length.</returns>
    public static OsMatch? Parse(ReadOnlySpan<byte> pattern, out string? problem)
    {
        problem = null;
        if (pattern.Length > MaxBytes)
        {
            problem = $"The pattern is longer than {MaxBytes} bytes.";
            return null;
        }

        var negated = pattern.StartsWith((byte)'!');
        if (negated)
            pattern = pattern[1..];

        var alternatives = new List<Alternative>();
        foreach (var range in pattern.Split((byte)'|'))
            alternatives.Add(Alternative.Read(pattern[range]));

        return new OsMatch(negated, [.. alternatives]);
    }

    /// <summary>Whether the text matches.</summary>
    public bool IsMatch(ReadOnlySpan<byte> text)
    {
        foreach (var alternative in _alternatives)
        {
            if (alternative.IsMatch(text))
                return !IsNegated;
        }

        return IsNegated;
    }

    /// <summary>The same for a text that is folded to lower case already: a vectorised search for each alternative.</summary>
    public bool IsMatchLowered(ReadOnlySpan<byte> lowered)
    {
        foreach (var alternative in _alternatives)
        {
            if (alternative.IsMatchLowered(lowered))
                return !IsNegated;
        }

        return IsNegated;
    }

    private sealed record Alternative(byte[] Text, bool AtStart, bool AtEnd)
    {
        public static Alternative Read(ReadOnlySpan<byte> pattern)
        {
            var atStart = pattern.StartsWith((byte)'^');
            if (atStart)
                pattern = pattern[1..];

            var atEnd = pattern.EndsWith((byte)'$');
            if (atEnd)
                pattern = pattern[..^1];

            return new Alternative(AsciiFold.ToLower(pattern), atStart, atEnd);
        }

        public bool IsMatch(ReadOnlySpan<byte> text) =>
            (AtStart, AtEnd) switch
            {
                (true, true) => AsciiFold.EqualsLowered(text, Text),
                (true, false) => AsciiFold.StartsWithLowered(text, Text),
                (false, true) => AsciiFold.EndsWithLowered(text, Text),
                _ => AsciiFold.ContainsLowered(text, Text),
            };

        public bool IsMatchLowered(ReadOnlySpan<byte> text) =>
            (AtStart, AtEnd) switch
            {
                (true, true) => text.SequenceEqual(Text),
                (true, false) => text.StartsWith(Text),
                (false, true) => text.EndsWith(Text),
                _ => text.IndexOf(Text) >= 0,
            };
    }
}
