using System.Net;
using Redoubt.Model;
using Redoubt.Model.Markup;

namespace Redoubt.Config;

// <remote>: lines of other hosts (connection syslog). Agents (connection secure) come by a port of their own (--listen).
internal sealed partial class SectionReader
{
    private static readonly HashSet<string> RemoteWithoutEffect = new(StringComparer.OrdinalIgnoreCase)
    {
        "agents",
        "connection_overtake_time",
        "ipv6",
        "queue_size",
        "rids_closing_time",
    };

    internal void Remote(MarkupElement section)
    {
        var isSyslog = section.Children.Any(c => c.Is("connection") && c.Text.Trim() == "syslog");
        if (!isSyslog)
        {
            WithoutEffect(section, "<remote> for agents");
            return;
        }

        var remote = new RemoteSyslogOptions();
        var isBroken = false;
        foreach (var child in section.Children)
        {
            switch (child.Name.ToLowerInvariant())
            {
                case "connection":
                    break;
                case "port":
                    remote = remote with { Port = Number(child, 1, 65535, 514) };
                    break;
                case "protocol":
                    var protocols = child.Text.Split(',', StringSplitOptions.TrimEntries).Select(p => p.ToLowerInvariant()).ToArray();
                    if (protocols.Length == 0 || Array.Exists(protocols, p => p is not ("udp" or "tcp")))
                        BadValue(child, "Write udp, tcp, or both, separated by a comma.");

                    remote = remote with { Udp = protocols.Contains("udp"), Tcp = protocols.Contains("tcp") };
                    break;
                case "local_ip":
                    if (IPAddress.TryParse(child.Text.Trim(), out var address))
                        remote = remote with { Address = address };
                    else
                        BadValue(child, "Write an address of this host.");

                    break;
                case "allowed-ips":
                    remote = remote with { Allowed = [.. remote.Allowed, .. Senders(child, ref isBroken)] };
                    break;
                case "denied-ips":
                    remote = remote with { Denied = [.. remote.Denied, .. Senders(child, ref isBroken)] };
                    break;
                case var name when RemoteWithoutEffect.Contains(name):
                    WithoutEffect(child, $"<{child.Name}> of <remote>");
                    break;
                default:
                    Unknown(section, child);
                    break;
            }
        }

        if (isBroken)
            return;

        if (remote.Allowed.Count == 0)
        {
            Error(
                section,
                "CONF0080",
                "1235",
                "<remote> for syslog needs <allowed-ips>: without it nobody may send.",
                "Add the addresses of the senders."
            );
            return;
        }

        _remoteSyslog.Add(remote);
    }

    private BlockTarget[] Senders(MarkupElement child, ref bool isBroken)
    {
        if (
            Decide.AllowlistEntry.TryParse(child.Text.Trim().TrimEnd('.'), out var entry, out _)
            && entry.Networks.ToArray() is { Length: > 0 } networks
        )
            return [.. networks.Select(BlockTarget.Of)];

        BadValue(child, "Write an address or a prefix such as 192.0.2.0/24.");
        isBroken = true;
        return [];
    }
}
