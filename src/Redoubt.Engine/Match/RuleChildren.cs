using Redoubt.Engine.Decode;

namespace Redoubt.Engine.Match;

/// <summary>The children of a rule, so that one event meets few of them: those for its decoder, in the order in which they are tried.</summary>
/// <remarks>Immutable; made when loading is over.</remarks>
internal sealed class RuleChildren
{
    // Below that a table costs more than it saves.
    private const int MinChildren = 8;

    private readonly RuleChild[] _others;
    private readonly RuleChild[]?[] _byDecoder;

    private RuleChildren(RuleChild[] all, RuleChild[] others, RuleChild[]?[] byDecoder)
    {
        All = all;
        _others = others;
        _byDecoder = byDecoder;
    }

    public static RuleChildren Of(IReadOnlyList<Rule> children)
    {
        var numbers = children.Select(DecoderOf).Where(n => n >= 0).Distinct().ToList();
        RuleChild[] all = [.. children.Select(RuleChild.Of)];
        if (children.Count < MinChildren || numbers.Count == 0)
            return new RuleChildren(all, all, []);

        var byDecoder = new RuleChild[]?[numbers.Max() + 1];
        foreach (var number in numbers)
            byDecoder[number] = [.. children.Where(c => DecoderOf(c) is var own && (own < 0 || own == number)).Select(RuleChild.Of)];

        return new RuleChildren(all, [.. children.Where(c => DecoderOf(c) < 0).Select(RuleChild.Of)], byDecoder);
    }

    /// <summary>Every child, in the order in which they are tried.</summary>
    public RuleChild[] All { get; }

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
internal readonly record struct RuleChild(Rule Rule, LiteralGate Gate)
{
    public static RuleChild Of(Rule rule) => new(rule, LiteralGate.Of(rule.Literals));
}
