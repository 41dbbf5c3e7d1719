using Redoubt.Engine.Correlate;
using Redoubt.Engine.Decode;

namespace Redoubt.Engine.Match;

/// <summary>Finds the rule of an event among its candidates: the first matching sibling decides, with the deepest match below it.</summary>
/// <remarks>Asks only what <see cref="RuleScout"/> left open: conditions with a memory, and whether composites fire. Allocates nothing.
/// Threads: not safe. Source: rule-engine.md 4.2.</remarks>
internal sealed class RuleWalker
{
    private readonly RuleContext _context;
    private readonly Correlator _correlator;
    private readonly int[] _firedTimes;
    private Rule? _parent;

    public RuleWalker(Ruleset ruleset, RuleContext context, Correlator correlator)
    {
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
        for (var i = 0; found is null && i < e.Candidates.Count; i = e.Candidates.At(i).End)
            found = Check(i, e);

        parent = _parent;
        return found;
    }

    private Rule? Check(int place, DecodedEvent e)
    {
        var candidate = e.Candidates.At(place);
        var rule = candidate.Rule;
        var before = e.WorkBytes;
        var holds = Holds(rule, candidate.FirstOpen, e);
        if (e.IsLong)
            e.NoteWork(rule, e.WorkBytes - before);

        if (!holds)
            return null;

        if (rule.Composite is { } composite && !_correlator.Fires(composite, e))
            return null;

        for (var i = place + 1; i < candidate.End; i = e.Candidates.At(i).End)
        {
            if (Check(i, e) is not { } found)
                continue;

            _parent ??= rule;
            return found;
        }

        if (rule.NoAlert)
            return null;

        _firedTimes[rule.Index]++;
        return rule;
    }

    private bool Holds(Rule rule, int firstOpen, DecodedEvent e)
    {
        for (var i = firstOpen; i < rule.Conditions.Length; i++)
        {
            if (!rule.Conditions[i].Holds(e, _context))
                return false;
        }

        return true;
    }
}
