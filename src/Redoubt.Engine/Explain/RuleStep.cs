using Redoubt.Model;

namespace Redoubt.Engine.Explain;

/// <summary>A rule that was asked about a line.</summary>
public sealed class RuleStep
{
    /// <summary>The rule.</summary>
    public required RuleSummary Rule { get; init; }

    /// <summary>Rules above it in the walk; 0 for a root.</summary>
    public required int Depth { get; init; }

    /// <summary>Conditions it has of its own.</summary>
    public required int Conditions { get; init; }

    /// <summary>Whether there are rules below it.</summary>
    public required bool HasChildren { get; init; }

    /// <summary>Conditions that hold; the first one that does not ends the asking.</summary>
    public int Held { get; internal set; }

    /// <summary>Whether everything holds, so that its children were asked.</summary>
    public bool Matched { get; internal set; }

    /// <summary>Whether it is the line's rule.</summary>
    public bool IsFinal { get; internal set; }

    /// <summary>The option whose condition failed, or <c>frequency</c>; null when everything holds.</summary>
    public string? FailedOption { get; internal set; }

    /// <summary>In words: what was wanted, and what is there; null when everything holds.</summary>
    public string? Reason { get; internal set; }

    /// <summary>How far its window is; null for a rule that counts nothing, or that was not asked so far.</summary>
    public RuleWindow? Window { get; internal set; }
}
