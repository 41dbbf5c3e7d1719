using Redoubt.Model;

namespace Redoubt.Respond.Firewall.Nftables;

/// <summary>The names of what is ours in the kernel, and where a target belongs.</summary>
internal static class NftNames
{
    internal const string Table = "redoubt";
    internal const string Chain = "prerouting";

    /// <summary>Before connection tracking (-200), so that a flood from a blocked source costs as little as can be.</summary>
    internal const int Priority = -300;

    /// <summary>The four sets. Addresses and prefixes are kept apart: an interval set refuses what overlaps.</summary>
    internal static readonly NftSet[] Sets =
    [
        new("block4", IsIPv6: false, IsInterval: false),
        new("block6", IsIPv6: true, IsInterval: false),
        new("net4", IsIPv6: false, IsInterval: true),
        new("net6", IsIPv6: true, IsInterval: true),
    ];

    /// <summary>The set that a target belongs to.</summary>
    internal static NftSet SetOf(BlockTarget target) => Sets[(target.IsSingle ? 0 : 2) + (target.IsIPv6 ? 1 : 0)];
}
