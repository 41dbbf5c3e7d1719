using Microsoft.Extensions.Logging;
using Redoubt.Respond.Firewall;
using Redoubt.Respond.Firewall.Nftables;
using Redoubt.Respond.Keeping;

namespace Redoubt.Respond;

/// <summary>The firewalls of this host by the names of <see cref="ResponseNames"/>.</summary>
/// <remarks>The default one is opened at the start, so that a host without it learns so at once; the others when they are first asked for.
/// Threads: safe. All are opened on threads of the same network namespace.</remarks>
internal sealed class BackEnds : IDisposable
{
    private readonly Lock gate = new();
    private readonly Dictionary<string, FirewallKeeper> opened = new(StringComparer.Ordinal);
    private readonly EnforcerOptions options;
    private readonly TimeProvider time;
    private readonly ILogger logger;

    /// <exception cref="FirewallSetupException">The default one cannot be used.</exception>
    internal BackEnds(EnforcerOptions options, TimeProvider time, ILogger logger)
    {
        this.options = options;
        this.time = time;
        this.logger = logger;
        Incidents = new IncidentQueue(time);
        Get(ResponseNames.Default);
    }

    /// <summary>What had to be repaired.</summary>
    internal IncidentQueue Incidents { get; }

    /// <summary>How many targets all of them hold together.</summary>
    internal int Count
    {
        get
        {
            lock (gate)
                return opened.Values.Sum(k => k.Count);
        }
    }

    /// <summary>The firewall of a name.</summary>
    /// <exception cref="FirewallSetupException">This host does not have it; the message says what is missing.</exception>
    internal FirewallKeeper Get(string name)
    {
        lock (gate)
        {
            if (!opened.TryGetValue(name, out var keeper))
                opened[name] = keeper = new FirewallKeeper(Open(name), Incidents, time, logger);
            return keeper;
        }
    }

    public void Dispose()
    {
        foreach (var keeper in opened.Values)
            keeper.Dispose();
    }

    private IFirewall Open(string name) =>
        name switch
        {
            ResponseNames.Default => NftablesFirewall.Open(),
            _ => throw new FirewallSetupException($"{name} is not known"),
        };
}
