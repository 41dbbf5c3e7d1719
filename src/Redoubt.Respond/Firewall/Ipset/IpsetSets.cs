using System.Net;
using Redoubt.Model;
using Redoubt.Respond.Firewall.Netlink;
using Redoubt.Respond.Firewall.Nftables;
using static Redoubt.Respond.Firewall.Ipset.IpsetConstants;

namespace Redoubt.Respond.Firewall.Ipset;

/// <summary>The four sets in the kernel's ipset, through a netlink socket.</summary>
/// <remarks>They are named like those of nftables, with <c>redoubt_</c> before. Threads: not safe; the owner locks.</remarks>
internal sealed class IpsetSets : IDisposable
{
    private readonly NetlinkSocket socket = new(NetlinkSocket.Netfilter);
    private readonly NetlinkWriter writer = new();

    public void Dispose() => socket.Dispose();

    /// <summary>The kernel's name of a set.</summary>
    internal static string NameOf(NftSet set) => "redoubt_" + set.Name;

    /// <summary>Makes the sets that are missing.</summary>
    /// <returns>Whether one was.</returns>
    /// <exception cref="IOException">The kernel refused.</exception>
    internal bool MakeMissing()
    {
        var made = false;
        foreach (var set in NftNames.Sets)
        {
            var answer = Ask(
                Create,
                NetlinkMessage.FlagCreate | NetlinkMessage.FlagExclusive,
                set,
                w =>
                {
                    w.TextAttribute(TypeName, set.IsInterval ? "hash:net" : "hash:ip");
                    w.Attribute(Revision, [0]);
                    w.Attribute(Family, [FamilyOf(set)]);
                    var data = w.BeginNest(Data);

                    // A set with a default timeout of 0 takes timeouts, and elements without one stay.
                    w.UInt32BigAttribute(DataTimeout | NetworkOrder, 0);
                    w.UInt32BigAttribute(DataMaxElements | NetworkOrder, MaxElements);
                    w.EndNest(data);
                }
            );
            if (!answer.IsOk && answer.Errno != Errno.Exists)
                throw new IOException($"ipset refused to make {NameOf(set)}: {Describe(answer)}");

            made |= answer.IsOk;
        }

        return made;
    }

    /// <summary>Adds a target, or gives it a new time.</summary>
    internal KernelAnswer AddOne(BlockTarget target, long seconds)
    {
        var set = NftNames.SetOf(target);
        return Ask(Add, 0, set, w => WriteElement(w, target, seconds));
    }

    /// <summary>Adds targets of one set, a thousand at most.</summary>
    internal KernelAnswer AddMany(NftSet set, IEnumerable<(BlockTarget Target, long Seconds)> entries) =>
        Ask(
            Add,
            0,
            set,
            w =>
            {
                w.UInt32Attribute(LineNumber, 1);
                var many = w.BeginNest(Many);
                foreach (var (target, seconds) in entries)
                    WriteElement(w, target, seconds);
                w.EndNest(many);
            }
        );

    /// <summary>Takes a target out.</summary>
    internal KernelAnswer DeleteOne(BlockTarget target) => Ask(Delete, 0, NftNames.SetOf(target), w => WriteElement(w, target, null));

    /// <summary>Tells whether exactly this target is in its set.</summary>
    /// <exception cref="IOException">The kernel could not be asked.</exception>
    internal bool Holds(BlockTarget target)
    {
        var answer = Ask(Test, 0, NftNames.SetOf(target), w => WriteElement(w, target, null));
        return answer.IsOk
            || (
                answer.Errno is ErrorNotThere or Errno.NoEntry
                    ? false
                    : throw new IOException($"ipset cannot read {target} back: {Describe(answer)}")
            );
    }

    /// <summary>Lists one set; empty when it is not there.</summary>
    /// <exception cref="IOException">The kernel could not be asked.</exception>
    internal List<FirewallEntry> ListOne(NftSet set)
    {
        var found = new List<FirewallEntry>();
        var answer = Ask(List, NetlinkMessage.FlagDump, set, _ => { }, (in NetlinkMessage message) => Read(in message, set, found));
        return answer.IsOk || answer.Errno == Errno.NoEntry
            ? found
            : throw new IOException($"ipset cannot list {NameOf(set)}: {Describe(answer)}");
    }

    /// <summary>Empties one set.</summary>
    internal KernelAnswer FlushOne(NftSet set) => Ask(Flush, 0, set, _ => { });

    /// <summary>The error for people; some numbers are ipset's own.</summary>
    internal static string Describe(KernelAnswer answer) =>
        answer.Errno switch
        {
            4098 => "this kernel has no such type of set",
            4099 => "no more sets are allowed",
            4102 => "a set of this name but of another type is there",
            ErrorNotThere => "not in the set",
            4352 => "the set is full",
            _ => answer.ToString(),
        };

    private static byte FamilyOf(NftSet set) => set.IsIPv6 ? RouteConstants.RouteFamilyIPv6 : RouteConstants.RouteFamilyIPv4;

    private static void WriteElement(NetlinkWriter w, BlockTarget target, long? seconds)
    {
        Span<byte> address = stackalloc byte[16];
        target.Network.BaseAddress.TryWriteBytes(address, out var bytes);
        var data = w.BeginNest(Data);
        var ip = w.BeginNest(DataIp);
        w.Attribute((ushort)((target.IsIPv6 ? IPv6 : IPv4) | NetworkOrder), address[..bytes]);
        w.EndNest(ip);
        if (!target.IsSingle)
            w.Attribute(DataPrefixLength, [(byte)target.Network.PrefixLength]);
        if (seconds is { } timeout)
            w.UInt32BigAttribute(DataTimeout | NetworkOrder, (uint)timeout);
        w.EndNest(data);
    }

    private static void Read(in NetlinkMessage message, NftSet set, List<FirewallEntry> into)
    {
        if (message.Payload.Length < 4 || !NetlinkAttribute.TryFind(message.Payload[4..], Many, out var many))
            return;

        var rest = many.Value;
        while (NetlinkAttribute.TryTake(ref rest, out var element))
        {
            if (
                !NetlinkAttribute.TryFind(element.Value, DataIp, out var ip)
                || !NetlinkAttribute.TryFind(ip.Value, set.IsIPv6 ? IPv6 : IPv4, out var address)
                || address.Value.Length != set.KeyBytes
            )
                continue;

            var prefix = NetlinkAttribute.TryFind(element.Value, DataPrefixLength, out var length) ? length.Value[0] : set.KeyBytes * 8;
            var seconds = NetlinkAttribute.TryFind(element.Value, DataTimeout, out var timeout) ? timeout.UInt32Big : 0;
            into.Add(
                new FirewallEntry(BlockTarget.Of(new IPNetwork(new IPAddress(address.Value), prefix)), seconds == 0 ? -1 : seconds * 1000L)
            );
        }
    }

    private KernelAnswer Ask(ushort type, ushort flags, NftSet set, Action<NetlinkWriter> write, NetlinkSocket.OnMessage? onMessage = null)
    {
        var sequence = socket.ReserveSequences(1);
        writer.Clear();
        var acknowledge = (flags & NetlinkMessage.FlagDump) == NetlinkMessage.FlagDump ? (ushort)0 : NetlinkMessage.FlagAck;
        writer.BeginMessage(type, (ushort)(NetlinkMessage.FlagRequest | acknowledge | flags), sequence);
        writer.NetfilterHeader(FamilyOf(set));
        writer.Attribute(ProtocolAttribute, [Protocol]);
        writer.TextAttribute(SetName, NameOf(set));
        write(writer);
        writer.EndMessage();
        return socket.Exchange(writer.Written, sequence, sequence, onMessage: onMessage);
    }
}
