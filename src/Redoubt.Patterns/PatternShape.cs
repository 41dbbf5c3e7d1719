using Redoubt.Patterns.Shapes;

namespace Redoubt.Patterns;

/// <summary>Which texts a pattern matches, to be reasoned about: does a group stand in one place, whatever a line says?</summary>
/// <remarks>Immutable; safe for threads.</remarks>
public sealed class PatternShape
{
    private readonly PatternNode _root;

    private PatternShape(PatternNode root) => _root = root;

    /// <summary>A pattern of any texts.</summary>
    public static PatternShape Anything { get; } = new(new SequenceNode([new StartNode(), PatternNode.Anything]));

    /// <summary>The shape of an osregex pattern; null when it is not valid.</summary>
    public static PatternShape? OfOsRegex(ReadOnlySpan<byte> pattern) =>
        OsRegexShape.Read(pattern) is { } root ? new PatternShape(root) : null;

    /// <summary>The shape of a PCRE2 pattern; null when it is not valid or holds what is not known, such as recursion.</summary>
    public static PatternShape? OfPcre2(ReadOnlySpan<byte> pattern) => Pcre2Shape.Read(pattern) is { } root ? new PatternShape(root) : null;

    /// <summary>Looks for a line in which a group may stand in two places.</summary>
    /// <param name="patterns">Patterns that are matched one after the other, each from where the one before ended; at least one.</param>
    /// <param name="group">Which group of the last pattern, from 1.</param>
    /// <param name="line">When the answer is no: an example, or null when there was too much to look at.</param>
    /// <returns>True when there is no such line: however a line is read, from the left or from the right, the group stands in the same
    /// place. Beginnings inside one run of the bytes of an address count as the same place.</returns>
    public static bool HasOnePlace(IReadOnlyList<PatternShape> patterns, int group, out byte[]? line)
    {
        line = null;
        if (ShapeProgram.Of([.. patterns.Select(pattern => pattern._root)], group) is not { } program)
            return false;

        line = new TwoReadings(program).FindLine();
        return line is { Length: 0 };
    }
}
