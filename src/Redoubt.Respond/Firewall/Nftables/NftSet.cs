namespace Redoubt.Respond.Firewall.Nftables;

/// <summary>One of our sets.</summary>
/// <param name="Name">Its name in the kernel.</param>
/// <param name="IsIPv6">Keys of 16 bytes instead of 4.</param>
/// <param name="IsInterval">Holds prefixes as pairs of first address and first address after; else single addresses in a hash.</param>
internal sealed record NftSet(string Name, bool IsIPv6, bool IsInterval)
{
    /// <summary>Bytes of a key.</summary>
    internal int KeyBytes => IsIPv6 ? 16 : 4;
}
