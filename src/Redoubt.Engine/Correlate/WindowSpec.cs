using Redoubt.Engine.Match;

namespace Redoubt.Engine.Correlate;

/// <summary>Which events a window counts together: composites over the same memory that compare the same fields share one.</summary>
/// <remarks>Immutable; made by the loader.</remarks>
internal sealed class WindowSpec
{
    /// <summary>Upper number of events of one key for rules with <c>different_*</c>; they may have to pass over many.</summary>
    public const int MaxEntriesWithDifferences = 8_192;

    /// <summary>Position among the ruleset's windows.</summary>
    public required int Index { get; init; }

    /// <summary>Number of its kind of key: windows that compare the same fields of the same hosts share one.</summary>
    public required int KeyKind { get; init; }

    /// <summary>A text that is the same for the same window in another version of the ruleset; see <c>AnalysisEngine.TakeOver</c>.</summary>
    public required string Identity { get; init; }

    /// <summary>What must be equal (<c>same_*</c>).</summary>
    public required EventPart[] Same { get; init; }

    /// <summary>What must differ (<c>different_*</c>).</summary>
    public required EventPart[] Different { get; init; }

    /// <summary>Whether <see cref="Different"/> holds dynamic fields; then events without any dynamic field never count together.</summary>
    public bool DiffersInDynamic { get; init; }

    /// <summary>Count over all agents.</summary>
    public required bool IsGlobal { get; init; }

    /// <summary>For <c>if_matched_regex</c>: only events of the same category count together.</summary>
    public required bool SeparatesCategories { get; init; }

    /// <summary>Events of one key that can matter to any of the composites.</summary>
    public int MaxEntries { get; set; }

    /// <summary>Longest timeframe of the composites.</summary>
    public int MaxTimeframeSeconds { get; set; }
}
