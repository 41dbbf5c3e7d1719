using System.Diagnostics.CodeAnalysis;
using System.Net;
using System.Net.Sockets;

namespace Redoubt.Model;

/// <summary>An address or prefix that can be blocked, in its one canonical form.</summary>
/// <remarks>IPv4-mapped IPv6 becomes IPv4, host bits are cleared, a zone id is cut. Only canonical text is read:
/// <c>10.6</c> or <c>0x0a000006</c> mean different addresses to different tools and are refused.</remarks>
public readonly record struct BlockTarget
{
    private BlockTarget(IPNetwork network) => Network = network;

    /// <summary>The canonical network; a single address has a full-length prefix.</summary>
    public IPNetwork Network { get; }

    /// <summary>Whether it is one address.</summary>
    public bool IsSingle => Network.PrefixLength == (IsIPv6 ? 128 : 32);

    /// <summary>Whether it is IPv6.</summary>
    public bool IsIPv6 => Network.BaseAddress.AddressFamily == AddressFamily.InterNetworkV6;

    /// <summary>Reads an address or CIDR prefix.</summary>
    /// <returns>False for anything that is not canonical text of one.</returns>
    public static bool TryParse([NotNullWhen(true)] string? text, out BlockTarget target)
    {
        target = default;
        if (string.IsNullOrEmpty(text))
            return false;

        text = WithoutZone(text);
        var slash = text.IndexOf('/', StringComparison.Ordinal);
        var addressText = slash < 0 ? text : text[..slash];
        if (!IsCanonicalForm(addressText) || !IPAddress.TryParse(addressText, out var address))
            return false;

        var bits = address.AddressFamily == AddressFamily.InterNetworkV6 ? 128 : 32;
        var prefix = bits;
        if (
            slash >= 0
            && (!int.TryParse(text.AsSpan(slash + 1), System.Globalization.NumberStyles.None, null, out prefix) || prefix > bits)
        )
            return false;

        if (address.IsIPv4MappedToIPv6)
        {
            if (prefix < 96)
                return false;

            address = address.MapToIPv4();
            prefix -= 96;
        }

        target = new BlockTarget(Masked(address, prefix));
        return true;
    }

    /// <summary>Makes the target of one address.</summary>
    public static BlockTarget Of(IPAddress address)
    {
        var plain = address.IsIPv4MappedToIPv6 ? address.MapToIPv4() : address;
        var bytes = new IPAddress(plain.GetAddressBytes());
        return new BlockTarget(Masked(bytes, bytes.AddressFamily == AddressFamily.InterNetworkV6 ? 128 : 32));
    }

    /// <summary>Makes the target of a network that is not IPv4-mapped; host bits are cleared.</summary>
    public static BlockTarget Of(IPNetwork network) => new(Masked(network.BaseAddress, network.PrefixLength));

    /// <summary>Whether the other target lies inside this one.</summary>
    public bool Contains(BlockTarget other) =>
        IsIPv6 == other.IsIPv6 && Network.PrefixLength <= other.Network.PrefixLength && Network.Contains(other.Network.BaseAddress);

    /// <summary>Whether they have an address in common.</summary>
    public bool Overlaps(BlockTarget other) => Contains(other) || other.Contains(this);

    /// <summary>The address alone for a single one, else <c>base/prefix</c>.</summary>
    public override string ToString() => IsSingle ? Network.BaseAddress.ToString() : Network.ToString();

    // The interface an address was seen on is no part of it: fe80::1%eth0 is fe80::1.
    private static string WithoutZone(string text)
    {
        var zone = text.IndexOf('%', StringComparison.Ordinal);
        if (zone < 0 || !text.AsSpan(0, zone).Contains(':'))
            return text;

        var rest = text.AsSpan(zone + 1);
        var slash = rest.IndexOf('/');
        var name = slash < 0 ? rest : rest[..slash];
        foreach (var c in name)
        {
            if (!char.IsAsciiLetterOrDigit(c) && c is not ('.' or '-' or '_'))
                return text;
        }

        return name.IsEmpty ? text : string.Concat(text.AsSpan(0, zone), slash < 0 ? [] : rest[slash..]);
    }

    private static bool IsCanonicalForm(string text)
    {
        if (text.Contains(':', StringComparison.Ordinal))
            return text.All(c => char.IsAsciiHexDigit(c) || c is ':' or '.');

        var parts = text.Split('.');
        return parts.Length == 4
            && Array.TrueForAll(parts, p => p.Length is >= 1 and <= 3 && p.All(char.IsAsciiDigit) && (p.Length == 1 || p[0] != '0'));
    }

    private static IPNetwork Masked(IPAddress address, int prefix)
    {
        var bytes = address.GetAddressBytes();
        for (var i = 0; i < bytes.Length; i++)
        {
            var keep = Math.Clamp(prefix - (i * 8), 0, 8);
            bytes[i] &= (byte)(0xFF << (8 - keep));
        }

        return new IPNetwork(new IPAddress(bytes), prefix);
    }
}
