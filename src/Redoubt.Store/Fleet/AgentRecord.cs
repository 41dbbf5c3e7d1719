namespace Redoubt.Store;

/// <summary>What is known of an agent. Times are Unix milliseconds; 0 = never.</summary>
public sealed record AgentRecord
{
    /// <summary>Three digits or more; never given to another host.</summary>
    public required string Id { get; init; }

    /// <summary>Unique among the agents that were not revoked.</summary>
    public required string Name { get; init; }

    /// <summary>In order: what later ones say comes behind.</summary>
    public required IReadOnlyList<string> Groups { get; init; }

    /// <summary>When it was added.</summary>
    public required long Registered { get; init; }

    /// <summary>Last connect or disconnect.</summary>
    public long LastSeen { get; init; }

    /// <summary>Start of the newest connection.</summary>
    public long Connected { get; init; }

    /// <summary>Start of its process, by its own clock.</summary>
    public long Started { get; init; }

    /// <summary>Address it last came from, or null.</summary>
    public string? Address { get; init; }

    /// <summary>Addresses of its interfaces, as it tells them.</summary>
    public IReadOnlyList<string> Addresses { get; init; } = [];

    /// <summary>Labels of its configuration, as it tells them.</summary>
    public IReadOnlyDictionary<string, string> Labels { get; init; } = new Dictionary<string, string>(StringComparer.Ordinal);

    /// <summary>Version of its program, or null.</summary>
    public string? Version { get; init; }

    /// <summary>uname text, or null.</summary>
    public string? Os { get; init; }

    /// <summary>SHA-256 of the certificate it was given last, or null.</summary>
    public string? Certificate { get; init; }

    /// <summary>When that one ends.</summary>
    public long CertificateEnds { get; init; }

    /// <summary>Enrolments so far; a certificate of an earlier one is void.</summary>
    public int Generation { get; init; }

    /// <summary>SHA-256 of the agent.conf it last reported about, or null.</summary>
    public string? ConfigSha256 { get; init; }

    /// <summary>Whether that one is in force there; null when it never reported.</summary>
    public bool? ConfigApplied { get; init; }

    /// <summary>Why it is not, or null.</summary>
    public string? ConfigReason { get; init; }

    /// <summary>When it reported.</summary>
    public long ConfigAt { get; init; }

    /// <summary>SHA-256 of the agent.conf that it runs with, or null.</summary>
    public string? ConfigInForce { get; init; }

    /// <summary>No longer part of the fleet.</summary>
    public bool IsRevoked { get; init; }

    /// <summary>Since when.</summary>
    public long RevokedAt { get; init; }
}
