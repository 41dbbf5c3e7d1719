using System.Buffers.Binary;
using System.Runtime.InteropServices;
using Redoubt.Respond.Firewall.Netlink;
using static Redoubt.Respond.Firewall.Nftables.NftConstants;

namespace Redoubt.Respond.Firewall.Nftables;

/// <summary>Compares our table in the kernel with what it has to be.</summary>
/// <remarks>Threads: not safe; whoever holds the socket calls it.</remarks>
internal sealed class NftInspection(NetlinkSocket socket)
{
    // Dormant: the table is there but hooks into nothing.
    private const uint TableDormant = 1;
    private const uint TableOwned = 2;

    private readonly NetlinkWriter writer = new();

    /// <summary>What was found.</summary>
    internal enum Finding
    {
        /// <summary>Everything is as it has to be.</summary>
        Right,

        /// <summary>There is no table of our name.</summary>
        Missing,

        /// <summary>There is one, but it would not drop what it holds, or could not hold it.</summary>
        Wrong,

        /// <summary>There is one that another process owns; the kernel lets nobody else change it.</summary>
        Owned,
    }

    /// <summary>Looks at table, sets, chain and rules.</summary>
    /// <exception cref="NetlinkException">The kernel could not be asked.</exception>
    internal Finding Look()
    {
        var flags = ReadTableFlags();
        if (flags is null)
            return Finding.Missing;
        if ((flags & TableOwned) != 0)
            return Finding.Owned;

        var isRight = (flags & TableDormant) == 0 && Array.TrueForAll(NftNames.Sets, HasSet) && HasChain() && HasRules();
        return isRight ? Finding.Right : Finding.Wrong;
    }

    /// <summary>Whether a set of the right kind is there, so that its elements can be kept.</summary>
    internal bool HasSet(NftSet set)
    {
        var isRight = false;
        var wanted = SetFlagTimeout | (set.IsInterval ? SetFlagInterval : 0);
        Ask(
            GetSet,
            0,
            w =>
            {
                w.TextAttribute(SetTable, NftNames.Table);
                w.TextAttribute(SetName, set.Name);
            },
            (in NetlinkMessage message) =>
            {
                var attributes = message.Payload[4..];
                isRight =
                    NetlinkAttribute.TryFind(attributes, SetKeyLength, out var key)
                    && key.UInt32Big == set.KeyBytes
                    && NetlinkAttribute.TryFind(attributes, SetFlags, out var flags)
                    && (flags.UInt32Big & (SetFlagTimeout | SetFlagInterval | SetFlagMap)) == wanted;
            }
        );
        return isRight;
    }

    /// <summary>The number of changes that anybody has made to this namespace's ruleset: every transaction adds one.</summary>
    internal uint ReadGeneration()
    {
        uint generation = 0;
        Ask(
            GetGeneration,
            0,
            _ => { },
            (in NetlinkMessage message) =>
                generation = NetlinkAttribute.TryFind(message.Payload[4..], GenerationId, out var id) ? id.UInt32Big : 0
        );
        return generation;
    }

    private uint? ReadTableFlags()
    {
        uint? flags = null;
        Ask(
            GetTable,
            0,
            w => w.TextAttribute(TableName, NftNames.Table),
            (in NetlinkMessage message) =>
                flags = NetlinkAttribute.TryFind(message.Payload[4..], TableFlags, out var found) ? found.UInt32Big : 0
        );
        return flags;
    }

    private bool HasChain()
    {
        var isRight = false;
        Ask(
            GetChain,
            0,
            w =>
            {
                w.TextAttribute(ChainTable, NftNames.Table);
                w.TextAttribute(ChainName, NftNames.Chain);
            },
            (in NetlinkMessage message) =>
            {
                var attributes = message.Payload[4..];
                isRight =
                    NetlinkAttribute.TryFind(attributes, ChainHook, out var hook)
                    && NetlinkAttribute.TryFind(hook.Value, HookNumber, out var number)
                    && number.UInt32Big == HookPrerouting
                    && NetlinkAttribute.TryFind(hook.Value, HookPriority, out var priority)
                    && (int)priority.UInt32Big == NftNames.Priority
                    && NetlinkAttribute.TryFind(attributes, ChainPolicy, out var policy)
                    && policy.UInt32Big == PolicyAccept
                    && NetlinkAttribute.TryFind(attributes, ChainType, out var type)
                    && string.Equals(type.Text, "filter", StringComparison.Ordinal);
            }
        );
        return isRight;
    }

    private bool HasRules()
    {
        var shapes = new List<string>();
        Ask(
            GetRule,
            NetlinkMessage.FlagDump,
            w =>
            {
                w.TextAttribute(RuleTable, NftNames.Table);
                w.TextAttribute(RuleChain, NftNames.Chain);
            },
            (in NetlinkMessage message) =>
            {
                // Older kernels do not filter a listing.
                var attributes = message.Payload[4..];
                if (
                    message.Payload[0] == FamilyInet
                    && NetlinkAttribute.TryFind(attributes, RuleTable, out var table)
                    && string.Equals(table.Text, NftNames.Table, StringComparison.Ordinal)
                    && NetlinkAttribute.TryFind(attributes, RuleChain, out var chain)
                    && string.Equals(chain.Text, NftNames.Chain, StringComparison.Ordinal)
                )
                    shapes.Add(NetlinkAttribute.TryFind(attributes, RuleExpressions, out var list) ? ShapeOf(list.Value) : "");
            }
        );

        // Any further rule could accept before ours drop.
        return shapes.SequenceEqual(NftNames.Sets.Select(ShapeWanted), StringComparer.Ordinal);
    }

    private static string ShapeWanted(NftSet set)
    {
        // Family by the layer 3 protocol (2 or 10 is AF_INET or AF_INET6), source address by its place in the header.
        var (family, offset) = set.IsIPv6 ? (10, 8) : (2, 12);
        return $"meta cmp:{family} payload:1:{offset}:{set.KeyBytes} lookup:{set.Name} verdict:0 ";
    }

    /// <summary>Writes a rule's expressions as text that can be compared; counters do not matter.</summary>
    private static string ShapeOf(ReadOnlySpan<byte> expressions)
    {
        var shape = "";
        while (NetlinkAttribute.TryTake(ref expressions, out var expression))
        {
            if (!NetlinkAttribute.TryFind(expression.Value, ExpressionName, out var name))
                continue;

            var data = NetlinkAttribute.TryFind(expression.Value, ExpressionData, out var found) ? found.Value : default;
            shape += name.Text switch
            {
                "counter" => "",
                "cmp" => $"cmp:{ReadCompared(data)} ",
                "payload" => $"payload:{ReadNumber(data, 2)}:{ReadNumber(data, 3)}:{ReadNumber(data, 4)} ",
                "lookup" => $"lookup:{(NetlinkAttribute.TryFind(data, 1, out var set) ? set.Text : "")} ",
                "immediate" => $"verdict:{ReadVerdict(data)} ",
                var other => other + " ",
            };
        }

        return shape;
    }

    private static long ReadNumber(ReadOnlySpan<byte> data, ushort type) =>
        NetlinkAttribute.TryFind(data, type, out var number) ? number.UInt32Big : -1;

    private static int ReadCompared(ReadOnlySpan<byte> data) =>
        NetlinkAttribute.TryFind(data, 3, out var nest)
        && NetlinkAttribute.TryFind(nest.Value, DataValue, out var value)
        && value.Value.Length > 0
            ? value.Value[0]
            : -1;

    private static long ReadVerdict(ReadOnlySpan<byte> data) =>
        NetlinkAttribute.TryFind(data, 2, out var nest) && NetlinkAttribute.TryFind(nest.Value, DataVerdict, out var verdict)
            ? ReadNumber(verdict.Value, VerdictCode)
            : -1;

    private void Ask(ushort type, ushort flags, Action<NetlinkWriter> write, NetlinkSocket.OnMessage onMessage)
    {
        var sequence = socket.ReserveSequences(1);
        writer.Clear();
        writer.BeginMessage(type, (ushort)(NetlinkMessage.FlagRequest | (flags != 0 ? flags : NetlinkMessage.FlagAck)), sequence);
        writer.NetfilterHeader(FamilyInet);
        write(writer);
        writer.EndMessage();

        var answer = socket.Exchange(
            writer.Written,
            sequence,
            sequence,
            onMessage: (in NetlinkMessage message) =>
            {
                if (message.Payload.Length >= 4)
                    onMessage(in message);
            }
        );
        if (!answer.IsOk && answer.Errno != Errno.NoEntry)
            throw new NetlinkException("look at table redoubt", answer.Errno);
    }
}
