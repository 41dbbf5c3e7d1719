namespace Redoubt.Respond.Scripts;

/// <summary>What came of a response of our own.</summary>
/// <param name="Outcome">Enforced, released, skipped or failed.</param>
/// <param name="Text">One line for people; null when there is nothing to say.</param>
internal sealed record StockResult(EnforceOutcome Outcome, string? Text = null)
{
    /// <summary>It cannot be done, and the reason is on record.</summary>
    internal static StockResult Failed(string reason) => new(EnforceOutcome.Failed, reason);

    /// <summary>It must not be done, and the reason is on record.</summary>
    internal static StockResult Skipped(string reason) => new(EnforceOutcome.Skipped, reason);
}
