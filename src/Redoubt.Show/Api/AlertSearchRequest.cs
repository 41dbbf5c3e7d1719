namespace Redoubt.Show;

/// <summary>Asks for alerts on record; what is null is not asked.</summary>
/// <param name="Id">Id of an alert.</param>
/// <param name="RuleFrom">First rule.</param>
/// <param name="RuleTo">Last rule.</param>
/// <param name="LevelFrom">Lowest level.</param>
/// <param name="LevelTo">Highest level.</param>
/// <param name="Group">A group of the rule.</param>
/// <param name="Agent">Id or name.</param>
/// <param name="Source">Address, prefix, or the text in its place.</param>
/// <param name="User">Source or target user.</param>
/// <param name="Since">Not before, Unix milliseconds.</param>
/// <param name="Until">Before, Unix milliseconds.</param>
/// <param name="Text">A part of the line or of the description.</param>
/// <param name="Limit">How many of the newest, 1 to <see cref="MaxLimit"/>.</param>
public sealed record AlertSearchRequest(
    string? Id = null,
    int? RuleFrom = null,
    int? RuleTo = null,
    int? LevelFrom = null,
    int? LevelTo = null,
    string? Group = null,
    string? Agent = null,
    string? Source = null,
    string? User = null,
    long? Since = null,
    long? Until = null,
    string? Text = null,
    int Limit = 100
)
{
    /// <summary>More would be a job for the records themselves.</summary>
    public const int MaxLimit = 10_000;
}
