using Redoubt.Engine.Correlate;
using Redoubt.Engine.Decode;

namespace Redoubt.Engine.Match;

/// <summary>Walks the rule tree for one event: the first matching sibling decides, with the deepest match below it.</summary>
/// <remarks>Allocates nothing. Threads: not safe. Source: rule-engine.md 4.2.</remarks>
internal sealed class RuleWalker
{
    private readonly Ruleset _ruleset;
    private readonly RuleContext _context;
    private readonly Correlator _correlator;
    private readonly int[] _firedTimes;
    private Rule? _parent;

    public RuleWalker(Ruleset ruleset, RuleContext context, Correlator correlator)
    {
        _ruleset = ruleset;
        _context = context;
        _correlator = correlator;
        _firedTimes = new int[ruleset.AllRules.Length];
    }

    /// <summary>Times each rule was the final one, by <see cref="Rule.Index"/>.</summary>
    public int[] FiredTimes => _firedTimes;

    /// <summary>The rule of the event, or null.</summary>
    /// <param name="e">The event.</param>
    /// <param name="parent">The rule above it in the tree; null for a root.</param>
    public Rule? Find(DecodedEvent e, out Rule? parent)
    {
        _parent = null;
        Rule? found = null;
        foreach (var root in _ruleset.Roots)
        {
            if (root.Category == e.Category && (found = Check(root, e)) is not null)
                break;
        }

        parent = _parent;
        return found;
    }

    private Rule? Check(Rule rule, DecodedEvent e)
    {
        foreach (var condition in rule.Conditions)
        {
            if (!condition.Holds(e, _context))
                return null;
        }

        if (rule.Composite is { } composite && !_correlator.Fires(composite, e))
            return null;

        foreach (var child in rule.ChildTable.For(e.Decoder))
        {
            if (!child.Gate.IsOpen(e.Literals))
                continue;

            if (Check(child.Rule, e) is not { } found)
                continue;

            _parent ??= rule;
            return found;
        }

        if (rule.NoAlert)
            return null;

        _firedTimes[rule.Index]++;
        return rule;
    }
}
