namespace Redoubt.Engine.Match;

/// <summary>A memory of <c>if_matched_regex</c>: every event whose log matches is remembered in a window.</summary>
/// <param name="Pattern">An osregex.</param>
/// <param name="Window">Number of the window.</param>
internal sealed record RegexFeed(TextPattern Pattern, int Window);
