namespace Redoubt.Patterns;

/// <summary>Finds the literal texts without which an osregex cannot match, so that most lines need no machine at all.</summary>
internal static class OsRegexLiterals
{
    /// <summary>One text per alternative, or nothing when an alternative has none.</summary>
    public static byte[][] Required(OsRegexAlternative[] alternatives)
    {
        var texts = new byte[alternatives.Length][];
        for (var i = 0; i < alternatives.Length; i++)
        {
            texts[i] = LongestRun(alternatives[i].Elements);
            if (texts[i].Length == 0)
                return [];
        }

        return texts;
    }

    public static byte[][]? Exact(OsRegexAlternative[] alternatives) =>
        Array.TrueForAll(alternatives, a => a is { AtStart: true, AtEnd: true } && Array.TrueForAll(a.Elements, e => e.Kind == ElementKind.Literal))
            ? Array.ConvertAll(alternatives, a => Array.ConvertAll(a.Elements, e => e.Literal))
            : null;

    // The machine leaves a row of literals only behind its last one, with a single exception: the last element of a pattern
    // is not looked at when the class before it fails in a certain state. So a row of one literal at the end proves nothing.
    private static byte[] LongestRun(OsRegexElement[] elements)
    {
        var (bestStart, bestLength, start) = (0, 0, 0);
        for (var i = 0; i <= elements.Length; i++)
        {
            if (i < elements.Length && elements[i].Kind == ElementKind.Literal)
                continue;

            var length = i - start;
            var provesNothing = length == 1 && i == elements.Length && elements.Length > 1;
            if (length > bestLength && !provesNothing)
                (bestStart, bestLength) = (start, length);

            start = i + 1;
        }

        return Array.ConvertAll(elements[bestStart..(bestStart + bestLength)], e => e.Literal);
    }
}
