using System.Buffers;
using System.Text;
using Redoubt.Patterns;

namespace Redoubt.Engine.Decode;

/// <summary>Tells when a line names one source read from the left and another read from the right.</summary>
/// <remarks>
/// Daemons quote what a client typed: with the user name <c>root from 203.0.113.9 port 22</c> a stranger's address stands where
/// a decoder that reads from the left looks first. What the daemon itself wrote stands last. So the address that the decoder took
/// must be the last one behind the same word ("from 192.0.2.7", "rhost=192.0.2.7"). Only asked when an alert is made. Threads: safe.
/// </remarks>
internal static class TwoSidedReading
{
    // What may join a word to its address: " ", "=", ": [".
    private const int MaxJoinBytes = 8;

    private static readonly SearchValues<byte> WordBytes = SearchValues.Create(
        "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_-"u8
    );

    private static readonly SearchValues<byte> AddressBytes = SearchValues.Create("0123456789abcdefABCDEF:."u8);

    /// <summary>Why the source address of the event cannot be trusted, or null.</summary>
    public static string? Find(DecodedEvent e)
    {
        var source = e.Static(StaticField.SrcIp);
        if (e.HasFixedSource || source.Length <= 0 || source.End > e.FullLogSpan.Length || source.Start < e.LogSpan.Start)
            return null;

        var log = e.Log;
        var start = source.Start - e.LogSpan.Start;
        var word = WordBefore(log, start);
        var address = e.Text.Raw(source);
        if (word.IsEmpty || !AddressRange.TryReadAddress(address, out var taken, out _))
            return null;

        for (var at = start + address.Length; NextAddress(log, ref at) is { IsEmpty: false } other; at += other.Length)
        {
            // Whoever types "xfrom" means a decoder that looks for "from": what the daemon wrote may be the end of the word.
            var last = WordBefore(log, at);
            if (
                !last.IsEmpty
                && word.EndsWith(last)
                && AddressRange.TryReadAddress(other.TrimEnd(".:"u8), out var named, out _)
                && named != taken
            )
                return $"the line names two sources: {Encoding.ASCII.GetString(address)} read from the left, {Encoding.ASCII.GetString(other.TrimEnd(".:"u8))} read from the right";
        }

        return null;
    }

    // The word that introduces what stands here; empty where none does, or where it is the end of another address.
    private static ReadOnlySpan<byte> WordBefore(ReadOnlySpan<byte> log, int at)
    {
        var end = log[..at].LastIndexOfAny(WordBytes) + 1;
        var start = log[..end].LastIndexOfAnyExcept(WordBytes) + 1;
        var isAddress = start > 0 && log[start - 1] is (byte)'.' or (byte)':' && !log[start..end].ContainsAnyExcept(AddressBytes);
        return at - end > MaxJoinBytes || isAddress ? [] : log[start..end];
    }

    // The next run of an address's bytes that has a point or a colon and does not begin inside a word. Empty at the end.
    private static ReadOnlySpan<byte> NextAddress(ReadOnlySpan<byte> log, ref int at)
    {
        while (at < log.Length && log[at..].IndexOfAny(AddressBytes) is var skipped and >= 0)
        {
            at += skipped;
            var length = log[at..].IndexOfAnyExcept(AddressBytes);
            var run = length < 0 ? log[at..] : log.Slice(at, length);
            if (run.IndexOfAny((byte)'.', (byte)':') >= 0 && (at == 0 || !WordBytes.Contains(log[at - 1])))
                return run;

            at += run.Length;
        }

        return [];
    }
}
