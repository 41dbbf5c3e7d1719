using Redoubt.Model;
using Redoubt.Respond.Firewall.Netlink;

namespace Redoubt.Respond.Firewall.Nftables;

/// <summary>One change of a transaction.</summary>
/// <param name="Type">New or delete.</param>
/// <param name="Flags">Flags of the message besides request and acknowledge.</param>
/// <param name="Target">What it is about.</param>
/// <param name="TimeoutMilliseconds">For a new one; 0 is permanent.</param>
internal readonly record struct NftChange(ushort Type, ushort Flags, BlockTarget Target, long TimeoutMilliseconds)
{
    /// <summary>Adds; an error when it is there.</summary>
    internal static NftChange Create(BlockTarget target, long timeout) =>
        new(NftConstants.NewElement, NetlinkMessage.FlagCreate | NetlinkMessage.FlagExclusive, target, timeout);

    /// <summary>Deletes; an error when it is not there.</summary>
    internal static NftChange Delete(BlockTarget target) => new(NftConstants.DeleteElement, 0, target, 0);
}
