namespace Redoubt.Engine.Explain;

/// <summary>How far the window of a composite rule is, before the line.</summary>
/// <param name="Counted">Earlier events that count for this line's source (or whatever must be equal).</param>
/// <param name="Needed">Earlier events it takes; the line itself is one more.</param>
/// <param name="TimeframeSeconds">Span in which they must lie.</param>
/// <param name="Counts">What it counts, in words.</param>
/// <param name="Missing">A field that must be equal and that the line lacks, or null.</param>
public sealed record RuleWindow(int Counted, int Needed, int TimeframeSeconds, string Counts, string? Missing);
