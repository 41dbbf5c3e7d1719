namespace Redoubt.Engine.Correlate;

/// <summary>When a composite rule fires.</summary>
/// <param name="Window">Where its events are remembered.</param>
/// <param name="Level">The rule's level: events marked with it or a higher one end the search.</param>
/// <param name="Needed">Events that must have been counted before the one that makes it fire: <c>frequency</c> - 2.</param>
/// <param name="TimeframeSeconds">Events older than this end the search.</param>
/// <param name="Counts">What it counts, in words.</param>
/// <param name="ShowsPrevious">Whether alerts show the counted lines (not for <c>if_matched_regex</c>).</param>
internal sealed record CompositeSpec(WindowSpec Window, int Level, int Needed, int TimeframeSeconds, bool ShowsPrevious, string Counts);
