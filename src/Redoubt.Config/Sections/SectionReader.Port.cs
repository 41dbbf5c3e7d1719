using Redoubt.Model.Markup;
using Redoubt.Transport.Certificates;
using Redoubt.Transport.Port;

namespace Redoubt.Config;

// <agent_port>: what strangers may do at the manager's port. Ours; Wazuh has no such limits.
internal sealed partial class SectionReader
{
    private const int MostConnections = 1_000_000;
    private static readonly TimeSpan LongestToProve = TimeSpan.FromMinutes(5);

    private static readonly TimeSpan ShortestLifetime = TimeSpan.FromMinutes(1);
    private static readonly TimeSpan LongestLifetime = TimeSpan.FromDays(365);

    private PortLimits _port = new();
    private TimeSpan _certificateLifetime = CertificateAuthority.AgentLifetime;

    internal void AgentPort(MarkupElement section)
    {
        foreach (var child in section.Children)
        {
            if (child.Is("certificate_lifetime"))
            {
                _certificateLifetime = Time(child, ShortestLifetime, LongestLifetime, "1m to 365d", _certificateLifetime);
                continue;
            }

            _port = child.Name.ToLowerInvariant() switch
            {
                "connections" => _port with { Connections = Number(child, 1, MostConnections, _port.Connections) },
                "unproven" => _port with { Unproven = Number(child, 1, MostConnections, _port.Unproven) },
                "unproven_per_address" => _port with { UnprovenPerAddress = Number(child, 1, MostConnections, _port.UnprovenPerAddress) },
                "new_per_minute" => _port with { NewPerMinute = Number(child, 1, MostConnections, _port.NewPerMinute) },
                "time_to_prove" => _port with
                {
                    TimeToProve = Time(child, TimeSpan.FromSeconds(1), LongestToProve, "1s to 5m", _port.TimeToProve),
                },
                "addresses" => _port with { Addresses = Number(child, 1000, MostConnections, _port.Addresses) },
                _ => UnknownLimit(section, child),
            };
        }

        if (_port.UnprovenPerAddress > _port.Unproven || _port.Unproven > _port.Connections)
            Error(
                section,
                "CONF0086",
                null,
                $"One address may have {_port.UnprovenPerAddress} connections, all strangers together {_port.Unproven}, and all {_port.Connections}: each must be no more than the next.",
                "Set unproven_per_address, unproven and connections in that order; those left out have defaults of 64, 1000 and 20000."
            );
    }

    private PortLimits UnknownLimit(MarkupElement section, MarkupElement child)
    {
        Unknown(section, child);
        return _port;
    }

    private TimeSpan Time(MarkupElement at, TimeSpan low, TimeSpan high, string range, TimeSpan otherwise)
    {
        if (Seconds(at.Text) is { } seconds && TimeSpan.FromSeconds(seconds) is var time && time >= low && time <= high)
            return time;

        BadValue(at, $"Write a time from {range}.");
        return otherwise;
    }
}
