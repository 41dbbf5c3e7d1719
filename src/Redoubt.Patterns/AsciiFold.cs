using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace Redoubt.Patterns;

/// <summary>Folds A-Z to a-z and nothing else: bytes of 0x80 and above are never letters to osregex and osmatch.</summary>
/// <remarks>Allocates nothing. Threads: safe.</remarks>
public static class AsciiFold
{
    /// <summary>The lower-case form of one byte.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static byte Lower(byte c) => (uint)(c - 'A') <= 'Z' - 'A' ? (byte)(c | 0x20) : c;

    /// <summary>Writes the lower-case form of <paramref name="source"/> to the start of <paramref name="target"/>.</summary>
    public static void Lower(ReadOnlySpan<byte> source, Span<byte> target)
    {
        target = target[..source.Length];
        var at = 0;
        if (Vector128.IsHardwareAccelerated)
        {
            for (; at + 16 <= source.Length; at += 16)
            {
                var bytes = Vector128.Create(source[at..]);
                var isUpper = Vector128.LessThan(bytes - Vector128.Create((byte)'A'), Vector128.Create((byte)26));
                (bytes | (isUpper & Vector128.Create((byte)0x20))).CopyTo(target[at..]);
            }
        }

        for (; at < source.Length; at++)
            target[at] = Lower(source[at]);
    }

    /// <summary>A lower-case copy, for patterns at load time.</summary>
    public static byte[] ToLower(ReadOnlySpan<byte> source)
    {
        var target = new byte[source.Length];
        Lower(source, target);
        return target;
    }

    /// <summary>Whether both have the same bytes apart from the case of A-Z. <paramref name="lowered"/> is folded already.</summary>
    public static bool EqualsLowered(ReadOnlySpan<byte> text, ReadOnlySpan<byte> lowered)
    {
        if (text.Length != lowered.Length)
            return false;

        for (var i = 0; i < text.Length; i++)
        {
            if (Lower(text[i]) != lowered[i])
                return false;
        }

        return true;
    }

    /// <summary>Whether the text begins with <paramref name="lowered"/>, apart from case.</summary>
    public static bool StartsWithLowered(ReadOnlySpan<byte> text, ReadOnlySpan<byte> lowered) =>
        text.Length >= lowered.Length && EqualsLowered(text[..lowered.Length], lowered);

    /// <summary>Whether the text ends with <paramref name="lowered"/>, apart from case.</summary>
    public static bool EndsWithLowered(ReadOnlySpan<byte> text, ReadOnlySpan<byte> lowered) =>
        text.Length >= lowered.Length && EqualsLowered(text[^lowered.Length..], lowered);

    /// <summary>Whether <paramref name="lowered"/> stands anywhere in the text, apart from case.</summary>
    public static bool ContainsLowered(ReadOnlySpan<byte> text, ReadOnlySpan<byte> lowered)
    {
        if (lowered.IsEmpty)
            return true;

        var first = lowered[0];
        var upper = first is >= (byte)'a' and <= (byte)'z' ? (byte)(first & 0xDF) : first;
        var last = text.Length - lowered.Length;
        for (var at = 0; at <= last; at++)
        {
            var next = text.Slice(at, last - at + 1).IndexOfAny(first, upper);
            if (next < 0)
                return false;

            at += next;
            if (EqualsLowered(text.Slice(at, lowered.Length), lowered))
                return true;
        }

        return false;
    }
}
