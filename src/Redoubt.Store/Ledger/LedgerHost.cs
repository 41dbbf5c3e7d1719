using Redoubt.Model;

namespace Redoubt.Store;

/// <summary>Where a block stands on one host.</summary>
/// <param name="Agent">Agent id.</param>
/// <param name="State">The state.</param>
/// <param name="Reason">Why, where the state needs one.</param>
/// <param name="At">Since when, Unix milliseconds.</param>
/// <param name="Ends">When it ends, Unix milliseconds; null = until removed.</param>
/// <param name="Step">Repeated-offender step, 0 = none.</param>
/// <param name="Version">Version of the order this host must have.</param>
public sealed record LedgerHost(string Agent, BlockState State, string? Reason, long At, long? Ends, int Step, long Version)
{
    /// <summary>Whether it still matters there: not released, and not past its end.</summary>
    public bool IsCurrent(long now) => State != BlockState.Released && (Ends is null || Ends > now);
}
