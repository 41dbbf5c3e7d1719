namespace Redoubt.Model;

/// <summary>A host that sends lines, as alerts name it.</summary>
/// <param name="Id">Three digits or more; <c>000</c> is the agent beside the manager.</param>
/// <param name="Name">Unique in the fleet.</param>
/// <param name="Address">Last known address; null for 000 or when unknown.</param>
public sealed record AgentIdentity(string Id, string Name, string? Address)
{
    /// <summary>Id of the agent on the manager's own host.</summary>
    public const string ManagerHostId = "000";

    /// <summary>What alerts show of what its owner wants it known by, in order; a dot in a key leads into an object. Default none.</summary>
    public IReadOnlyList<KeyValuePair<string, string>> Labels { get; init; } = [];

    /// <summary>Whether this is the agent beside the manager.</summary>
    public bool IsManagerHost => string.Equals(Id, ManagerHostId, StringComparison.Ordinal);

    /// <summary>The agent on the manager's own host.</summary>
    public static AgentIdentity ManagerHost(string hostName) => new(ManagerHostId, hostName, null);
}
