using System.Net;
using System.Net.Sockets;
using Redoubt.Model;
using Redoubt.Respond.Firewall.Netlink;
using static Redoubt.Respond.Firewall.Nftables.NftConstants;

namespace Redoubt.Respond.Firewall.Nftables;

/// <summary>Writes and reads set elements as the kernel speaks them.</summary>
internal static class NftElements
{
    /// <summary>The empty message that opens a batch: all or nothing.</summary>
    internal static void WriteBatchMark(NetlinkWriter writer, ushort type, uint sequence)
    {
        writer.BeginMessage(type, NetlinkMessage.FlagRequest, sequence);
        writer.NetfilterHeader(0, SubsystemNftables);
        writer.EndMessage();
    }

    /// <summary>A message about one target in its set.</summary>
    /// <param name="writer">Where to.</param>
    /// <param name="type">New, get or delete.</param>
    /// <param name="flags">Besides request and acknowledge.</param>
    /// <param name="sequence">Its sequence number.</param>
    /// <param name="target">A prefix becomes two elements: first address, and first address after as interval end.</param>
    /// <param name="timeoutMilliseconds">0 for none.</param>
    internal static void WriteElement(
        NetlinkWriter writer,
        ushort type,
        ushort flags,
        uint sequence,
        BlockTarget target,
        long timeoutMilliseconds = 0
    )
    {
        var set = NftNames.SetOf(target);
        var elements = BeginElements(writer, type, (ushort)(flags | NetlinkMessage.FlagAck), sequence, set);

        Span<byte> key = stackalloc byte[set.KeyBytes];
        target.Network.BaseAddress.TryWriteBytes(key, out _);
        WriteKey(writer, key, 0, timeoutMilliseconds);

        // An interval that reaches the last address has no end element.
        if (set.IsInterval && TryMoveBehind(key, target.Network.PrefixLength))
            WriteKey(writer, key, ElementIntervalEnd, 0);

        writer.EndNest(elements);
        writer.EndMessage();
    }

    /// <summary>A message about several single addresses of one set.</summary>
    /// <param name="writer">Where to.</param>
    /// <param name="type">New or delete.</param>
    /// <param name="flags">Besides request and acknowledge.</param>
    /// <param name="sequence">Its sequence number.</param>
    /// <param name="set">Their set, one without intervals.</param>
    /// <param name="entries">So many that the list stays below 64 KiB: a thousand are fine. What is left of each is its timeout.</param>
    internal static void WriteSingles(
        NetlinkWriter writer,
        ushort type,
        ushort flags,
        uint sequence,
        NftSet set,
        IEnumerable<FirewallEntry> entries
    )
    {
        var elements = BeginElements(writer, type, (ushort)(flags | NetlinkMessage.FlagAck), sequence, set);
        Span<byte> key = stackalloc byte[set.KeyBytes];
        foreach (var entry in entries)
        {
            entry.Target.Network.BaseAddress.TryWriteBytes(key, out _);
            WriteKey(writer, key, 0, Math.Min(entry.RemainingMilliseconds, MaxTimeoutMilliseconds));
        }

        writer.EndNest(elements);
        writer.EndMessage();
    }

    /// <summary>The question whether a target is in its set.</summary>
    /// <remarks>An interval set answers with what lies around an address, so three are asked: the first address, the last one, and the end.</remarks>
    internal static void WriteQuestion(NetlinkWriter writer, uint sequence, BlockTarget target)
    {
        var set = NftNames.SetOf(target);
        var elements = BeginElements(writer, GetElement, NetlinkMessage.FlagAck, sequence, set);

        Span<byte> key = stackalloc byte[set.KeyBytes];
        target.Network.BaseAddress.TryWriteBytes(key, out _);
        WriteKey(writer, key, 0, 0);
        if (set.IsInterval)
        {
            Span<byte> last = stackalloc byte[set.KeyBytes];
            key.CopyTo(last);
            MoveToLast(last, target.Network.PrefixLength);
            WriteKey(writer, last, 0, 0);
            if (TryMoveBehind(key, target.Network.PrefixLength))
                WriteKey(writer, key, ElementIntervalEnd, 0);
        }

        writer.EndNest(elements);
        writer.EndMessage();
    }

    /// <summary>A message about a whole set: listing it, or deleting all its elements.</summary>
    internal static void WriteWholeSet(NetlinkWriter writer, ushort type, ushort flags, uint sequence, NftSet set)
    {
        writer.BeginMessage(type, (ushort)(NetlinkMessage.FlagRequest | flags), sequence);
        writer.NetfilterHeader(FamilyInet);
        writer.TextAttribute(ElementListTable, NftNames.Table);
        writer.TextAttribute(ElementListSet, set.Name);
        writer.EndMessage();
    }

    /// <summary>Reads the elements of one message.</summary>
    /// <param name="message">New-element message, as the answer to get.</param>
    /// <param name="keyBytes">What keys have; others are left out.</param>
    /// <param name="into">Gets each element.</param>
    /// <param name="type">The type that the message has to have; a notification may tell of deleted ones.</param>
    internal static void Read(in NetlinkMessage message, int keyBytes, List<NftElement> into, ushort type = NewElement)
    {
        if (message.Type != type || message.Payload.Length < 4)
            return;

        var attributes = message.Payload[4..];
        if (!NetlinkAttribute.TryFind(attributes, ElementListElements, out var list))
            return;

        var rest = list.Value;
        while (NetlinkAttribute.TryTake(ref rest, out var element))
        {
            if (TryReadElement(element.Value, keyBytes, out var read))
                into.Add(read);
        }
    }

    /// <summary>Moves a first address to the first one behind its prefix.</summary>
    /// <returns>False when there is none behind.</returns>
    internal static bool TryMoveBehind(Span<byte> address, int prefixLength)
    {
        if (prefixLength == 0)
            return false;

        var at = (prefixLength - 1) / 8;
        var carry = 1 << (7 - ((prefixLength - 1) % 8));
        for (; at >= 0; at--)
        {
            var sum = address[at] + carry;
            address[at] = (byte)sum;
            if (sum <= byte.MaxValue)
                return true;

            carry = 1;
        }

        return false;
    }

    private static void MoveToLast(Span<byte> address, int prefixLength)
    {
        for (var i = 0; i < address.Length; i++)
            address[i] |= (byte)(0xFF >> Math.Clamp(prefixLength - (i * 8), 0, 8));
    }

    private static int BeginElements(NetlinkWriter writer, ushort type, ushort flags, uint sequence, NftSet set)
    {
        writer.BeginMessage(type, (ushort)(NetlinkMessage.FlagRequest | flags), sequence);
        writer.NetfilterHeader(FamilyInet);
        writer.TextAttribute(ElementListTable, NftNames.Table);
        writer.TextAttribute(ElementListSet, set.Name);
        return writer.BeginNest(ElementListElements);
    }

    private static void WriteKey(NetlinkWriter writer, ReadOnlySpan<byte> key, uint flags, long timeoutMilliseconds)
    {
        var element = writer.BeginNest(ListElement);
        var nest = writer.BeginNest(ElementKey);
        writer.Attribute(DataValue, key);
        writer.EndNest(nest);
        if (flags != 0)
            writer.UInt32BigAttribute(ElementFlags, flags);
        if (timeoutMilliseconds > 0)
            writer.UInt64BigAttribute(ElementTimeout, (ulong)timeoutMilliseconds);
        writer.EndNest(element);
    }

    private static bool TryReadElement(ReadOnlySpan<byte> rest, int keyBytes, out NftElement element)
    {
        element = default;
        IPAddress? key = null;
        ulong timeout = 0;
        ulong expiration = 0;
        uint flags = 0;
        while (NetlinkAttribute.TryTake(ref rest, out var attribute))
        {
            switch (attribute.Type)
            {
                case ElementKey:
                    if (NetlinkAttribute.TryFind(attribute.Value, DataValue, out var value) && value.Value.Length == keyBytes)
                        key = new IPAddress(value.Value);
                    break;
                case ElementFlags:
                    flags = attribute.UInt32Big;
                    break;
                case ElementTimeout:
                    timeout = attribute.UInt64Big;
                    break;
                case ElementExpiration:
                    expiration = attribute.UInt64Big;
                    break;
            }
        }

        if (key is null || (key.AddressFamily == AddressFamily.InterNetworkV6) != (keyBytes == 16))
            return false;

        // A permanent element carries no timeout (or 0 on newer kernels); one that is just running out shows 0 left.
        var remaining = timeout == 0 ? -1 : (long)Math.Min(expiration, (ulong)MaxTimeoutMilliseconds);
        element = new NftElement(key, (flags & ElementIntervalEnd) != 0, (long)Math.Min(timeout, (ulong)MaxTimeoutMilliseconds), remaining);
        return true;
    }
}
