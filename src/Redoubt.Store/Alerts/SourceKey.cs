using System.Net;
using System.Net.Sockets;
using System.Text;

namespace Redoubt.Store;

/// <summary>A source as the index orders it: 16 bytes of an address (IPv4 as IPv6 has it), so that a prefix is a range; else the bytes of the text.</summary>
internal static class SourceKey
{
    internal static byte[]? Of(string? source) =>
        source is null ? null
        : IPAddress.TryParse(source, out var address) ? address.MapToIPv6().GetAddressBytes()
        : Encoding.UTF8.GetBytes(source);

    /// <summary>First and last key of an address, a prefix or a text.</summary>
    internal static (byte[] First, byte[] Last) RangeOf(string wanted)
    {
        if (!wanted.Contains('/', StringComparison.Ordinal) || !IPNetwork.TryParse(wanted, out var network))
            return (Of(wanted)!, Of(wanted)!);

        const int bits = 128;
        var prefix = network.PrefixLength + (network.BaseAddress.AddressFamily == AddressFamily.InterNetwork ? 96 : 0);
        var first = Of(network.BaseAddress.ToString())!;
        var last = (byte[])first.Clone();
        for (var bit = prefix; bit < bits; bit++)
            last[bit / 8] |= (byte)(0x80 >> (bit % 8));

        return (first, last);
    }
}
