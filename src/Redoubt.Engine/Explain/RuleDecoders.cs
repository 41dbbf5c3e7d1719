using Redoubt.Engine.Match;

namespace Redoubt.Engine.Explain;

/// <summary>Tells from which decoders the events of a rule can come, going by <c>decoded_as</c> of the rule and of those it hangs below.</summary>
/// <remarks>One object a ruleset; made in one pass over the rules.</remarks>
internal sealed class RuleDecoders
{
    private readonly Dictionary<Rule, HashSet<int>?> _names = [];

    public RuleDecoders(IReadOnlyList<Rule> roots)
    {
        foreach (var root in roots)
            Visit(root, null);
    }

    /// <summary>Whether an event of this decoder, by the number of its name, can have the rule.</summary>
    public bool CanMeet(Rule rule, int decoderName) =>
        !_names.TryGetValue(rule, out var names) || names is null || names.Contains(decoderName);

    // A rule with several parents takes what any of them lets through; null stands for all.
    private void Visit(Rule rule, HashSet<int>? above)
    {
        var own = rule.Conditions.OfType<DecodedAsCondition>().FirstOrDefault() is { } decodedAs ? [decodedAs.DecoderNumber] : above;
        if (_names.TryGetValue(rule, out var known))
        {
            if (known is null || (own is not null && own.IsSubsetOf(known)))
                return;

            own = own is null ? null : [.. known, .. own];
        }

        _names[rule] = own;
        foreach (var child in rule.Children)
            Visit(child, own);
    }
}
