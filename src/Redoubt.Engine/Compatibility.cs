namespace Redoubt.Engine;

/// <summary>How closely the original's mistakes are kept.</summary>
/// <remarks>Both modes load and answer real rulesets alike; docs/compat/engine.md lists every row in which they differ.
/// Hangs and crashes of the original are in neither.</remarks>
public enum Compatibility
{
    /// <summary>Where the original has a plain mistake, the better thing is done.</summary>
    Best,

    /// <summary>The original's mistakes are reproduced.</summary>
    Strict,
}
