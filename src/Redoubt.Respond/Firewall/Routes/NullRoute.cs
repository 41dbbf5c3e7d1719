using System.Net;
using System.Runtime.InteropServices;
using Redoubt.Model;
using Redoubt.Respond.Firewall.Netlink;
using static Redoubt.Respond.Firewall.Netlink.RouteConstants;

namespace Redoubt.Respond.Firewall.Routes;

/// <summary>One of our routes.</summary>
/// <param name="Target">Where nothing is sent.</param>
/// <param name="Metric">Its end in Unix seconds; the largest number for none.</param>
[StructLayout(LayoutKind.Auto)]
internal readonly record struct NullRoute(BlockTarget Target, uint Metric)
{
    /// <summary>Ours, from the range that the kernel leaves to programs.</summary>
    internal const byte Protocol = 0xB7;

    internal const byte TableMain = 254;
    internal const byte TypeBlackhole = 6;

    /// <summary>Reads a route message.</summary>
    /// <returns>False for a route that is not ours.</returns>
    internal static bool TryRead(in NetlinkMessage message, out NullRoute route)
    {
        route = default;
        if (
            message.Type is not (NewRoute or DeleteRoute)
            || message.Payload.Length < RouteHeaderBytes
            || message.Payload[4] != TableMain
            || message.Payload[5] != Protocol
            || message.Payload[7] != TypeBlackhole
        )
            return false;

        var attributes = message.Payload[RouteHeaderBytes..];
        if (!NetlinkAttribute.TryFind(attributes, RouteDestination, out var destination) || destination.Value.Length is not (4 or 16))
            return false;

        var hasMetric = NetlinkAttribute.TryFind(attributes, RouteMetric, out var metric) && metric.Value.Length >= 4;
        route = new NullRoute(
            BlockTarget.Of(new IPNetwork(new IPAddress(destination.Value), message.Payload[1])),
            hasMetric ? MemoryMarshal.Read<uint>(metric.Value) : 0
        );
        return true;
    }
}
