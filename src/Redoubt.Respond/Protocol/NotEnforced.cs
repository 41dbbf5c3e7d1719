namespace Redoubt.Respond;

/// <summary>A target of a load that is not blocked.</summary>
/// <param name="Index">Its place in the request.</param>
/// <param name="Outcome"><see cref="EnforceOutcome.Skipped"/> or <see cref="EnforceOutcome.Failed"/>.</param>
/// <param name="Reason">Why, in one line.</param>
public sealed record NotEnforced(int Index, EnforceOutcome Outcome, string Reason);
