namespace Redoubt.Respond.Firewall.Ipset;

/// <summary>Numbers of <c>linux/netfilter/ipset/ip_set.h</c>; part of the kernel's stable interface.</summary>
internal static class IpsetConstants
{
    private const ushort Subsystem = 6 << 8;

    internal const ushort Create = Subsystem | 2;
    internal const ushort Flush = Subsystem | 4;
    internal const ushort List = Subsystem | 7;
    internal const ushort Add = Subsystem | 9;
    internal const ushort Delete = Subsystem | 10;
    internal const ushort Test = Subsystem | 11;

    internal const ushort ProtocolAttribute = 1;
    internal const ushort SetName = 2;
    internal const ushort TypeName = 3;
    internal const ushort Revision = 4;
    internal const ushort Family = 5;
    internal const ushort Data = 7;
    internal const ushort Many = 8;
    internal const ushort LineNumber = 9;

    internal const ushort DataIp = 1;
    internal const ushort DataPrefixLength = 3;
    internal const ushort DataTimeout = 6;
    internal const ushort DataMaxElements = 19;

    internal const ushort IPv4 = 1;
    internal const ushort IPv6 = 2;

    /// <summary>Numbers and addresses say in their type that they are in network byte order.</summary>
    internal const ushort NetworkOrder = 0x4000;

    /// <summary>Version 6 of the protocol: kernels from 2011 to now.</summary>
    internal const byte Protocol = 6;

    /// <summary>Error numbers of its own begin here.</summary>
    internal const int ErrorNotThere = 4103;

    /// <summary>The kernel counts timeouts in milliseconds of 31 bits.</summary>
    internal const long MaxTimeoutSeconds = 2_147_483;

    internal const uint MaxElements = 1 << 20;
}
