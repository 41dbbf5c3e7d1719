using Redoubt.Model;

namespace Redoubt.Engine.Explain;

/// <summary>Everything about one rule, for people who write rules. Immutable.</summary>
public sealed record RuleDetails
{
    /// <summary>What the rest of the product knows of it.</summary>
    public required RuleSummary Rule { get; init; }

    /// <summary>How it got its place: the option and its text, for example <c>if_sid 5700</c>.</summary>
    public required string Place { get; init; }

    /// <summary>Rules it hangs below; it is asked only when one of them matched.</summary>
    public required IReadOnlyList<RuleSummary> Parents { get; init; }

    /// <summary>Rules below it, in the order in which they are asked.</summary>
    public required IReadOnlyList<RuleSummary> Children { get; init; }

    /// <summary>Its own conditions, in the order of tests.</summary>
    public required IReadOnlyList<RuleNeed> Needs { get; init; }

    /// <summary>What it counts, with what must be equal or differ; null for a rule that counts nothing.</summary>
    public string? Counts { get; init; }

    /// <summary>Whether it counts over all agents.</summary>
    public bool CountsGlobally { get; init; }

    /// <summary>Seconds of quiet after an alert; 0 for none.</summary>
    public int IgnoreSeconds { get; init; }

    /// <summary>Whether it is never the final rule.</summary>
    public bool NoAlert { get; init; }

    /// <summary>Fields it writes down for <c>check_if_ignored</c> of others, or null.</summary>
    public string? Ignores { get; init; }

    /// <summary>Fields that keep it quiet when another rule wrote them down, or null.</summary>
    public string? QuietWhenIgnored { get; init; }
}
