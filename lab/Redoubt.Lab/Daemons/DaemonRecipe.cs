namespace Redoubt.Lab;

/// <summary>How a server of Debian is had, set up and started on a lab host.</summary>
/// <remarks>Paths are the host's. Nothing of it is ever installed on the machine.</remarks>
public sealed record DaemonRecipe
{
    /// <summary>Its name, for messages.</summary>
    public required string Name { get; init; }

    /// <summary>What it is made of.</summary>
    public required UnpackedPackages Packages { get; init; }

    /// <summary>Lines of <c>/etc/passwd</c> that it needs; each gets a group of the same name and number.</summary>
    public IReadOnlyList<string> Accounts { get; init; } = [];

    /// <summary>Files written before it starts, by path.</summary>
    public IReadOnlyDictionary<string, string> Files { get; init; } = new Dictionary<string, string>(StringComparer.Ordinal);

    /// <summary>Shell commands that prepare it, run once as root.</summary>
    public string Preparation { get; init; } = string.Empty;

    /// <summary>Shell command that starts it in the foreground; it must replace the shell (<c>exec</c>).</summary>
    public required string Start { get; init; }

    /// <summary>TCP port it answers on, over IPv4 and IPv6.</summary>
    public required int Port { get; init; }

    /// <summary>Files it logs to.</summary>
    public required IReadOnlyList<string> LogFiles { get; init; }
}
