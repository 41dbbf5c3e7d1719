namespace Redoubt.App.Responses;

/// <summary>One step of a rehearsal.</summary>
/// <param name="Step">What was done.</param>
/// <param name="Ok">Whether it ended as it should.</param>
/// <param name="Outcome">The enforcer's word for it.</param>
/// <param name="Detail">What else is worth knowing, or null.</param>
/// <param name="TookMs">Milliseconds.</param>
internal sealed record ResponseStep(string Step, bool Ok, string Outcome, string? Detail, long TookMs);
