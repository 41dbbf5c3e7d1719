using Redoubt.Patterns;

namespace Redoubt.Collect;

/// <summary>A pattern of any of the three dialects.</summary>
/// <remarks>Immutable; threads: safe.</remarks>
public sealed class LinePattern
{
    private readonly Pcre2Pattern? _pcre2;
    private readonly OsRegex? _osRegex;
    private readonly OsMatch? _osMatch;

    private LinePattern(Pcre2Pattern? pcre2, OsRegex? osRegex, OsMatch? osMatch) =>
        (_pcre2, _osRegex, _osMatch) = (pcre2, osRegex, osMatch);

    /// <summary>Reads a pattern.</summary>
    /// <param name="type"><c>PCRE2</c> (also null), <c>osregex</c> or <c>osmatch</c>, in any case.</param>
    /// <param name="text">The pattern.</param>
    /// <param name="problem">What is wrong, when null is returned.</param>
    public static LinePattern? Parse(string? type, ReadOnlySpan<byte> text, out string? problem)
    {
        switch (type?.ToLowerInvariant() ?? "pcre2")
        {
            case "pcre2":
                return Pcre2Pattern.Parse(text, out problem) is { } pcre2 ? new LinePattern(pcre2, null, null) : null;
            case "osregex":
                return OsRegex.Parse(text.ToArray(), out problem) is { } osRegex ? new LinePattern(null, osRegex, null) : null;
            case "osmatch":
                return OsMatch.Parse(text, out problem) is { } osMatch ? new LinePattern(null, null, osMatch) : null;
            default:
                problem = $"'{type}' is no pattern type; write PCRE2, osregex or osmatch";
                return null;
        }
    }

    /// <summary>Whether it fits somewhere in the text.</summary>
    public bool IsMatch(ReadOnlySpan<byte> text) =>
        _pcre2?.IsMatch(text) ?? _osMatch?.IsMatch(text) ?? _osRegex!.IsMatch(AsciiFold.ToLower(text.ToArray()));
}
