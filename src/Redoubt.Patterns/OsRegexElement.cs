namespace Redoubt.Patterns;

/// <summary>What one element of an osregex alternative is.</summary>
internal enum ElementKind : byte
{
    Literal,
    Class,
    Mark,
}

/// <summary>How often an element may match.</summary>
internal enum Quantifier : byte
{
    One,
    Plus,
    Star,
}

/// <summary>One element: a literal byte (lower case), a class, or a parenthesis.</summary>
/// <param name="Kind">Which of them.</param>
/// <param name="Quantifier">Only classes have one.</param>
/// <param name="Literal">The byte; for a mark the byte it stands for when two marks follow one another (see <see cref="OsRegexMachine"/>).</param>
/// <param name="ClassBit">The class's bit in <see cref="OsRegexClasses"/>.</param>
/// <param name="Mark">Which parenthesis of the alternative, from 0.</param>
internal readonly record struct OsRegexElement(ElementKind Kind, Quantifier Quantifier, byte Literal, ushort ClassBit, int Mark)
{
    public bool IsClass => Kind == ElementKind.Class;

    public bool IsMark => Kind == ElementKind.Mark;

    public bool ClassContains(byte c) => (OsRegexClasses.Of(c) & ClassBit) != 0;
}

/// <summary>One alternative of a pattern.</summary>
/// <param name="Elements">In order.</param>
/// <param name="AtStart">Begins with <c>^</c>.</param>
/// <param name="AtEnd">Ends with <c>$</c>.</param>
/// <param name="Marks">Number of parentheses, opening and closing.</param>
internal sealed record OsRegexAlternative(OsRegexElement[] Elements, bool AtStart, bool AtEnd, int Marks)
{
    /// <summary>The byte that every match begins with, or -1: lets the machine jump to the next place worth trying.</summary>
    public int FirstLiteral { get; } = FindFirstLiteral(Elements);

    /// <summary>The literals that a pattern with <c>^</c> begins with: a text that does not begin with them cannot match.</summary>
    public byte[] Prefix { get; } = AtStart ? LeadingLiterals(Elements) : [];

    /// <summary>The class that every match begins with, or 0 when it begins with a literal or may begin with nothing.</summary>
    public ushort FirstClass { get; } = FindFirstClass(Elements);

    /// <summary>Whether a text that begins like this may match at all; a cheap look before the machine is started.</summary>
    public bool MayMatch(ReadOnlySpan<byte> text) =>
        !AtStart
        || (
            AsciiFold.StartsWithLowered(text, Prefix) && (FirstClass == 0 || text.IsEmpty || (OsRegexClasses.Of(text[0]) & FirstClass) != 0)
        );

    /// <summary>Whether a text that begins with this byte may match at all.</summary>
    public bool MayBeginWith(byte first)
    {
        if (!AtStart)
            return true;

        return Prefix.Length > 0 ? AsciiFold.Lower(first) == Prefix[0] : FirstClass == 0 || (OsRegexClasses.Of(first) & FirstClass) != 0;
    }

    private static ushort FindFirstClass(OsRegexElement[] elements)
    {
        var first = elements.Length > 0 && elements[0].IsMark ? 1 : 0;
        return elements.Length > first && elements[first] is { IsClass: true, Quantifier: not Quantifier.Star } element
            ? element.ClassBit
            : (ushort)0;
    }

    private static byte[] LeadingLiterals(OsRegexElement[] elements)
    {
        var end = Array.FindIndex(elements, e => e.Kind != ElementKind.Literal);
        return Array.ConvertAll(end < 0 ? elements : elements[..end], e => e.Literal);
    }

    private static int FindFirstLiteral(OsRegexElement[] elements)
    {
        var first = elements.Length > 0 && elements[0].IsMark ? 1 : 0;
        return elements.Length > first && elements[first].Kind == ElementKind.Literal ? elements[first].Literal : -1;
    }
}
