using System.Net;
using System.Net.Sockets;
using System.Runtime.InteropServices;
using Redoubt.Model;
using Redoubt.Respond.Firewall.Netlink;
using static Redoubt.Respond.Firewall.Netlink.RouteConstants;

namespace Redoubt.Respond.NeverBlock;

/// <summary>The addresses of this host's interfaces, their broadcast addresses, and its default gateways, of both families.</summary>
/// <remarks>The kernel tells when an address or a default route changes; only then everything is read again, so a check costs one system call.
/// Threads: safe. It sees the network namespace of the thread that made it.</remarks>
internal sealed class HostAddresses : IDisposable
{
    private readonly Lock gate = new();
    private readonly NetlinkSocket changes = new(NetlinkSocket.Route, GroupsAddressesAndRoutes);
    private readonly NetlinkSocket socket = new(NetlinkSocket.Route);
    private readonly NetlinkWriter writer = new();
    private List<ProtectedTarget>? current;

    /// <summary>What holds at this moment.</summary>
    /// <exception cref="IOException">The kernel could not be asked.</exception>
    internal IReadOnlyList<ProtectedTarget> Current
    {
        get
        {
            lock (gate)
            {
                if (HasChanged())
                    current = null;
                return current ??= ReadAll();
            }
        }
    }

    public void Dispose()
    {
        changes.Dispose();
        socket.Dispose();
    }

    private bool HasChanged()
    {
        var changed = false;
        try
        {
            while (changes.TryReceive(out var rest))
            {
                while (NetlinkMessage.TryTake(ref rest, out var message))
                    changed |= IsOfInterest(in message);
            }
        }
        catch (NetlinkException e) when (e.Errno == Errno.NoBuffers)
        {
            // More changes than the socket could hold; which ones no longer matters.
            changed = true;
        }

        return changed;
    }

    private static bool IsOfInterest(in NetlinkMessage message) =>
        message.Type switch
        {
            NewAddress or DeleteAddress => true,

            // A router learns many routes a second; the default ones change rarely.
            NewRoute or DeleteRoute => message.Payload.Length >= RouteHeaderBytes && message.Payload[1] == 0,
            _ => false,
        };

    private List<ProtectedTarget> ReadAll()
    {
        var found = new List<ProtectedTarget>();
        Dump(GetAddress, AddressHeaderBytes, (in NetlinkMessage message) => ReadAddress(in message, found));
        Dump(GetRoute, RouteHeaderBytes, (in NetlinkMessage message) => ReadRoute(in message, found));
        return [.. found.Distinct()];
    }

    private void Dump(ushort type, int headerBytes, NetlinkSocket.OnMessage onMessage)
    {
        var sequence = socket.ReserveSequences(1);
        writer.Clear();
        writer.BeginMessage(type, NetlinkMessage.FlagRequest | NetlinkMessage.FlagDump, sequence);
        writer.Bytes(stackalloc byte[headerBytes]);
        writer.EndMessage();
        var answer = socket.Exchange(writer.Written, sequence, sequence, onMessage: onMessage);
        if (!answer.IsOk)
            throw new NetlinkException("list addresses and routes", answer.Errno);
    }

    private static void ReadAddress(in NetlinkMessage message, List<ProtectedTarget> into)
    {
        if (message.Type != NewAddress || message.Payload.Length < AddressHeaderBytes)
            return;

        // On a point-to-point link the plain address is the peer's and the local one ours.
        var attributes = message.Payload[AddressHeaderBytes..];
        if (
            NetlinkAttribute.TryFind(attributes, AddressLocal, out var own) || NetlinkAttribute.TryFind(attributes, AddressAddress, out own)
        )
            Add(own.Value, "an address of this host", into);
        if (
            message.Payload[0] == (byte)AddressFamily.InterNetwork
            && NetlinkAttribute.TryFind(attributes, AddressBroadcast, out var broadcast)
        )
            Add(broadcast.Value, "a broadcast address of this host's network", into);
    }

    private static void ReadRoute(in NetlinkMessage message, List<ProtectedTarget> into)
    {
        // The second byte is the length of the destination: 0 is a default route, in whatever table.
        if (message.Type != NewRoute || message.Payload.Length < RouteHeaderBytes || message.Payload[1] != 0)
            return;

        ReadGateway(message.Payload[RouteHeaderBytes..], into);
        if (!NetlinkAttribute.TryFind(message.Payload[RouteHeaderBytes..], RouteMultipath, out var paths))
            return;

        var hops = paths.Value;
        while (hops.Length >= NextHopHeaderBytes)
        {
            var length = MemoryMarshal.Read<ushort>(hops);
            if (length < NextHopHeaderBytes || length > hops.Length)
                return;

            ReadGateway(hops[NextHopHeaderBytes..length], into);
            hops = hops[Math.Min((length + 3) & ~3, hops.Length)..];
        }
    }

    private static void ReadGateway(ReadOnlySpan<byte> attributes, List<ProtectedTarget> into)
    {
        if (NetlinkAttribute.TryFind(attributes, RouteGateway, out var gateway))
            Add(gateway.Value, "a default gateway of this host", into);

        // An IPv4 route through an IPv6 router: the family stands before the address.
        if (NetlinkAttribute.TryFind(attributes, RouteVia, out var via) && via.Value.Length > 2)
            Add(via.Value[2..], "a default gateway of this host", into);
    }

    private static void Add(ReadOnlySpan<byte> address, string why, List<ProtectedTarget> into)
    {
        if (address.Length is 4 or 16)
            into.Add(new ProtectedTarget(BlockTarget.Of(new IPAddress(address)), why));
    }
}
