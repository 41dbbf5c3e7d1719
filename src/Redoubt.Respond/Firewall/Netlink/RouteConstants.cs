namespace Redoubt.Respond.Firewall.Netlink;

/// <summary>Numbers of <c>linux/rtnetlink.h</c>; part of the kernel's stable interface.</summary>
internal static class RouteConstants
{
    internal const ushort NewAddress = 20;
    internal const ushort DeleteAddress = 21;
    internal const ushort GetAddress = 22;
    internal const ushort NewRoute = 24;
    internal const ushort DeleteRoute = 25;
    internal const ushort GetRoute = 26;

    /// <summary>Bytes of <c>struct ifaddrmsg</c> and <c>struct rtmsg</c>, before the attributes.</summary>
    internal const int AddressHeaderBytes = 8;
    internal const int RouteHeaderBytes = 12;
    internal const int NextHopHeaderBytes = 8;

    internal const ushort AddressAddress = 1;
    internal const ushort AddressLocal = 2;
    internal const ushort AddressBroadcast = 4;

    internal const byte RouteFamilyIPv4 = 2;
    internal const byte RouteFamilyIPv6 = 10;

    internal const ushort RouteDestination = 1;
    internal const ushort RouteMetric = 6;
    internal const ushort RouteGateway = 5;
    internal const ushort RouteMultipath = 9;
    internal const ushort RouteVia = 18;

    /// <summary>Changes of routes, IPv4 and IPv6.</summary>
    internal const uint GroupsRoutes = 0x40 | 0x400;

    /// <summary>Changes of addresses and routes, IPv4 and IPv6.</summary>
    internal const uint GroupsAddressesAndRoutes = 0x10 | 0x40 | 0x100 | 0x400;
}
