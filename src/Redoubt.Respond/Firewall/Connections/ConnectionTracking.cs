using System.Buffers.Binary;
using System.Globalization;
using Redoubt.Respond.Firewall.Netlink;

namespace Redoubt.Respond.Firewall.Connections;

/// <summary>Deletes a peer's entries in the kernel's connection tracking, so that no rule still lets its traffic pass as established.</summary>
/// <remarks>Source: <c>linux/netfilter/nfnetlink_conntrack.h</c>. Where the kernel tracks nothing, nothing is done and no module is loaded.
/// Cost: lists the family's table, so it runs beside the blocks and for several targets at once. Threads: not safe.</remarks>
internal sealed class ConnectionTracking : IDisposable
{
    private const ushort New = 1 << 8;
    private const ushort Get = (1 << 8) | 1;
    private const ushort Delete = (1 << 8) | 2;

    private const ushort TupleOriginal = 1;
    private const ushort TupleReply = 2;
    private const ushort Id = 12;
    private const ushort Zone = 18;
    private const ushort TupleIp = 1;

    private const string CountFile = "/proc/sys/net/netfilter/nf_conntrack_count";

    private readonly NetlinkSocket socket = new(NetlinkSocket.Netfilter);
    private readonly NetlinkWriter writer = new();

    /// <summary>Deletes the entries in which a target takes part.</summary>
    /// <param name="match">The targets.</param>
    /// <param name="counts">Counts per target, added to.</param>
    /// <returns>Why it was not done in full; null when it was, or there was nothing to do.</returns>
    internal string? Forget(TargetMatch match, int[] counts)
    {
        if (IsEmpty())
            return null;

        try
        {
            var trouble = match.HasIPv4 ? Forget(2, match, counts) : null;
            return (match.HasIPv6 ? Forget(10, match, counts) : null) ?? trouble;
        }
        catch (NetlinkException e)
        {
            return $"tracked connections could not be deleted: {e.Message}";
        }
    }

    public void Dispose() => socket.Dispose();

    // The file belongs to the reading thread's network namespace; it is missing where the kernel has no connection tracking.
    private static bool IsEmpty()
    {
        try
        {
            return int.TryParse(File.ReadAllText(CountFile), NumberStyles.AllowTrailingWhite, CultureInfo.InvariantCulture, out var count)
                && count == 0;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return true;
        }
    }

    private string? Forget(byte family, TargetMatch match, int[] counts)
    {
        var found = new List<(byte[] Tuple, byte[] Id, byte[] Zone, int Index)>();
        var sequence = socket.ReserveSequences(1);
        writer.Clear();
        writer.BeginMessage(Get, NetlinkMessage.FlagRequest | NetlinkMessage.FlagDump, sequence);
        writer.NetfilterHeader(family);
        writer.EndMessage();
        var listed = socket.Exchange(
            writer.Written,
            sequence,
            sequence,
            onMessage: (in NetlinkMessage message) =>
            {
                if (message.Type != New || message.Payload.Length < 4)
                    return;

                var attributes = message.Payload[4..];
                var index = FindPeer(attributes, match);
                if (index < 0 || !NetlinkAttribute.TryFind(attributes, TupleOriginal, out var tuple))
                    return;

                NetlinkAttribute.TryFind(attributes, Id, out var id);
                NetlinkAttribute.TryFind(attributes, Zone, out var zone);
                found.Add((tuple.Value.ToArray(), id.Value.ToArray(), zone.Value.ToArray(), index));
            }
        );
        if (!listed.IsOk)
            return $"tracked connections cannot be listed: {listed}";

        string? trouble = null;
        foreach (var (tuple, id, zone, index) in found)
        {
            var answer = DeleteOne(family, tuple, id, zone);
            if (answer.IsOk)
                counts[index]++;
            else if (answer.Errno != Errno.NoEntry)
                trouble = $"a tracked connection could not be deleted: {answer}";
        }

        return trouble;
    }

    /// <summary>Looks at both ends of the first direction, and at who answers (another address where the kernel translates).</summary>
    private static int FindPeer(ReadOnlySpan<byte> attributes, TargetMatch match)
    {
        var index = -1;
        if (
            NetlinkAttribute.TryFind(attributes, TupleOriginal, out var original)
            && NetlinkAttribute.TryFind(original.Value, TupleIp, out var addresses)
        )
            index = FindIn(addresses.Value, match, bothEnds: true);
        if (
            index < 0
            && NetlinkAttribute.TryFind(attributes, TupleReply, out var reply)
            && NetlinkAttribute.TryFind(reply.Value, TupleIp, out addresses)
        )
            index = FindIn(addresses.Value, match, bothEnds: false);
        return index;
    }

    private static int FindIn(ReadOnlySpan<byte> addresses, TargetMatch match, bool bothEnds)
    {
        while (NetlinkAttribute.TryTake(ref addresses, out var address))
        {
            // 1 and 3 are the sources of IPv4 and IPv6, 2 and 4 the destinations.
            var isSource = address.Type is 1 or 3;
            var index = isSource || bothEnds ? match.Find(address.Value) : -1;
            if (index >= 0)
                return index;
        }

        return -1;
    }

    private KernelAnswer DeleteOne(byte family, byte[] tuple, byte[] id, byte[] zone)
    {
        var sequence = socket.ReserveSequences(1);
        writer.Clear();
        writer.BeginMessage(Delete, NetlinkMessage.FlagRequest | NetlinkMessage.FlagAck, sequence);
        writer.NetfilterHeader(family);
        writer.Attribute(TupleOriginal | 0x8000, tuple);

        // With the id an entry that was made anew for the same addresses and ports meanwhile stays.
        if (id.Length == 4)
            writer.UInt32BigAttribute(Id, BinaryPrimitives.ReadUInt32BigEndian(id));
        if (zone.Length == 2)
            writer.Attribute(Zone, zone);
        writer.EndMessage();
        return socket.Exchange(writer.Written, sequence, sequence);
    }
}
