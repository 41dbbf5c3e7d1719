namespace Redoubt.Respond;

/// <summary>What a response did, in the word of its result document.</summary>
internal enum ResponseAction
{
    /// <summary>Blocked.</summary>
    Add,

    /// <summary>Released.</summary>
    Delete,

    /// <summary>Was blocked, and got a new time.</summary>
    Refresh,

    /// <summary>Left alone: never to be blocked.</summary>
    Skip,

    /// <summary>Would have been blocked: this host only observes.</summary>
    Observe,
}
