using System.Buffers.Binary;
using System.Net;
using System.Runtime.InteropServices;
using Redoubt.Model;

namespace Redoubt.Respond.Firewall.Nftables;

/// <summary>A range of addresses as an interval set holds it: from the first one to the one behind the last.</summary>
/// <param name="Start">First address, as a number.</param>
/// <param name="Behind">First address that is not in it; 2^32 for the end of IPv4, 0 for the end of IPv6.</param>
/// <param name="RemainingMilliseconds">What is left; -1 is permanent.</param>
[StructLayout(LayoutKind.Auto)]
internal readonly record struct NftInterval(UInt128 Start, UInt128 Behind, long RemainingMilliseconds)
{
    private UInt128 Last => Behind - 1;

    /// <summary>The interval of a prefix.</summary>
    internal static NftInterval Of(BlockTarget target, long remainingMilliseconds)
    {
        var bits = target.IsIPv6 ? 128 : 32;
        var start = ToNumber(target.Network.BaseAddress);
        var size = target.Network.PrefixLength == 0 && bits == 128 ? 0 : UInt128.One << (bits - target.Network.PrefixLength);
        return new NftInterval(start, start + size, remainingMilliseconds);
    }

    /// <summary>Puts starts and ends together.</summary>
    /// <param name="elements">As listed by the kernel, in any order.</param>
    /// <param name="isIPv6">Which of the two sets they are from.</param>
    internal static List<NftInterval> Pair(IEnumerable<NftElement> elements, bool isIPv6)
    {
        // Where one interval ends and the next begins, the same address is there twice: the end comes first.
        var sorted = elements
            .Select(e => (Address: ToNumber(e.Key), Element: e))
            .OrderBy(e => e.Address)
            .ThenByDescending(e => e.Element.IsIntervalEnd)
            .ToList();
        var intervals = new List<NftInterval>();
        for (var i = 0; i < sorted.Count; i++)
        {
            if (sorted[i].Element.IsIntervalEnd)
                continue;

            var hasEnd = i + 1 < sorted.Count && sorted[i + 1].Element.IsIntervalEnd;
            var behind =
                hasEnd ? sorted[i + 1].Address
                : isIPv6 ? UInt128.Zero
                : UInt128.One << 32;
            intervals.Add(new NftInterval(sorted[i].Address, behind, sorted[i].Element.RemainingMilliseconds));
        }

        return intervals;
    }

    /// <summary>Whether nothing comes behind, so that the interval has no end element.</summary>
    internal static bool IsBehindEverything(UInt128 behind, bool isIPv6) => behind == (isIPv6 ? UInt128.Zero : UInt128.One << 32);

    /// <summary>Whether an address is in both.</summary>
    internal bool Overlaps(NftInterval other) => Start <= other.Last && other.Start <= Last;

    /// <summary>Whether every address of the other is in this one.</summary>
    internal bool Contains(NftInterval other) => Start <= other.Start && other.Last <= Last;

    /// <summary>The prefixes that make up the interval: one for what we put there, several for a range that somebody added by hand.</summary>
    internal IEnumerable<BlockTarget> ToTargets(bool isIPv6)
    {
        var bits = isIPv6 ? 128 : 32;
        var at = Start;
        var last = Last;
        while (true)
        {
            var free = at == UInt128.Zero ? bits : Math.Min(bits, (int)UInt128.TrailingZeroCount(at));
            while (free > 0 && at + ((UInt128.One << free) - 1) > last || (free == 128 && last != UInt128.MaxValue))
                free--;

            if (BlockTarget.TryParse($"{ToAddress(at, isIPv6)}/{bits - free}", out var target))
                yield return target;

            var end = free == 128 ? UInt128.MaxValue : at + ((UInt128.One << free) - 1);
            if (end >= last)
                yield break;
            at = end + 1;
        }
    }

    /// <summary>The address as a number.</summary>
    internal static UInt128 ToNumber(IPAddress address)
    {
        Span<byte> bytes = stackalloc byte[16];
        address.TryWriteBytes(bytes, out var written);
        return written == 4 ? BinaryPrimitives.ReadUInt32BigEndian(bytes) : BinaryPrimitives.ReadUInt128BigEndian(bytes);
    }

    /// <summary>The number as an address.</summary>
    internal static IPAddress ToAddress(UInt128 number, bool isIPv6)
    {
        Span<byte> bytes = stackalloc byte[16];
        BinaryPrimitives.WriteUInt128BigEndian(bytes, number);
        return new IPAddress(isIPv6 ? bytes : bytes[12..]);
    }
}
