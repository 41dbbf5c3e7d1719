using Redoubt.Model;

namespace Redoubt.Respond.NeverBlock;

/// <summary>What no host may block, whatever its addresses are.</summary>
/// <remarks>A prefix holds at most 2^24 IPv4 addresses (a /8) or what a provider gets (an IPv6 /32): anything wider is a mistake
/// or an attempt to cut the host off.</remarks>
internal static class PrefixLimits
{
    internal const int ShortestIPv4 = 8;
    internal const int ShortestIPv6 = 32;

    private static readonly ProtectedTarget[] Special =
    [
        Make("127.0.0.0/8", "loopback"),
        Make("::1", "loopback"),
        Make("0.0.0.0/8", "the unspecified address"),
        Make("::", "the unspecified address"),
        Make("224.0.0.0/4", "multicast"),
        Make("ff00::/8", "multicast"),
        Make("255.255.255.255", "the broadcast address"),
    ];

    /// <summary>Says why a target is out of bounds.</summary>
    /// <returns>Null when it is not.</returns>
    internal static string? WhyNot(BlockTarget target)
    {
        var shortest = target.IsIPv6 ? ShortestIPv6 : ShortestIPv4;
        if (target.Network.PrefixLength < shortest)
            return $"{target} is wider than /{shortest}, the widest prefix that may be blocked";

        foreach (var special in Special)
        {
            if (special.Meets(target))
                return NeverBlockSet.Explain(target, special);
        }

        return null;
    }

    private static ProtectedTarget Make(string text, string why) =>
        BlockTarget.TryParse(text, out var target) ? new ProtectedTarget(target, why) : throw new ArgumentException(text, nameof(text));
}
