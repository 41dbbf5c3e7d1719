namespace Redoubt.Config;

/// <summary><c>multiline_regex</c> as written.</summary>
/// <param name="Pattern">PCRE2.</param>
/// <param name="Match"><c>start</c>, <c>all</c> or <c>end</c>.</param>
/// <param name="Separator">What takes the place of a newline.</param>
/// <param name="TimeoutSeconds">1 to 120.</param>
public sealed record MultilineRegexOptions(string Pattern, string Match, string Separator, int TimeoutSeconds);
