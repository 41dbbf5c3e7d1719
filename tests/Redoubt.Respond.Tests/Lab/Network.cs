using System.Net;
using System.Net.NetworkInformation;

namespace Redoubt.Tests.Respond.Lab;

/// <summary>Two hosts on one link: the one that is protected (.1) and the one that attacks (.6, .7).</summary>
public sealed class Network : IDisposable
{
    private Namespace? host;
    private Namespace? attacker;

    internal Namespace Host => Made().Host;

    internal Namespace Attacker => Made().Attacker;

    /// <summary>Sends three echo requests from the attacker; tells how many came back.</summary>
    internal int Ping(string to) =>
        Attacker.Inside(() =>
        {
            using var ping = new Ping();
            return Enumerable.Range(0, 3).Count(_ => ping.Send(IPAddress.Parse(to), 300).Status == IPStatus.Success);
        });

    public void Dispose()
    {
        attacker?.Dispose();
        host?.Dispose();
    }

    private (Namespace Host, Namespace Attacker) Made()
    {
        if (host is not null && attacker is not null)
            return (host, attacker);

        Namespace.Need();
        host = new Namespace();
        attacker = new Namespace();
        host.Ip("link", "add", "eth0", "type", "veth", "peer", "name", "eth0", "netns", attacker.Name);
        foreach (var (ns, ends) in new[] { (host, (string[])["1"]), (attacker, ["6", "7"]) })
        {
            foreach (var end in ends)
            {
                ns.Ip("addr", "add", $"10.77.0.{end}/24", "broadcast", "10.77.0.255", "dev", "eth0");
                ns.Ip("addr", "add", $"fd77::{end}/64", "dev", "eth0", "nodad");
            }

            ns.Ip("link", "set", "eth0", "up");
        }

        host.Ip("route", "add", "default", "via", "10.77.0.254");
        host.Ip("-6", "route", "add", "default", "via", "fd77::254");
        return (host, attacker);
    }
}
