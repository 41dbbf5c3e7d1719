using Redoubt.Engine;

namespace Redoubt.App.Manager;

/// <summary>What the command line said.</summary>
internal sealed record ManagerArguments
{
    /// <summary>Null: the installed places.</summary>
    public string? Home { get; init; }

    /// <summary>ADDR:PORT for agents; null: every address, port 7514.</summary>
    public string? Listen { get; init; }

    /// <summary>Another configuration file than the home's; used by <c>up</c> for the built-in policy.</summary>
    public string? ConfigurationFile { get; init; }

    /// <summary>Null: the default user.</summary>
    public string? User { get; init; }

    /// <summary>Null: as configured.</summary>
    public Compatibility? Compatibility { get; init; }
}
