using System.Buffers;
using System.Text;
using Redoubt.Patterns;

namespace Redoubt.Engine.Decode;

/// <summary>Tells when a line names one source read from the left and another read from the right.</summary>
/// <remarks>
/// Daemons quote what a client typed: with the user name <c>root from 203.0.113.9 port 22</c> a stranger's address stands where
/// a decoder that reads from the left looks first. What the daemon itself wrote stands last. So the address that the decoder took
/// must be the last one behind the same words. Only asked when an alert is made. Threads: safe.
/// </remarks>
internal static class TwoSidedReading
{
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
        var words = log[StartOfWords(log, start)..start];
        var address = e.Text.Raw(source);
        if (words.IsEmpty || !AddressRange.TryReadAddress(address, out var taken, out _))
            return null;

        for (
            var end = log.Length;
            log[..end].LastIndexOf(words) is var at and >= 0 && at + words.Length > start;
            end = at + words.Length - 1
        )
        {
            var other = AddressAt(log[(at + words.Length)..]);
            if (AddressRange.TryReadAddress(other, out var last, out _) && last != taken)
                return $"the line names two sources: {Encoding.ASCII.GetString(address)} read from the left, {Encoding.ASCII.GetString(other)} read from the right";
        }

        return null;
    }

    // "from 192.0.2.7" and "rhost=192.0.2.7": the word before, with what joins it to the address.
    private static int StartOfWords(ReadOnlySpan<byte> log, int start)
    {
        var wordEnd = log[..start].LastIndexOfAny(WordBytes);
        return wordEnd < 0 ? start : log[..wordEnd].LastIndexOfAnyExcept(WordBytes) + 1;
    }

    private static ReadOnlySpan<byte> AddressAt(ReadOnlySpan<byte> text)
    {
        var length = text.IndexOfAnyExcept(AddressBytes);
        var address = length < 0 ? text : text[..length];

        // A sentence's full stop or a separator is not part of it.
        return address.TrimEnd(".:"u8);
    }
}
