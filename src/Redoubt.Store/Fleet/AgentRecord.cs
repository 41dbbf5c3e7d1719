namespace Redoubt.Store;

/// <summary>What is known of an agent.</summary>
public sealed record AgentRecord
{
    /// <summary>Three digits or more.</summary>
    public required string Id { get; init; }

    /// <summary>Unique.</summary>
    public required string Name { get; init; }

    /// <summary>In order; the first is the main one.</summary>
    public required IReadOnlyList<string> Groups { get; init; }

    /// <summary>Unix milliseconds.</summary>
    public required long Registered { get; init; }

    /// <summary>Unix milliseconds; 0 = never connected.</summary>
    public long LastSeen { get; init; }

    /// <summary>Last known address, or null.</summary>
    public string? Address { get; init; }

    /// <summary>Version of its program, or null.</summary>
    public string? Version { get; init; }

    /// <summary>uname text, or null.</summary>
    public string? Os { get; init; }

    /// <summary>SHA-256 of the certificate it uses, or null.</summary>
    public string? Certificate { get; init; }

    /// <summary>SHA-256 of the agent.conf it last reported about, or null.</summary>
    public string? ConfigSha256 { get; init; }

    /// <summary>Whether that one is in force there; null when it never reported.</summary>
    public bool? ConfigApplied { get; init; }

    /// <summary>Why it is not, or null.</summary>
    public string? ConfigReason { get; init; }

    /// <summary>No longer part of the fleet.</summary>
    public bool IsRevoked { get; init; }
}
