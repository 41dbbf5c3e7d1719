namespace Redoubt.Patterns.Shapes;

/// <summary>Tells which texts an osregex pattern matches.</summary>
/// <remarks>Groups are counted anew in each alternative, as the captures of a match are.</remarks>
internal static class OsRegexShape
{
    /// <summary>Null when the pattern is not valid.</summary>
    public static PatternNode? Read(ReadOnlySpan<byte> pattern) =>
        OsRegexParser.Parse(pattern, out _) is { } alternatives ? new ChoiceNode(Array.ConvertAll(alternatives, Alternative)) : null;

    private static PatternNode Alternative(OsRegexAlternative alternative)
    {
        var (whole, group) = (new List<PatternNode>(), new List<PatternNode>());
        if (alternative.AtStart)
            whole.Add(new StartNode());

        var groups = 0;
        var current = whole;
        foreach (var element in alternative.Elements)
        {
            if (!element.IsMark)
            {
                current.Add(Element(element));
            }
            else if (element.Mark % 2 == 0)
            {
                current = group;
            }
            else
            {
                whole.Add(new GroupNode(++groups, new SequenceNode([.. group])));
                group.Clear();
                current = whole;
            }
        }

        if (alternative.AtEnd)
            whole.Add(new EndNode(AlsoBeforeNewline: false));

        return new SequenceNode(whole);
    }

    // A line is folded to lower case before it is asked.
    private static PatternNode Element(OsRegexElement element)
    {
        var set = new SetNode(
            ByteSet.Where(c => element.IsClass ? element.ClassContains(AsciiFold.Lower(c)) : AsciiFold.Lower(c) == element.Literal)
        );
        return element.Quantifier switch
        {
            Quantifier.Plus => new RepeatNode(set, 1, null),
            Quantifier.Star => new RepeatNode(set, 0, null),
            _ => set,
        };
    }
}
