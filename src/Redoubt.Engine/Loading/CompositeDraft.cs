using Redoubt.Engine.Match;

namespace Redoubt.Engine.Loading;

/// <summary>A composite rule whose window is not yet planned.</summary>
internal sealed class CompositeDraft
{
    public CompositeDraft(Rule rule) => Rule = rule;

    public Rule Rule { get; }

    /// <summary>For <c>if_matched_sid</c>.</summary>
    public Rule? CountedRule { get; set; }

    /// <summary>For <c>if_matched_group</c>: every rule read before whose group string matches.</summary>
    public List<Rule>? CountedGroup { get; set; }

    public string? CountedGroupName { get; set; }

    /// <summary>For <c>if_matched_regex</c>.</summary>
    public TextPattern? CountedRegex { get; set; }

    public EventPart[] Same { get; private set; } = [];

    public EventPart[] Different { get; private set; } = [];

    public bool IsGlobal { get; private set; }

    public int Frequency { get; private set; }

    public int TimeframeSeconds { get; private set; }

    /// <summary>Takes what an overwriting rule may change as well.</summary>
    public void Take(RuleDraft draft)
    {
        Same = [.. draft.Same.Distinct()];
        Different = [.. draft.Different.Distinct()];
        IsGlobal = draft.IsGlobalFrequency;
        Frequency = draft.Frequency ?? 2;
        TimeframeSeconds = draft.TimeframeSeconds ?? RuleTreeBuilder.DefaultTimeframeSeconds;
    }
}
