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
            texts[i] = BestRun(alternatives[i].Elements);
            if (texts[i].Length == 0)
                return [];
        }

        return texts;
    }

    public static byte[][]? Exact(OsRegexAlternative[] alternatives) =>
        Array.TrueForAll(
            alternatives,
            a => a is { AtStart: true, AtEnd: true } && Array.TrueForAll(a.Elements, e => e.Kind == ElementKind.Literal)
        )
            ? Array.ConvertAll(alternatives, a => Array.ConvertAll(a.Elements, e => e.Literal))
            : null;

    // The machine leaves a row of literals only behind its last one, with a single exception: a pattern's last element is not
    // looked at when it follows a single class that fails in a certain state. Such a row of one literal proves nothing.
    private static byte[] BestRun(OsRegexElement[] elements)
    {
        byte[] best = [];
        var start = 0;
        for (var i = 0; i <= elements.Length; i++)
        {
            if (i < elements.Length && elements[i].Kind == ElementKind.Literal)
                continue;

            var isUnproven =
                i - start == 1 && i == elements.Length && start > 0 && elements[start - 1] is { IsClass: true, Quantifier: Quantifier.One };
            var run = Array.ConvertAll(elements[start..i], e => e.Literal);
            if (!isUnproven && Worth(run) > Worth(best))
                best = run;

            start = i + 1;
        }

        return best;
    }

    // Long rows say most; of short ones those with a byte that few logs have: "%" rather than ":".
    private static int Worth(byte[] run)
    {
        const int LongRun = 3;
        return run.Length >= LongRun ? 100 + run.Length
            : run.Length == 0 ? 0
            : run.Length + (10 * run.Max(Rarity));
    }

    private static int Rarity(byte c)
    {
        if (char.IsAsciiLetterOrDigit((char)c) || " :.-/,"u8.Contains(c))
            return 0;

        return "=()[]\"'_"u8.Contains(c) ? 1 : 2;
    }
}
