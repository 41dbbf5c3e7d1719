namespace Redoubt.Agent;

/// <summary>What the command line said.</summary>
internal sealed record AgentArguments
{
    /// <summary>Null: the installed places.</summary>
    public string? Home { get; init; }

    /// <summary>Managers as given; empty: those of the last start.</summary>
    public IReadOnlyList<string> Managers { get; init; } = [];

    /// <summary>Path, or - for standard input; null: enrolled before.</summary>
    public string? TokenFile { get; init; }

    /// <summary>Null: the host name.</summary>
    public string? Name { get; init; }

    /// <summary>Null: the default user.</summary>
    public string? User { get; init; }

    /// <summary>Another configuration file than the home's; used by <c>redoubt up</c> for the built-in policy.</summary>
    public string? ConfigurationFile { get; init; }
}
