namespace Redoubt.Config;

/// <summary>Where everything lies: under one home, or in the system's places when installed.</summary>
/// <remarks>The same relative places as Wazuh's home, so that an existing home can be read (docs/architecture.md).</remarks>
public sealed class HomePaths
{
    private HomePaths(string root, string etc, string logs, string state, string run, string responses)
    {
        Root = root;
        Etc = etc;
        Logs = logs;
        State = state;
        Run = run;
        ResponsePrograms = responses;
    }

    /// <summary>The home; for installed places the state folder.</summary>
    public string Root { get; }

    /// <summary>Configuration, own rules, shared agent.conf.</summary>
    public string Etc { get; }

    /// <summary>Alerts, archives, response log, program log.</summary>
    public string Logs { get; }

    /// <summary>Ledger, positions, keys.</summary>
    public string State { get; }

    /// <summary>Sockets.</summary>
    public string Run { get; }

    /// <summary>Response programs.</summary>
    public string ResponsePrograms { get; }

    /// <summary>Database of the manager.</summary>
    public string Database => Path.Combine(State, "redoubt.db");

    /// <summary>Index of the alerts, made from the records.</summary>
    public string AlertIndex => Path.Combine(State, "alerts.db");

    /// <summary>Keys and certificates of the manager's authority.</summary>
    public string AuthorityFolder => Path.Combine(State, "authority");

    /// <summary>Certificate of this host's agent.</summary>
    public string AgentFolder => Path.Combine(State, "agent");

    /// <summary>Lines from the network that the manager has not yet processed.</summary>
    public string SyslogSpool => Path.Combine(State, "spool", "syslog");

    /// <summary>Output of commands that the agent's manager has not yet acknowledged.</summary>
    public string CommandSpool => Path.Combine(State, "spool", "commands");

    /// <summary>Socket of the manager's local API.</summary>
    public string ManagerSocket => Path.Combine(Run, "manager.sock");

    /// <summary>Socket of the enforcer.</summary>
    public string EnforcerSocket => Path.Combine(Run, "enforcer.sock");

    /// <summary>Response log of this host.</summary>
    public string ResponseLog => Path.Combine(Logs, "active-responses.log");

    /// <summary>Shared configuration by group.</summary>
    public string Shared => Path.Combine(Etc, "shared");

    /// <summary>The configuration file: <c>redoubt.conf</c>, or <c>ossec.conf</c> where that is missing.</summary>
    public string ConfigurationFile
    {
        get
        {
            var own = Path.Combine(Etc, "redoubt.conf");
            var wazuh = Path.Combine(Etc, "ossec.conf");
            return !File.Exists(own) && File.Exists(wazuh) ? wazuh : own;
        }
    }

    /// <summary>Everything under one folder.</summary>
    public static HomePaths Under(string home)
    {
        var root = Path.GetFullPath(home);
        return new HomePaths(
            root,
            Path.Combine(root, "etc"),
            Path.Combine(root, "logs"),
            Path.Combine(root, "queue"),
            Path.Combine(root, "var/run"),
            Path.Combine(root, "active-response/bin")
        );
    }

    /// <summary>The home that was asked for: by <c>--home</c>, else by the environment variable <c>REDOUBT_HOME</c>, else the installed places.</summary>
    public static HomePaths Of(string? home) =>
        (home ?? Environment.GetEnvironmentVariable("REDOUBT_HOME")) is { Length: > 0 } folder ? Under(folder) : Installed();

    /// <summary>The places of an installed package.</summary>
    public static HomePaths Installed() =>
        new(
            "/var/lib/redoubt",
            "/etc/redoubt",
            "/var/log/redoubt",
            "/var/lib/redoubt",
            "/run/redoubt",
            "/var/lib/redoubt/active-response/bin"
        );

    /// <summary>The real place of a configured path: <c>/var/ossec/</c> and relative paths mean the home.</summary>
    public string Resolve(string configured)
    {
        const string wazuhHome = "/var/ossec/";
        if (configured.StartsWith(wazuhHome, StringComparison.Ordinal))
            configured = configured[wazuhHome.Length..];
        else if (Path.IsPathRooted(configured))
            return configured;

        var (first, tail) = SplitFirst(configured);
        return first switch
        {
            "etc" => Path.Combine(Etc, tail),
            "logs" => Path.Combine(Logs, tail),
            "queue" => Path.Combine(State, tail),
            _ => Path.Combine(Root, configured),
        };
    }

    private static (string First, string Tail) SplitFirst(string path)
    {
        var slash = path.IndexOf('/', StringComparison.Ordinal);
        return slash < 0 ? (path, string.Empty) : (path[..slash], path[(slash + 1)..]);
    }
}
