namespace Redoubt.Config;

/// <summary>A pattern as written.</summary>
/// <param name="Type"><c>PCRE2</c>, <c>osregex</c> or <c>osmatch</c>; null: PCRE2.</param>
/// <param name="Text">The pattern.</param>
public sealed record PatternText(string? Type, string Text);
