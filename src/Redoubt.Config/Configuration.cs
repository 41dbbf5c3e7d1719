using Redoubt.Collect;
using Redoubt.Decide;
using Redoubt.Transport.Certificates;
using Redoubt.Transport.Port;

namespace Redoubt.Config;

/// <summary>What a configuration file says, as options for each stage. Immutable once read.</summary>
public sealed class Configuration
{
    /// <summary>Records, mode, compatibility.</summary>
    public GlobalOptions Global { get; init; } = new();

    /// <summary>Responses and allowlist.</summary>
    public DecideOptions Decide { get; init; } = new();

    /// <summary>Files to follow.</summary>
    public IReadOnlyList<LocalFileOptions> LocalFiles { get; init; } = [];

    /// <summary>Sockets of other programs that lines can be sent to.</summary>
    public IReadOnlyList<OutputSocketOptions> Sockets { get; init; } = [];

    /// <summary>What this host's executor does with responses.</summary>
    public ExecutorOptions Executor { get; init; } = new();

    /// <summary>Where decoders, rules and lists come from.</summary>
    public RulesetOptions Ruleset { get; init; } = new();

    /// <summary>Where the manager takes syslog lines from the network.</summary>
    public IReadOnlyList<RemoteSyslogOptions> RemoteSyslog { get; init; } = [];

    /// <summary>What the manager's port grants strangers.</summary>
    public PortLimits AgentPort { get; init; } = new();

    /// <summary>How long the certificates are good that agents get from the manager; default 30 days, from a minute to a year. They renew themselves.</summary>
    public TimeSpan CertificateLifetime { get; init; } = CertificateAuthority.AgentLifetime;

    /// <summary>This host as an agent.</summary>
    public ClientOptions Client { get; init; } = new();

    /// <summary>What this host is known by, beside its name.</summary>
    public IReadOnlyDictionary<string, HostLabel> Labels { get; init; } = new Dictionary<string, HostLabel>(StringComparer.Ordinal);
}
