using Redoubt.Engine.Correlate;
using Redoubt.Engine.Decode;
using Redoubt.Engine.Explain;
using Redoubt.Patterns;

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
    /// <param name="trace">Who watches.</param>
    /// <param name="parent">The rule above it in the tree; null for a root.</param>
    public Rule? Find<TTrace>(DecodedEvent e, ref TTrace trace, out Rule? parent)
        where TTrace : struct, IRuleTrace
    {
        _parent = null;
        Rule? found = null;
        foreach (var root in _ruleset.Roots)
        {
            if (root.Category == e.Category && (found = Check(root, e, ref trace)) is not null)
                break;
        }

        parent = _parent;
        return found;
    }

    private Rule? Check<TTrace>(Rule rule, DecodedEvent e, ref TTrace trace)
        where TTrace : struct, IRuleTrace
    {
        if (TTrace.IsOn)
            trace.Try(rule);

        var found = Holds(rule, e, ref trace) ? FindFinal(rule, e, ref trace) : null;
        if (TTrace.IsOn)
            trace.Leave(ReferenceEquals(found, rule));

        return found;
    }

    private bool Holds<TTrace>(Rule rule, DecodedEvent e, ref TTrace trace)
        where TTrace : struct, IRuleTrace
    {
        var conditions = rule.Conditions;
        for (var i = 0; i < conditions.Length; i++)
        {
            if (conditions[i].Holds(e, _context))
                continue;

            if (TTrace.IsOn)
                trace.Failed(i, e);

            return false;
        }

        if (rule.Composite is not { } composite)
            return true;

        if (TTrace.IsOn)
            trace.Counted(_correlator.Count(composite, e));

        return _correlator.Fires(composite, e);
    }

    private Rule? FindFinal<TTrace>(Rule rule, DecodedEvent e, ref TTrace trace)
        where TTrace : struct, IRuleTrace
    {
        if (TTrace.IsOn)
            trace.Matched();

        // The table and the literals only pass over children of which a condition without memory fails; a watcher wants to see it fail.
        foreach (var child in TTrace.IsOn ? rule.ChildTable.All : rule.ChildTable.For(e.Decoder))
        {
            if (!TTrace.IsOn && child.Literals.Length > 0 && !LiteralSet.ContainsAny(e.Literals, child.Literals))
                continue;

            if (Check(child, e, ref trace) is not { } found)
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
