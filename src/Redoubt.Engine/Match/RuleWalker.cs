using Redoubt.Engine.Correlate;
using Redoubt.Engine.Decode;
using Redoubt.Engine.Explain;

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
    /// <param name="trace">Who watches.</param>
    /// <param name="parent">The rule above it in the tree; null for a root.</param>
    public Rule? Find<TTrace>(DecodedEvent e, ref TTrace trace, out Rule? parent)
        where TTrace : struct, IRuleTrace
    {
        _parent = null;
        Rule? found = null;
        for (var i = 0; found is null && i < e.Candidates.Count; i = e.Candidates.At(i).End)
            found = Check(i, e, ref trace);

        parent = _parent;
        return found;
    }

    private Rule? Check<TTrace>(int place, DecodedEvent e, ref TTrace trace)
        where TTrace : struct, IRuleTrace
    {
        var candidate = e.Candidates.At(place);
        var rule = candidate.Rule;
        var before = e.WorkBytes;
        var holds = Holds(place, rule, candidate.FirstOpen, e, ref trace);
        if (e.IsLong)
            e.NoteWork(rule, e.WorkBytes - before);

        if (!holds)
            return null;

        if (rule.Composite is { } composite)
        {
            if (TTrace.IsOn)
                trace.Counted(place, _correlator.Count(composite, e));

            if (!_correlator.Fires(composite, e))
                return null;
        }

        if (TTrace.IsOn)
            trace.Matched(place);

        for (var i = place + 1; i < candidate.End; i = e.Candidates.At(i).End)
        {
            if (Check(i, e, ref trace) is not { } found)
                continue;

            _parent ??= rule;
            return found;
        }

        if (rule.NoAlert)
            return null;

        if (TTrace.IsOn)
            trace.Final(place);

        _firedTimes[rule.Index]++;
        return rule;
    }

    private bool Holds<TTrace>(int place, Rule rule, int firstOpen, DecodedEvent e, ref TTrace trace)
        where TTrace : struct, IRuleTrace
    {
        var conditions = rule.Conditions;
        for (var i = firstOpen; i < conditions.Length; i++)
        {
            if (conditions[i].Holds(e, _context))
                continue;

            if (TTrace.IsOn)
                trace.Failed(place, i, e);

            return false;
        }

        return true;
    }
}
