using Microsoft.Extensions.Logging;
using Redoubt.Model;
using Redoubt.Respond.Firewall;
using Redoubt.Respond.Firewall.Firewalld;
using Redoubt.Respond.Firewall.HostsDeny;
using Redoubt.Respond.Firewall.Ipset;
using Redoubt.Respond.Firewall.Netlink;
using Redoubt.Respond.Firewall.Nftables;
using Redoubt.Respond.Firewall.Routes;
using Redoubt.Respond.Keeping;

namespace Redoubt.Respond;

/// <summary>The firewalls of this host by the names of <see cref="KnownResponses"/>.</summary>
/// <remarks>The default one is opened at the start, so that a host without it learns so at once; the others when they are first asked for.
/// Threads: safe. All are opened on threads of the same network namespace.</remarks>
internal sealed partial class BackEnds : IDisposable
{
    private readonly Lock gate = new();
    private readonly Dictionary<string, FirewallKeeper> opened = new(StringComparer.Ordinal);
    private readonly EnforcerOptions options;
    private readonly TimeProvider time;
    private readonly ILogger logger;

    /// <exception cref="FirewallSetupException">The default one cannot be used.</exception>
    internal BackEnds(EnforcerOptions options, Action<Incident> write, TimeProvider time, ILogger logger)
    {
        this.options = options;
        this.time = time;
        this.logger = logger;
        Incidents = new IncidentQueue(time, write);
        Get(KnownResponses.DefaultBackEnd);
        if (options.Firewall == "null")
            return;

        TakeOver("host-deny");
        TakeOver("route-null");
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

    // A host that is only to observe changes nothing at all, whatever a response is called.
    private IFirewall Open(string name) =>
        (options.Firewall == "null" ? "null" : name) switch
        {
            KnownResponses.DefaultBackEnd => OpenDefault(),
            "firewalld-drop" => FirewalldFirewall.Open(),
            "host-deny" => new HostsDenyFile(options.Files.HostsDeny, time),
            "route-null" => new NullRoutes(time),
            _ => new NullFirewall(),
        };

    private IFirewall OpenDefault()
    {
        switch (options.Firewall)
        {
            case "nftables":
                return NftablesFirewall.Open();
            case "iptables":
                return IpsetFirewall.Open();
            case "null":
                return new NullFirewall();
        }

        try
        {
            return NftablesFirewall.Open();
        }
        catch (FirewallSetupException noNftables) when (SystemProgram.Find("nft") is null || noNftables.InnerException is NetlinkException)
        {
            try
            {
                return IpsetFirewall.Open();
            }
            catch (FirewallSetupException noIptables)
            {
                throw new FirewallSetupException($"{noNftables.Message}; {noIptables.Message}", noIptables);
            }
        }
    }

    /// <summary>Takes over what an enforcer before this one has left where nothing ends by itself.</summary>
    private void TakeOver(string name)
    {
        try
        {
            var firewall = Open(name);
            if (firewall.List().Count == 0)
                firewall.Dispose();
            else
                opened[name] = new FirewallKeeper(firewall, Incidents, time, logger);
        }
        catch (IOException e)
        {
            // Whoever asks for it will hear the same; until then it concerns nobody.
            Log.NotTakenOver(logger, name, e.Message);
        }
    }
}
