namespace Redoubt.Model;

/// <summary>Rules that are part of the program: what Redoubt has to tell about itself, whatever ruleset is loaded.</summary>
/// <remarks>Their numbers (990000 to 990099) are outside of what Wazuh's ruleset uses and of the range for local rules.
/// Responses can be bound to them as to any rule.</remarks>
public static class OwnRules
{
    /// <summary>All of them.</summary>
    public static IReadOnlyList<RuleSummary> All =>
        [CostlyLine, BudgetExceeded, LoginProtected, ResponseFailed, LedgerWaited, ForgedLine, SpoolFills, RecordsWaited, AlertIndexLost];

    /// <summary>More was to be blocked than the budget allows: what goes beyond it is only observed.</summary>
    public static readonly RuleSummary BudgetExceeded = Rule(990002, 12, "breaker", "Too many addresses were to be blocked");

    /// <summary>A rule wanted to block an address from which somebody had logged in with a key not long ago.</summary>
    public static readonly RuleSummary LoginProtected = Rule(
        990003,
        10,
        "protected_login",
        "An address with a recent login by key attacks and is not blocked"
    );

    /// <summary>A host could not carry a response out: who was to be kept out is not.</summary>
    public static readonly RuleSummary ResponseFailed = Rule(990004, 10, "response_failed", "A response could not be carried out");

    /// <summary>The ledger could not be written for a time: whoever was to be blocked then was blocked later.</summary>
    public static readonly RuleSummary LedgerWaited = Rule(
        990005,
        12,
        "ledger",
        "The ledger could not be written, and decisions had to wait"
    );

    /// <summary>Somebody on a host writes log lines in the name of a program that is not his: no rule has judged them.</summary>
    public static readonly RuleSummary ForgedLine = Rule(990006, 10, "forged_line", "A log line was forged");

    /// <summary>What cannot be read again waits on disk, and there is little room left, or none.</summary>
    public static readonly RuleSummary SpoolFills = Rule(990007, 10, "spool", "Lines that cannot be read again are piling up");

    /// <summary>Records could not be written or put away for a time; none was lost.</summary>
    public static readonly RuleSummary RecordsWaited = Rule(990010, 12, "records", "Records could not be written or put away");

    /// <summary>The index of alerts was damaged or taken away; the records were not.</summary>
    public static readonly RuleSummary AlertIndexLost = Rule(990011, 5, "alert_index", "The index of alerts was lost");

    /// <summary>A line used up its work limit, so that patterns were passed over: perhaps made to hide something.</summary>
    public static readonly RuleSummary CostlyLine = Rule(
        990001,
        10,
        "evasion",
        "A line was too costly to analyse and is judged in part only"
    );

    private static RuleSummary Rule(int id, int level, string group, string description) =>
        new()
        {
            Id = id,
            Level = level,
            Description = description,
            GroupString = $"redoubt,{group},",
            Groups = ["redoubt", group],
        };
}
