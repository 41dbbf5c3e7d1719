using Redoubt.Model.Markup;
using Redoubt.Transport.Port;

namespace Redoubt.Config;

// <agent_port>: what strangers may do at the manager's port. Ours; Wazuh has no such limits.
internal sealed partial class SectionReader
{
    private const int MostConnections = 1_000_000;
    private static readonly TimeSpan LongestToProve = TimeSpan.FromMinutes(5);

    private PortLimits _port = new();

    internal void AgentPort(MarkupElement section)
    {
        foreach (var child in section.Children)
        {
            _port = child.Name.ToLowerInvariant() switch
            {
                "connections" => _port with { Connections = Number(child, 1, MostConnections, _port.Connections) },
                "unproven" => _port with { Unproven = Number(child, 1, MostConnections, _port.Unproven) },
                "unproven_per_address" => _port with
                {
                    UnprovenPerAddress = Number(child, 1, MostConnections, _port.UnprovenPerAddress),
                },
                "new_per_minute" => _port with { NewPerMinute = Number(child, 1, MostConnections, _port.NewPerMinute) },
                "time_to_prove" => _port with { TimeToProve = TimeToProve(child) },
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

    private TimeSpan TimeToProve(MarkupElement child)
    {
        if (Seconds(child.Text) is { } seconds and > 0 && TimeSpan.FromSeconds(seconds) is var time && time <= LongestToProve)
            return time;

        BadValue(child, "Write a time from 1s to 5m.");
        return _port.TimeToProve;
    }
}
