using System.Diagnostics.CodeAnalysis;
using System.Net;
using System.Net.Sockets;
using System.Numerics;
using System.Text;
using Redoubt.Model;
using Redoubt.Patterns;

namespace Redoubt.Decide;

/// <summary>One entry of the allowlist: an address range or a text pattern.</summary>
public sealed class AllowlistEntry
{
    private readonly OsMatch? _pattern;
    private readonly byte[] _first = [];
    private readonly byte[] _last = [];

    private AllowlistEntry(string text, bool isException, OsMatch? pattern, byte[] first, byte[] last)
    {
        Text = text;
        IsException = isException;
        _pattern = pattern;
        _first = first;
        _last = last;
    }

    /// <summary>As configured.</summary>
    public string Text { get; }

    /// <summary><c>!address</c>: takes the address out of what other entries protect.</summary>
    public bool IsException { get; }

    /// <summary>The entry as a host name, whose addresses are protected beside sources of this text; null when it is none.</summary>
    public string? HostName => _pattern is not null && IsHostName(Text) ? Text : null;

    /// <summary>What the entry covers as prefixes; empty for a text pattern.</summary>
    public IEnumerable<IPNetwork> Networks => _pattern is null ? Cover(_first, _last) : [];

    /// <summary>Whether this is a text pattern of which a part without <c>^</c> looks like part of an address: it also matches in the middle.</summary>
    public bool LooksLikeAddressFragment =>
        _pattern is not null && Text.TrimStart('!').Split('|').Any(part => IsAddressFragment(part.TrimEnd('$')));

    /// <summary>Reads an entry: address, CIDR, dotted mask, <c>a-b</c> range, each with an optional <c>!</c>; else an OS_Match pattern.</summary>
    /// <param name="text">As configured; blanks around it are cut.</param>
    /// <param name="entry">The entry.</param>
    /// <param name="problem">What is wrong with it, when false is returned.</param>
    public static bool TryParse(string text, [NotNullWhen(true)] out AllowlistEntry? entry, [NotNullWhen(false)] out string? problem)
    {
        entry = null;
        problem = null;
        text = text.Trim();
        if (text.Length == 0)
        {
            problem = "An empty entry would protect every address.";
            return false;
        }

        var isException = text[0] == '!';
        var body = isException ? text[1..].Trim() : text;
        if (TryReadRange(body, out var first, out var last, out problem))
        {
            entry = new AllowlistEntry(text, isException, null, first, last);
            return true;
        }

        if (problem is not null)
            return false;

        var pattern = OsMatch.Parse(Encoding.UTF8.GetBytes(text), out problem);
        if (pattern is null)
        {
            problem ??= "It is neither an address nor a pattern.";
            return false;
        }

        entry = new AllowlistEntry(text, false, pattern, [], []);
        problem = null;
        return true;
    }

    /// <summary>An address that a host name stands for.</summary>
    public static AllowlistEntry OfName(string name, IPAddress address)
    {
        var bytes = BlockTarget.Of(address).Network.BaseAddress.GetAddressBytes();
        return new AllowlistEntry($"{name} ({address})", false, null, bytes, bytes);
    }

    /// <summary>Whether the entry covers this source.</summary>
    public bool Covers(string source, BlockTarget? target)
    {
        if (_pattern is not null)
            return MatchesText(source, target);

        if (target is not { } block)
            return false;

        var (low, high) = RangeOf(block.Network);
        return low.Length == _first.Length && Compare(_first, low) <= 0 && Compare(high, _last) <= 0;
    }

    /// <summary>Whether the entry protects something inside the target, as a wide target may hold a protected address.</summary>
    public bool Overlaps(BlockTarget target)
    {
        if (_pattern is not null)
            return false;

        var (low, high) = RangeOf(target.Network);
        return low.Length == _first.Length && Compare(_first, high) <= 0 && Compare(low, _last) <= 0;
    }

    // Patterns see the one canonical spelling of an address, so that ::ffff:10.0.0.6 cannot get around ^10.0.0.; a
    // pattern that was written for another spelling still protects, unless it says what is not protected.
    private bool MatchesText(string source, BlockTarget? target)
    {
        var canonical = target is { IsSingle: true } address ? address.ToString() : source;
        return _pattern!.IsMatch(Encoding.UTF8.GetBytes(canonical))
            || (!_pattern.IsNegated && _pattern.IsMatch(Encoding.UTF8.GetBytes(source)));
    }

    private static bool IsAddressFragment(string text) =>
        text.Any(c => char.IsAsciiDigit(c) || c is ':') && text.All(c => char.IsAsciiHexDigit(c) || c is '.' or ':');

    private static bool TryReadRange(string text, out byte[] first, out byte[] last, out string? problem)
    {
        first = last = [];
        problem = null;
        if (BlockTarget.TryParse(text, out var target))
        {
            (first, last) = RangeOf(target.Network);
            return true;
        }

        var dash = text.IndexOf('-', StringComparison.Ordinal);
        if (
            dash > 0
            && BlockTarget.TryParse(text[..dash].Trim(), out var from)
            && BlockTarget.TryParse(text[(dash + 1)..].Trim(), out var to)
        )
        {
            (first, _) = RangeOf(from.Network);
            (_, last) = RangeOf(to.Network);
            if (first.Length == last.Length && Compare(first, last) <= 0)
                return true;

            problem = $"The range '{text}' ends before it begins.";
            return false;
        }

        var slash = text.IndexOf('/', StringComparison.Ordinal);
        if (slash > 0 && MaskBits(text[(slash + 1)..]) is { } bits && BlockTarget.TryParse($"{text[..slash]}/{bits}", out var masked))
        {
            (first, last) = RangeOf(masked.Network);
            return true;
        }

        if (LooksLikeDottedQuad(slash > 0 ? text[..slash] : text))
            problem = $"'{text}' has the shape of an IPv4 address but is none.";

        return false;
    }

    private static bool LooksLikeDottedQuad(string text)
    {
        var parts = text.Split('.');
        return parts.Length == 4 && Array.TrueForAll(parts, p => p.Length is >= 1 and <= 3 && p.All(char.IsAsciiDigit));
    }

    // Labels with a dot between them, the last one of letters: "bastion.example.com". A pattern has other characters, or no dot.
    private static bool IsHostName(string text)
    {
        var labels = text.Split('.');
        return labels.Length > 1
            && text.Length <= 253
            && Array.TrueForAll(
                labels,
                l => l.Length is >= 1 and <= 63 && l.All(c => char.IsAsciiLetterOrDigit(c) || c == '-') && l[0] != '-' && l[^1] != '-'
            )
            && labels[^1].All(char.IsAsciiLetter)
            && labels[^1].Length > 1;
    }

    // The fewest prefixes from the first address to the last.
    private static IEnumerable<IPNetwork> Cover(byte[] first, byte[] last)
    {
        var bits = first.Length * 8;
        var low = new BigInteger(first, isUnsigned: true, isBigEndian: true);
        var high = new BigInteger(last, isUnsigned: true, isBigEndian: true);
        while (low <= high)
        {
            var free = 0;
            while (free < bits && (low & (BigInteger.One << free)) == 0 && low + (BigInteger.One << (free + 1)) - 1 <= high)
                free++;

            var bytes = new byte[first.Length];
            var written = low.ToByteArray(isUnsigned: true, isBigEndian: true);
            written.CopyTo(bytes, bytes.Length - written.Length);
            yield return new IPNetwork(new IPAddress(bytes), bits - free);
            low += BigInteger.One << free;
        }
    }

    private static int? MaskBits(string text)
    {
        if (!LooksLikeDottedQuad(text) || !IPAddress.TryParse(text, out var mask))
            return null;

        var value = System.Buffers.Binary.BinaryPrimitives.ReadUInt32BigEndian(mask.GetAddressBytes());
        var bits = BitOperations.LeadingZeroCount(~value);
        return BitOperations.PopCount(value) == bits ? bits : null;
    }

    private static (byte[] First, byte[] Last) RangeOf(IPNetwork network)
    {
        var first = network.BaseAddress.GetAddressBytes();
        var last = (byte[])first.Clone();
        for (var i = 0; i < last.Length; i++)
        {
            var keep = Math.Clamp(network.PrefixLength - (i * 8), 0, 8);
            last[i] |= (byte)(0xFF >> keep);
        }

        return (first, last);
    }

    private static int Compare(byte[] left, byte[] right) => left.AsSpan().SequenceCompareTo(right);
}
