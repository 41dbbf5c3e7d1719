using Redoubt.Engine.Decode;
using Redoubt.Patterns;

namespace Redoubt.Engine.Match;

/// <summary>The children of a rule, so that one event meets few of them: those for its decoder, in the order in which they are tried.</summary>
/// <remarks>Immutable; made when loading is over.</remarks>
internal sealed class RuleChildren
{
    // Below that a table costs more than it saves.
    private const int MinChildren = 8;

    private readonly RuleChild[] _others;
    private readonly RuleChild[]?[] _byDecoder;

    private RuleChildren(RuleChild[] others, RuleChild[]?[] byDecoder)
    {
        _others = others;
        _byDecoder = byDecoder;
    }

    public static RuleChildren Of(IReadOnlyList<Rule> children)
    {
        var numbers = children.Select(DecoderOf).Where(n => n >= 0).Distinct().ToList();
        if (children.Count < MinChildren || numbers.Count == 0)
            return new RuleChildren([.. children.Select(RuleChild.Of)], []);

        var byDecoder = new RuleChild[]?[numbers.Max() + 1];
        foreach (var number in numbers)
            byDecoder[number] = [.. children.Where(c => DecoderOf(c) is var own && (own < 0 || own == number)).Select(RuleChild.Of)];

        return new RuleChildren([.. children.Where(c => DecoderOf(c) < 0).Select(RuleChild.Of)], byDecoder);
    }

    /// <summary>Those that an event of this decoder may meet.</summary>
    public RuleChild[] For(Decoder? decoder)
    {
        var number = decoder?.NameNumber ?? -1;
        return (uint)number < (uint)_byDecoder.Length ? _byDecoder[number] ?? _others : _others;
    }

    private static int DecoderOf(Rule rule)
    {
        foreach (var condition in rule.Conditions)
        {
            if (condition is DecodedAsCondition decodedAs)
                return decodedAs.DecoderNumber;
        }

        return -1;
    }
}

/// <summary>A child with what decides whether it is worth entering, side by side: most children of an event's rule are passed over.</summary>
/// <param name="Rule">The child.</param>
/// <param name="FirstLiteral">The first of <see cref="Rule.Literals"/>, or -1 when it has none.</param>
/// <param name="MoreLiterals">The others.</param>
internal readonly record struct RuleChild(Rule Rule, int FirstLiteral, int[] MoreLiterals)
{
    public static RuleChild Of(Rule rule) => new(rule, rule.Literals.Length > 0 ? rule.Literals[0] : -1, [.. rule.Literals.Skip(1)]);

    /// <summary>Whether the literals found in the log leave the child a chance.</summary>
    public bool IsWorthEntering(ReadOnlySpan<ulong> present) =>
        FirstLiteral < 0
        || (present[FirstLiteral >> 6] & (1UL << (FirstLiteral & 63))) != 0
        || (MoreLiterals.Length > 0 && LiteralSet.ContainsAny(present, MoreLiterals));
}
