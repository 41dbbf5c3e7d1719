namespace Redoubt.Lab;

/// <summary>What differs from one deployment to the next; everything else is the story's own configuration.</summary>
public sealed record DeploymentOptions
{
    /// <summary>Length of a block, seconds; 1800 in the story.</summary>
    public int TimeoutSeconds { get; init; } = 1800;

    /// <summary>Further elements of the manager's <c>&lt;global&gt;</c>.</summary>
    public string Global { get; init; } = string.Empty;

    /// <summary>Further sections of the manager's configuration.</summary>
    public string Manager { get; init; } = string.Empty;

    /// <summary>Further sections of the agent's configuration.</summary>
    public string Agent { get; init; } = string.Empty;

    /// <summary>Size of a disk of its own, in KiB, that holds a folder of the manager: a tmpfs in the mount namespace of its process; 0: none.</summary>
    public int ManagerDiskKiB { get; init; }

    /// <summary>The folder on that disk: the state, or <c>logs</c>.</summary>
    public string ManagerDiskFolder { get; init; } = "queue";

    /// <summary>Folder of the sockets that stand for systemd's, one a program, named like it; null: systemd is not there.</summary>
    public string? NotifyFolder { get; init; }

    /// <summary>The group's <c>agent.conf</c> on the manager from the start on; null: none.</summary>
    public string? Shared { get; init; }
}
