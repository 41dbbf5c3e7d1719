using Redoubt.Model;
using Redoubt.Respond.Firewall.Netlink;
using static Redoubt.Respond.Firewall.Nftables.NftConstants;

namespace Redoubt.Respond.Firewall.Nftables;

/// <summary>Reads and adds many single addresses at once.</summary>
/// <remarks>Cost: about 2 us an address for reading, 1 us for adding, whatever the size of the sets. Threads: not safe; whoever holds the
/// socket calls it.</remarks>
internal sealed class NftBulk(NetlinkSocket socket)
{
    /// <summary>What <see cref="Read"/> says of an address that is not there.</summary>
    internal const long Absent = 0;

    private readonly NetlinkWriter writer = new();
    private readonly List<NftElement> one = [];

    /// <summary>Reads single addresses back that are expected to be there.</summary>
    /// <returns>As <see cref="Read"/>; null when one is missing: the kernel stops at the first.</returns>
    /// <exception cref="IOException">The kernel could not be asked.</exception>
    internal long[]? TryReadAll(IReadOnlyList<BlockTarget> targets)
    {
        var remaining = new long[targets.Count];
        foreach (var ofSet in Enumerable.Range(0, targets.Count).GroupBy(i => NftNames.SetOf(targets[i])))
        {
            int[] places = [.. ofSet];
            var sequence = socket.ReserveSequences(1);
            writer.Clear();
            NftElements.WriteSingles(writer, GetElement, 0, sequence, ofSet.Key, places.Select(i => new FirewallEntry(targets[i], 0)));

            // Answers come in the order of the question.
            var read = 0;
            var answer = socket.Exchange(
                writer.Written,
                sequence,
                sequence,
                onMessage: (in NetlinkMessage message) =>
                {
                    one.Clear();
                    NftElements.Read(in message, ofSet.Key.KeyBytes, one);
                    foreach (var element in one)
                    {
                        if (read < places.Length && targets[places[read]].Network.BaseAddress.Equals(element.Key))
                            remaining[places[read++]] = element.RemainingMilliseconds;
                    }
                }
            );
            if (answer.Errno == Errno.NoEntry || (answer.IsOk && read < places.Length))
                return null;
            if (!answer.IsOk)
                throw new IOException($"nftables cannot read {places.Length} addresses back: {answer}");
        }

        return remaining;
    }

    /// <summary>Reads single addresses back.</summary>
    /// <returns>What is left of each, in milliseconds: -1 permanent, 0 not there; one that is just running out is not there.</returns>
    /// <exception cref="IOException">The kernel could not be asked.</exception>
    internal long[] Read(IReadOnlyList<BlockTarget> targets)
    {
        var remaining = new long[targets.Count];
        if (targets.Count == 0)
            return remaining;

        var first = socket.ReserveSequences(targets.Count);
        writer.Clear();
        for (var i = 0; i < targets.Count; i++)
            NftElements.WriteQuestion(writer, first + (uint)i, targets[i]);

        var answer = socket.Exchange(
            writer.Written,
            first,
            first + (uint)targets.Count - 1,
            onMessage: (in NetlinkMessage message) =>
            {
                var index = (int)(message.Sequence - first);
                one.Clear();
                NftElements.Read(in message, NftNames.SetOf(targets[index]).KeyBytes, one);
                if (one.Count > 0)
                    remaining[index] = one[0].RemainingMilliseconds;
            }
        );
        return answer.IsOk || answer.Errno == Errno.NoEntry
            ? remaining
            : throw new IOException($"nftables cannot read {targets.Count} addresses back: {answer}");
    }

    /// <summary>Adds single addresses, all or none.</summary>
    /// <param name="entries">With the time that each gets; -1 is permanent.</param>
    /// <param name="renewed">Those of them that are there already and get a new time.</param>
    internal KernelAnswer Put(IReadOnlyCollection<FirewallEntry> entries, IReadOnlyCollection<FirewallEntry> renewed)
    {
        var old = renewed.GroupBy(e => NftNames.SetOf(e.Target)).ToList();
        var added = entries.GroupBy(e => NftNames.SetOf(e.Target)).ToList();
        var first = socket.ReserveSequences(old.Count + added.Count + 2);
        var sequence = first;
        writer.Clear();
        NftElements.WriteBatchMark(writer, BatchBegin, sequence);
        foreach (var ofSet in old)
            NftElements.WriteSingles(
                writer,
                DeleteElement,
                0,
                ++sequence,
                ofSet.Key,
                ofSet.Select(e => e with { RemainingMilliseconds = 0 })
            );
        foreach (var ofSet in added)
            NftElements.WriteSingles(
                writer,
                NewElement,
                NetlinkMessage.FlagCreate | NetlinkMessage.FlagExclusive,
                ++sequence,
                ofSet.Key,
                ofSet
            );
        NftElements.WriteBatchMark(writer, BatchEnd, sequence + 1);
        return socket.Exchange(writer.Written, first + 1, sequence, first);
    }
}
