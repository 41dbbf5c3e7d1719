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
        int? port = null;
        string[] protocols = ["udp"];
        string certificate = string.Empty,
            key = string.Empty,
            authority = string.Empty;
        foreach (var child in section.Children)
        {
            switch (child.Name.ToLowerInvariant())
            {
                case "connection":
                    break;
                case "port":
                    port = Number(child, 1, 65535, 514);
                    break;
                case "protocol":
                    protocols = Protocols(child);
                    break;
                case "tls_certificate":
                    certificate = child.Text.Trim();
                    break;
                case "tls_key":
                    key = child.Text.Trim();
                    break;
                case "tls_client_ca":
                    authority = child.Text.Trim();
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

        var isTls = protocols.Contains("tls");
        if (isTls && (certificate.Length == 0 || key.Length == 0))
        {
            Error(
                section,
                "CONF0081",
                "1235",
                "<remote> with protocol tls needs <tls_certificate> and <tls_key>.",
                "Add the paths of both PEM files."
            );
            return;
        }

        if (!isTls && certificate.Length + key.Length + authority.Length > 0)
            Warning(
                section,
                "CONF0082",
                null,
                "The tls_ elements of <remote> have no effect without protocol tls.",
                "Write <protocol>tls</protocol>."
            );

        _remoteSyslog.Add(
            remote with
            {
                Port = port ?? (isTls ? 6514 : 514),
                Udp = protocols.Contains("udp"),
                Tcp = isTls || protocols.Contains("tcp"),
                Tls = isTls ? new RemoteTlsFiles(certificate, key, authority.Length > 0 ? authority : null) : null,
            }
        );
    }

    // A port has TLS or not: a sender that leaves it out would be heard else.
    private string[] Protocols(MarkupElement child)
    {
        string[] protocols = [.. child.Text.Split(',', StringSplitOptions.TrimEntries).Select(p => p.ToLowerInvariant())];
        if (protocols is ["tls"] || Array.TrueForAll(protocols, p => p is "udp" or "tcp"))
            return protocols;

        BadValue(child, "Write udp, tcp, both, separated by a comma, or tls alone.");
        return ["udp"];
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
