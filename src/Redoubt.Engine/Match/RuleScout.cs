using Redoubt.Engine.Decode;
using Redoubt.Engine.Explain;

namespace Redoubt.Engine.Match;

/// <summary>Walks the rule tree for one event and leaves out everything that the event alone decides.</summary>
/// <remarks>
/// Looks at no memory of other lines, so any number of threads may each scout lines of their own; <see cref="RuleWalker"/> then
/// asks the rest, line by line in order of arrival. Where the first matching sibling is certain, those behind it are not looked at.
/// Allocates nothing. Threads: not safe; one for each. Source: rule-engine.md 4.2.
/// </remarks>
internal sealed class RuleScout(Ruleset ruleset, TimeZoneInfo timeZone)
{
    // Conditions that have a memory are not asked here, so these memories stay empty.
    private readonly RuleContext _context = new(timeZone, null);

    /// <summary>Finds the candidates of an event.</summary>
    /// <param name="e">The event.</param>
    /// <param name="trace">Who watches.</param>
    public void Scout<TTrace>(DecodedEvent e, ref TTrace trace)
        where TTrace : struct, IRuleTrace
    {
        e.Candidates.Clear();
        foreach (var root in ruleset.Roots)
        {
            if (root.Category == e.Category && Scout(root, e, ref trace))
                return;
        }
    }

    // True when the rule or one below it matches for certain.
    private bool Scout<TTrace>(Rule rule, DecodedEvent e, ref TTrace trace)
        where TTrace : struct, IRuleTrace
    {
        if (TTrace.IsOn)
            trace.Try(rule);

        var isCertain = Look(rule, e, ref trace);
        if (TTrace.IsOn)
            trace.Leave();

        return isCertain;
    }

    private bool Look<TTrace>(Rule rule, DecodedEvent e, ref TTrace trace)
        where TTrace : struct, IRuleTrace
    {
        var conditions = rule.Conditions;
        var before = e.WorkBytes;
        var holds = Holds(conditions, e, out var firstOpen);
        if (e.IsLong)
            e.NoteWork(rule, e.WorkBytes - before);

        if (!holds)
        {
            if (TTrace.IsOn)
                trace.Failed(firstOpen, e);

            return false;
        }

        var candidates = e.Candidates;
        var place = candidates.Add(rule, firstOpen);
        if (TTrace.IsOn)
            trace.Kept(place);

        // Table and gate only pass over children of which a condition without a memory fails; a watcher wants to see it fail.
        var isCertain = !rule.NoAlert;
        foreach (var child in TTrace.IsOn ? rule.ChildTable.All : rule.ChildTable.For(e.Decoder))
        {
            if ((TTrace.IsOn || child.Gate.IsOpen(e.Literals)) && Scout(child.Rule, e, ref trace))
            {
                isCertain = true;
                break;
            }
        }

        candidates.At(place).End = candidates.Count;
        if (firstOpen < conditions.Length || rule.Composite is not null)
            return false;

        // A rule that only holds others, of which none is left, is nothing to come back to.
        if (!isCertain && candidates.Count == place + 1)
        {
            candidates.Truncate(place);
            if (TTrace.IsOn)
                trace.Barren();
        }

        return isCertain;
    }

    // Up to the first condition that looks at earlier lines.
    private bool Holds(Condition[] conditions, DecodedEvent e, out int firstOpen)
    {
        for (firstOpen = 0; firstOpen < conditions.Length && !conditions[firstOpen].HasMemory; firstOpen++)
        {
            if (!conditions[firstOpen].Holds(e, _context))
                return false;
        }

        return true;
    }
}
