namespace Redoubt.Model;

/// <summary>Rules that are part of the program: what Redoubt has to tell about itself, whatever ruleset is loaded.</summary>
/// <remarks>Their numbers (990000 to 990099) are outside of what Wazuh's ruleset uses and of the range for local rules.
/// Responses can be bound to them as to any rule.</remarks>
public static class OwnRules
{
    /// <summary>All of them.</summary>
    public static IReadOnlyList<RuleSummary> All =>
        [CostlyLine, BudgetExceeded, LoginProtected, ResponseFailed, LedgerWaited, ForgedLine, SpoolFills];

    /// <summary>More was to be blocked than the budget allows: what goes beyond it is only observed.</summary>
    public static readonly RuleSummary BudgetExceeded = new()
    {
        Id = 990002,
        Level = 12,
        Description = "Too many addresses were to be blocked",
        GroupString = "redoubt,breaker,",
        Groups = ["redoubt", "breaker"],
    };

    /// <summary>A rule wanted to block an address from which somebody had logged in with a key not long ago.</summary>
    public static readonly RuleSummary LoginProtected = new()
    {
        Id = 990003,
        Level = 10,
        Description = "An address with a recent login by key attacks and is not blocked",
        GroupString = "redoubt,protected_login,",
        Groups = ["redoubt", "protected_login"],
    };

    /// <summary>A host could not carry a response out: who was to be kept out is not.</summary>
    public static readonly RuleSummary ResponseFailed = new()
    {
        Id = 990004,
        Level = 10,
        Description = "A response could not be carried out",
        GroupString = "redoubt,response_failed,",
        Groups = ["redoubt", "response_failed"],
    };

    /// <summary>The ledger could not be written for a time: whoever was to be blocked then was blocked later.</summary>
    public static readonly RuleSummary LedgerWaited = new()
    {
        Id = 990005,
        Level = 12,
        Description = "The ledger could not be written, and decisions had to wait",
        GroupString = "redoubt,ledger,",
        Groups = ["redoubt", "ledger"],
    };

    /// <summary>Somebody on a host writes log lines in the name of a program that is not his: no rule has judged them.</summary>
    public static readonly RuleSummary ForgedLine = new()
    {
        Id = 990006,
        Level = 10,
        Description = "A log line was forged",
        GroupString = "redoubt,forged_line,",
        Groups = ["redoubt", "forged_line"],
    };

    /// <summary>What cannot be read again waits on disk, and there is little room left, or none.</summary>
    public static readonly RuleSummary SpoolFills = new()
    {
        Id = 990007,
        Level = 10,
        Description = "Lines that cannot be read again are piling up",
        GroupString = "redoubt,spool,",
        Groups = ["redoubt", "spool"],
    };

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
