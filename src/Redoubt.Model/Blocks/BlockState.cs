namespace Redoubt.Model;

/// <summary>Where a block stands on one host; everywhere the same words.</summary>
public enum BlockState
{
    /// <summary>In the ledger, not yet handed to the host.</summary>
    Decided,

    /// <summary>Handed to the host's agent.</summary>
    Sent,

    /// <summary>In the host's kernel, read back after the change.</summary>
    Enforced,

    /// <summary>The host could not; the reason is on record.</summary>
    Failed,

    /// <summary>Protected by the never-block set or the white list; the reason is on record.</summary>
    Skipped,

    /// <summary>Observe mode: decided and recorded, nothing was changed.</summary>
    Observed,

    /// <summary>Over: removed, or its time has run out.</summary>
    Released,
}
