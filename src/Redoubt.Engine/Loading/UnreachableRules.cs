using Redoubt.Engine.Match;
using Redoubt.Model;

namespace Redoubt.Engine.Loading;

/// <summary>Notes the rules that can never be an event's final rule because of their place in the tree.</summary>
/// <remarks>Two kinds are told: a rule behind a sibling that takes every event, and a rule that asks for another decoder than all its parents.
/// A rule with several parents is told only when it is out of reach below each of them. Source: rule-engine.md 4.2.</remarks>
internal sealed class UnreachableRules(List<Rule> roots, List<Rule> rules, DiagnosticBag bag)
{
    private readonly HashSet<Rule> _reached = [];
    private readonly HashSet<(Rule, int?)> _visited = [];
    private readonly Dictionary<Rule, Rule> _behind = [];
    private readonly Dictionary<Rule, Rule> _contradicts = [];

    /// <summary>Adds the notes.</summary>
    public void Note()
    {
        foreach (var root in roots)
            Visit(root, decoder: null);

        foreach (var rule in rules.Where(r => !_reached.Contains(r)))
        {
            if (_behind.TryGetValue(rule, out var first))
                Add(
                    rule,
                    "RULE0088",
                    $"Rule {rule.Id} never gets its turn: rule {first.Id} has no condition of its own and comes before it.",
                    "Give it a higher level, or the other rule a condition."
                );
            else if (_contradicts.TryGetValue(rule, out var above))
                Add(
                    rule,
                    "RULE0089",
                    $"Rule {rule.Id} asks for another decoder than rule {above.Id} above it, so it cannot fire.",
                    "Correct <decoded_as>, or put it below another rule."
                );
        }
    }

    private void Visit(Rule rule, int? decoder)
    {
        var own = DecoderOf(rule) ?? decoder;
        _reached.Add(rule);
        if (!_visited.Add((rule, own)))
            return;

        Rule? takesAll = null;
        foreach (var child in rule.Children)
        {
            if (takesAll is not null)
                _behind.TryAdd(child, takesAll);
            else if (own is { } wanted && DecoderOf(child) is { } asked && asked != wanted)
                _contradicts.TryAdd(child, rule);
            else
                Visit(child, own);

            if (TakesEveryEvent(child))
                takesAll ??= child;
        }
    }

    private static int? DecoderOf(Rule rule) => rule.Conditions.OfType<DecodedAsCondition>().FirstOrDefault()?.DecoderNumber;

    private static bool TakesEveryEvent(Rule rule) => rule is { Conditions.Length: 0, Composite: null, NoAlert: false, SuppressedBy: null };

    private void Add(Rule rule, string code, string problem, string fix) =>
        bag.Note(rule.Summary.File, rule.Summary.Line, 0, code, null, problem, fix);
}
