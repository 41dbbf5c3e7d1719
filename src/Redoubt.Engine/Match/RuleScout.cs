using Redoubt.Engine.Decode;

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
    public void Scout(DecodedEvent e)
    {
        e.Candidates.Clear();
        foreach (var root in ruleset.Roots)
        {
            if (root.Category == e.Category && Scout(root, e))
                return;
        }
    }

    // True when the rule or one below it matches for certain.
    private bool Scout(Rule rule, DecodedEvent e)
    {
        var conditions = rule.Conditions;
        var before = e.WorkBytes;
        var holds = Holds(conditions, e, out var firstOpen);
        if (e.IsLong)
            e.NoteWork(rule, e.WorkBytes - before);

        if (!holds)
            return false;

        var candidates = e.Candidates;
        var place = candidates.Add(rule, firstOpen);
        var isCertain = !rule.NoAlert;
        foreach (var child in rule.ChildTable.For(e.Decoder))
        {
            if (child.Gate.IsOpen(e.Literals) && Scout(child.Rule, e))
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
            candidates.Truncate(place);

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
