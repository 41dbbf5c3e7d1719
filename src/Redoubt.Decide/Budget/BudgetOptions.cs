namespace Redoubt.Decide;

/// <summary>How much may be blocked before something is wrong with what asks for it.</summary>
public sealed record BudgetOptions
{
    /// <summary><c>&lt;block_budget&gt;</c>: new targets a minute on one host; 0 = no limit. Default 500.</summary>
    public int PerHost { get; init; } = 500;

    /// <summary><c>&lt;block_budget_fleet&gt;</c>: new targets a minute on all hosts together; 0 = no limit. Default 2000.</summary>
    public int Fleet { get; init; } = 2000;
}
