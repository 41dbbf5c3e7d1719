namespace Redoubt.Engine.Correlate;

/// <summary>How far the window of a composite rule is for one event.</summary>
/// <param name="Counted">Earlier events that count, at most <paramref name="Needed"/>.</param>
/// <param name="Needed">Earlier events it takes.</param>
/// <param name="TimeframeSeconds">Span they must lie in.</param>
/// <param name="HasKey">False when the event lacks a field that must be equal, so that nothing can count.</param>
internal readonly record struct WindowCount(int Counted, int Needed, int TimeframeSeconds, bool HasKey);
