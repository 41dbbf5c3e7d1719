namespace Redoubt.Decide;

/// <summary>Whether a decision is within the budget.</summary>
/// <param name="Reason">Why it is only observed; null: go on.</param>
/// <param name="Opened">The breaker opened with this decision: someone must be told.</param>
public readonly record struct BudgetAnswer(string? Reason, bool Opened)
{
    /// <summary>Within the budget.</summary>
    public static BudgetAnswer Fine { get; } = new(null, false);
}
