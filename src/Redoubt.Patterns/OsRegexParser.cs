namespace Redoubt.Patterns;

/// <summary>Reads an osregex pattern into alternatives (rule-engine.md 5.1, "Syntax").</summary>
internal static class OsRegexParser
{
    public static OsRegexAlternative[]? Parse(ReadOnlySpan<byte> pattern, out string? problem)
    {
        var alternatives = new List<OsRegexAlternative>();
        var at = 0;
        do
        {
            if (ReadAlternative(pattern, ref at, out problem) is not { } alternative)
                return null;

            alternatives.Add(alternative);
        } while (at++ < pattern.Length);

        return [.. alternatives];
    }

    // Leaves "at" on the bar that ends the alternative, or at the end.
    private static OsRegexAlternative? ReadAlternative(ReadOnlySpan<byte> pattern, ref int at, out string? problem)
    {
        var elements = new List<OsRegexElement>();
        var marks = 0;
        var atStart = at < pattern.Length && pattern[at] == '^';
        if (atStart)
            at++;

        var atEnd = false;
        for (; at < pattern.Length && pattern[at] != '|'; at++)
        {
            var c = pattern[at];
            if (c == '\\')
            {
                var bit = at + 1 < pattern.Length ? OsRegexClasses.Bit(pattern[at + 1]) : (ushort)0;
                if (bit == 0)
                {
                    problem =
                        at + 1 < pattern.Length
                            ? $"'\\{(char)pattern[at + 1]}' is not an escape of osregex."
                            : "The pattern ends in a backslash.";
                    return null;
                }

                at++;
                var quantifier = ReadQuantifier(pattern, at + 1);
                if (quantifier != Quantifier.One)
                    at++;

                elements.Add(new OsRegexElement(ElementKind.Class, quantifier, 0, bit, 0));
            }
            else if (c is (byte)'(' or (byte)')')
            {
                if ((c == '(') != (marks % 2 == 0))
                {
                    problem = c == '(' ? "Groups cannot be nested." : "A ')' closes no group.";
                    return null;
                }

                // The original keeps one byte for either parenthesis, so a mark that is compared stands for '('.
                elements.Add(new OsRegexElement(ElementKind.Mark, Quantifier.One, (byte)'(', 0, marks++));
            }
            else if (c == '$' && (at + 1 == pattern.Length || pattern[at + 1] == '|'))
            {
                atEnd = true;
            }
            else
            {
                elements.Add(new OsRegexElement(ElementKind.Literal, Quantifier.One, AsciiFold.Lower(c), 0, 0));
            }
        }

        problem = marks % 2 == 0 ? null : "A group is not closed in its alternative.";
        return problem is null ? new OsRegexAlternative([.. elements], atStart, atEnd, marks) : null;
    }

    private static Quantifier ReadQuantifier(ReadOnlySpan<byte> pattern, int at)
    {
        if (at >= pattern.Length)
            return Quantifier.One;

        return pattern[at] switch
        {
            (byte)'+' => Quantifier.Plus,
            (byte)'*' => Quantifier.Star,
            _ => Quantifier.One,
        };
    }
}
