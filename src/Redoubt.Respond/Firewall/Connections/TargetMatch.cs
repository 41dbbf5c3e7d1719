using System.Net;
using Redoubt.Model;

namespace Redoubt.Respond.Firewall.Connections;

/// <summary>Finds which of some targets an address belongs to.</summary>
/// <remarks>Single addresses by hash, prefixes one by one.</remarks>
internal sealed class TargetMatch
{
    private readonly Dictionary<BlockTarget, int> single = [];
    private readonly List<(BlockTarget Prefix, int Index)> prefixes = [];

    internal TargetMatch(IReadOnlyList<BlockTarget> targets)
    {
        for (var i = 0; i < targets.Count; i++)
        {
            if (targets[i].IsSingle)
                single[targets[i]] = i;
            else
                prefixes.Add((targets[i], i));

            HasIPv4 |= !targets[i].IsIPv6;
            HasIPv6 |= targets[i].IsIPv6;
        }

        Only = targets.Count == 1 ? targets[0] : null;
    }

    internal bool HasIPv4 { get; }

    internal bool HasIPv6 { get; }

    /// <summary>The target when there is just one.</summary>
    internal BlockTarget? Only { get; }

    /// <summary>The index of the target that holds an address of 4 or 16 bytes, mapped ones as what they mean; -1 for none.</summary>
    internal int Find(ReadOnlySpan<byte> address)
    {
        if (address.Length is not (4 or 16))
            return -1;

        var target = BlockTarget.Of(new IPAddress(address));
        if (single.TryGetValue(target, out var index))
            return index;

        foreach (var (prefix, ofPrefix) in prefixes)
        {
            if (prefix.Contains(target))
                return ofPrefix;
        }

        return -1;
    }
}
