namespace Redoubt.Config;

/// <summary>A folder or file of the <c>&lt;ruleset&gt;</c> section.</summary>
/// <param name="Path">As configured.</param>
/// <param name="IsFolder">A folder: all files in it whose path matches the pattern.</param>
/// <param name="Pattern">OS_Regex on the path; default <c>.xml$</c>.</param>
public sealed record RulesetPath(string Path, bool IsFolder, string Pattern = ".xml$");
