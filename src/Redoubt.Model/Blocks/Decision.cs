namespace Redoubt.Model;

/// <summary>What will be done about an alert: which response, against whom, where, how long, and why.</summary>
public sealed record Decision
{
    /// <summary>The alert that led here; its id is final.</summary>
    public required Alert Alert { get; init; }

    /// <summary>Internal name: command name and timeout, for example <c>firewall-drop1800</c>.</summary>
    public required string Response { get; init; }

    /// <summary>Program under <c>active-response/bin</c>.</summary>
    public required string Executable { get; init; }

    /// <summary>Extra arguments of the command.</summary>
    public IReadOnlyList<string> Arguments { get; init; } = [];

    /// <summary>The address to act on; null for responses that act on something else.</summary>
    public BlockTarget? Target { get; init; }

    /// <summary>The user the alert names, or null.</summary>
    public string? User { get; init; }

    /// <summary>Where.</summary>
    public required ResponseHosts Hosts { get; init; }

    /// <summary>Ids for <see cref="ResponseHosts.DefinedAgent"/>.</summary>
    public IReadOnlyList<string> AgentIds { get; init; } = [];

    /// <summary>Names for <see cref="ResponseHosts.Group"/>.</summary>
    public IReadOnlyList<string> GroupNames { get; init; } = [];

    /// <summary>Configured timeout in seconds; 0 = until someone removes it.</summary>
    public required long Seconds { get; init; }

    /// <summary><see cref="BlockState.Decided"/>, <see cref="BlockState.Observed"/>, or <see cref="BlockState.Skipped"/>.</summary>
    public required BlockState State { get; init; }

    /// <summary>Why it is skipped or only observed; null when it is decided.</summary>
    public string? Reason { get; init; }
}
