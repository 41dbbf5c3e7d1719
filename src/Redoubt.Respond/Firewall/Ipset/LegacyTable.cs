using System.Net.Sockets;
using System.Runtime.InteropServices;

namespace Redoubt.Respond.Firewall.Ipset;

/// <summary>Size of the table <c>raw</c> of the older iptables, as a cheap sign that somebody has changed its rules.</summary>
internal static class LegacyTable
{
    private const int LevelIPv4 = 0;
    private const int LevelIPv6 = 41;
    private const int GetInfo = 64;

    // struct ipt_getinfo: name (32 bytes), valid hooks, 5 entry points, 5 underflows, number of entries, size; 32 bits each.
    private const int InfoBytes = 32 + (13 * 4);

    /// <summary>A number that changes when rules are added or taken away; 0 where there is no such table.</summary>
    internal static long Stamp(bool isIPv6)
    {
        try
        {
            using var socket = new Socket(
                isIPv6 ? AddressFamily.InterNetworkV6 : AddressFamily.InterNetwork,
                SocketType.Raw,
                isIPv6 ? ProtocolType.IcmpV6 : ProtocolType.Raw
            );
            Span<byte> info = stackalloc byte[InfoBytes];
            info.Clear();
            "raw"u8.CopyTo(info);
            socket.GetRawSocketOption(isIPv6 ? LevelIPv6 : LevelIPv4, GetInfo, info);
            return ((long)MemoryMarshal.Read<uint>(info[(InfoBytes - 8)..]) << 32) | MemoryMarshal.Read<uint>(info[(InfoBytes - 4)..]);
        }
        catch (SocketException)
        {
            // No such table, or no such family, in this kernel or namespace.
            return 0;
        }
    }
}
