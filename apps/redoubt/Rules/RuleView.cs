using Redoubt.Model;

namespace Redoubt.App.Rules;

/// <summary>A rule as the rule tools print it with <c>--json</c>.</summary>
internal sealed record RuleView(
    int Id,
    int Level,
    string Description,
    IReadOnlyList<string> Groups,
    IReadOnlyList<string> Mitre,
    int? Frequency,
    int? Timeframe,
    string File,
    int Line
)
{
    internal static RuleView Of(RuleSummary rule) =>
        new(
            rule.Id,
            rule.Level,
            rule.Description,
            [.. RuleWords.GroupsOf(rule)],
            rule.MitreIds,
            rule.Frequency,
            rule.TimeframeSeconds,
            rule.File,
            rule.Line
        );
}
