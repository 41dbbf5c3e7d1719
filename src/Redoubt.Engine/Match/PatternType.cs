namespace Redoubt.Engine.Match;

/// <summary>The dialects a pattern can be written in.</summary>
internal enum PatternType
{
    /// <summary>Equal bytes.</summary>
    Exact,
    OsMatch,
    OsRegex,
    Pcre2,
}
