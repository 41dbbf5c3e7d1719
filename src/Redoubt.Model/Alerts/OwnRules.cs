namespace Redoubt.Model;

/// <summary>Rules that are part of the program: what Redoubt has to tell about itself, whatever ruleset is loaded.</summary>
/// <remarks>Their numbers (990000 to 990099) are outside of what Wazuh's ruleset uses and of the range for local rules.
/// Responses can be bound to them as to any rule.</remarks>
public static class OwnRules
{
    /// <summary>A line used up its work limit, so that patterns were passed over: perhaps made to hide something.</summary>
    public static readonly RuleSummary CostlyLine = new()
    {
        Id = 990001,
        Level = 10,
        Description = "A line was too costly to analyse and is judged in part only",
        GroupString = "redoubt,evasion,",
        Groups = ["redoubt", "evasion"],
    };
}
