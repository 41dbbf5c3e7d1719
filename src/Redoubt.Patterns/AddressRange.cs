using System.Buffers.Binary;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text;

namespace Redoubt.Patterns;

/// <summary>A network as rules write it: an address, a prefix (<c>10.0.0.0/8</c>), a netmask (<c>10.0.0.0/255.0.0.0</c>) or <c>any</c>.</summary>
/// <remarks>IPv4 and IPv6 never match one another. Allocates nothing when asked. Threads: safe.</remarks>
public readonly struct AddressRange
{
    private readonly UInt128 _network;
    private readonly UInt128 _mask;
    private readonly bool _isIPv6;
    private readonly bool _isAny;

    private AddressRange(UInt128 network, UInt128 mask, bool isIPv6, bool isAny)
    {
        _network = network & mask;
        _mask = mask;
        _isIPv6 = isIPv6;
        _isAny = isAny;
    }

    /// <summary>Reads a network; false when it is none.</summary>
    public static bool TryParse(ReadOnlySpan<byte> text, out AddressRange range)
    {
        range = default;
        if (text.SequenceEqual("any"u8))
        {
            range = new AddressRange(0, 0, false, isAny: true);
            return true;
        }

        var slash = text.IndexOf((byte)'/');
        if (!TryReadAddress(slash < 0 ? text : text[..slash], out var address, out var isIPv6))
            return false;

        var bits = isIPv6 ? 128 : 32;
        if (slash < 0)
        {
            range = new AddressRange(address, Mask(bits, bits), isIPv6, isAny: false);
            return true;
        }

        var suffix = text[(slash + 1)..];
        if (int.TryParse(suffix, NumberStyles.None, CultureInfo.InvariantCulture, out var prefix))
        {
            if (prefix > bits)
                return false;

            range = new AddressRange(address, Mask(prefix, bits), isIPv6, isAny: false);
            return true;
        }

        if (!TryReadAddress(suffix, out var mask, out var maskIsIPv6) || maskIsIPv6 != isIPv6)
            return false;

        range = new AddressRange(address, mask, isIPv6, isAny: false);
        return true;
    }

    /// <summary>Whether an address lies in the network.</summary>
    public bool Contains(UInt128 address, bool isIPv6) => _isAny || (isIPv6 == _isIPv6 && (address & _mask) == _network);

    /// <summary>Reads one address. Only four decimal parts are IPv4: <c>10.6</c> or <c>0x0a.0.0.6</c> are no addresses.</summary>
    public static bool TryReadAddress(ReadOnlySpan<byte> text, out UInt128 address, out bool isIPv6)
    {
        isIPv6 = text.Contains((byte)':');
        return isIPv6 ? TryReadIPv6(text, out address) : TryReadIPv4(text, out address);
    }

    private static bool TryReadIPv4(ReadOnlySpan<byte> text, out UInt128 address)
    {
        address = 0;
        uint value = 0;
        var parts = 0;
        foreach (var range in text.Split((byte)'.'))
        {
            var part = text[range];
            if (++parts > 4 || part.Length > 3 || !byte.TryParse(part, NumberStyles.None, CultureInfo.InvariantCulture, out var number))
                return false;

            value = (value << 8) | number;
        }

        address = value;
        return parts == 4;
    }

    private static bool TryReadIPv6(ReadOnlySpan<byte> text, out UInt128 address)
    {
        address = 0;
        const int LongestText = 45;
        if (text.Length > LongestText || !IPAddress.IsValidUtf8(text))
            return false;

        Span<char> chars = stackalloc char[LongestText];
        var length = Encoding.ASCII.GetChars(text, chars);
        if (!IPAddress.TryParse(chars[..length], out var parsed) || parsed.AddressFamily != AddressFamily.InterNetworkV6)
            return false;

        Span<byte> bytes = stackalloc byte[16];
        parsed.TryWriteBytes(bytes, out _);
        address = BinaryPrimitives.ReadUInt128BigEndian(bytes);
        return true;
    }

    private static UInt128 Mask(int prefix, int bits) =>
        prefix == 0 ? UInt128.Zero : (UInt128.MaxValue << (bits - prefix)) & (bits == 128 ? UInt128.MaxValue : uint.MaxValue);
}
