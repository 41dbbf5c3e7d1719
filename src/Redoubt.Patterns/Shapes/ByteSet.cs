using System.Runtime.Intrinsics;

namespace Redoubt.Patterns.Shapes;

/// <summary>A set of byte values. Immutable; 32 bytes.</summary>
internal readonly record struct ByteSet
{
    private readonly Vector256<ulong> _bits;

    private ByteSet(Vector256<ulong> bits) => _bits = bits;

    public static ByteSet All { get; } = new(Vector256<ulong>.AllBitsSet);

    public static ByteSet NewLine { get; } = Of((byte)'\n');

    public static ByteSet Digits { get; } = Between((byte)'0', (byte)'9');

    public static ByteSet Letters { get; } = Between((byte)'A', (byte)'Z') | Between((byte)'a', (byte)'z');

    /// <summary>What <c>\w</c> of PCRE2 means.</summary>
    public static ByteSet Word { get; } = Letters | Digits | Of((byte)'_');

    /// <summary>What <c>\s</c> of PCRE2 means.</summary>
    public static ByteSet White { get; } = Between((byte)'\t', (byte)'\r') | Of((byte)' ');

    /// <summary>What an address may be written with.</summary>
    public static ByteSet Address { get; } =
        Digits | Between((byte)'A', (byte)'F') | Between((byte)'a', (byte)'f') | Of((byte)':') | Of((byte)'.');

    public bool IsEmpty => _bits == Vector256<ulong>.Zero;

    public static ByteSet Of(byte value) => new(Vector256<ulong>.Zero.WithElement(value >> 6, 1UL << (value & 63)));

    /// <summary>All from the first to the last, both included.</summary>
    public static ByteSet Between(byte first, byte last)
    {
        var set = default(ByteSet);
        for (int value = first; value <= last; value++)
            set |= Of((byte)value);

        return set;
    }

    public static ByteSet Where(Func<byte, bool> contains)
    {
        var set = default(ByteSet);
        for (var value = 0; value < 256; value++)
        {
            if (contains((byte)value))
                set |= Of((byte)value);
        }

        return set;
    }

    public static ByteSet operator |(ByteSet a, ByteSet b) => new(a._bits | b._bits);

    public static ByteSet operator &(ByteSet a, ByteSet b) => new(a._bits & b._bits);

    public static ByteSet operator ~(ByteSet set) => new(~set._bits);

    public bool Contains(byte value) => (_bits[value >> 6] >> (value & 63) & 1) != 0;

    /// <summary>The set and the letters of it in the other case.</summary>
    public ByteSet AnyCase()
    {
        var set = this;
        return Where(c => set.Contains(c) || (char.IsAsciiLetter((char)c) && set.Contains((byte)(c ^ 0x20))));
    }

    /// <summary>A member that can be shown: a letter or a digit if it can be, a printable sign else. The set is not empty.</summary>
    public byte Sample()
    {
        foreach (var wanted in (ReadOnlySpan<ByteSet>)[Between((byte)'a', (byte)'z'), Letters, Digits, Between((byte)' ', (byte)'~'), All])
        {
            for (var value = 0; value < 256; value++)
            {
                if ((this & wanted).Contains((byte)value))
                    return (byte)value;
            }
        }

        throw new InvalidOperationException("The set is empty.");
    }
}
