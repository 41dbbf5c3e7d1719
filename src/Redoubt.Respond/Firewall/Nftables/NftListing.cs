using Redoubt.Model;
using Redoubt.Respond.Firewall.Netlink;
using static Redoubt.Respond.Firewall.Nftables.NftConstants;

namespace Redoubt.Respond.Firewall.Nftables;

/// <summary>Lists whole sets, on a socket of its own so that a big list delays no block.</summary>
/// <remarks>Cost: about 1 us an element. Threads: safe.</remarks>
internal sealed class NftListing : IDisposable
{
    private readonly Lock gate = new();
    private readonly NetlinkSocket socket = new(NetlinkSocket.Netfilter);
    private readonly NetlinkWriter writer = new();

    /// <summary>Lists all four sets.</summary>
    /// <param name="entries">Each target once.</param>
    /// <param name="wants">Which sets; null for all.</param>
    /// <returns>False when a set was changed meanwhile, so that something may be missing.</returns>
    /// <exception cref="IOException">The kernel could not be asked.</exception>
    internal bool TryList(out IReadOnlyCollection<FirewallEntry> entries, Predicate<NftSet>? wants = null)
    {
        lock (gate)
        {
            var found = new Dictionary<BlockTarget, long>();
            var isWhole = true;
            foreach (var set in NftNames.Sets)
            {
                if (wants is not null && !wants(set))
                    continue;

                isWhole &= Dump(set, out var elements);
                if (set.IsInterval)
                {
                    foreach (var interval in NftInterval.Pair(elements, set.IsIPv6))
                    {
                        foreach (var target in interval.ToTargets(set.IsIPv6))
                            found[target] = interval.RemainingMilliseconds;
                    }
                }
                else
                {
                    foreach (var element in elements)
                        found[BlockTarget.Of(element.Key)] = element.RemainingMilliseconds;
                }
            }

            entries = [.. found.Select(f => new FirewallEntry(f.Key, f.Value))];
            return isWhole;
        }
    }

    /// <summary>Lists one interval set.</summary>
    internal List<NftInterval> ListIntervals(NftSet set)
    {
        lock (gate)
        {
            Dump(set, out var elements);
            return NftInterval.Pair(elements.Distinct(), set.IsIPv6);
        }
    }

    public void Dispose() => socket.Dispose();

    private bool Dump(NftSet set, out List<NftElement> elements)
    {
        var found = new List<NftElement>();
        var isWhole = true;
        var sequence = socket.ReserveSequences(1);
        writer.Clear();
        NftElements.WriteWholeSet(writer, GetElement, NetlinkMessage.FlagDump, sequence, set);
        var answer = socket.Exchange(
            writer.Written,
            sequence,
            sequence,
            onMessage: (in NetlinkMessage message) =>
            {
                isWhole &= (message.Flags & NetlinkMessage.FlagDumpInterrupted) == 0;
                NftElements.Read(in message, set.KeyBytes, found);
            }
        );

        // No table, no blocks.
        if (!answer.IsOk && answer.Errno != Errno.NoEntry)
            throw new IOException($"nftables cannot list set {set.Name}: {answer}");

        elements = found;
        return isWhole;
    }
}
