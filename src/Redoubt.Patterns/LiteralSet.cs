using System.Buffers.Binary;
using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace Redoubt.Patterns;

/// <summary>Tells in one pass over a text which of thousands of literal texts stand in it.</summary>
/// <remarks>
/// Each literal is watched by one three-byte piece of it, the one that the fewest other literals have. The pass hashes every
/// three bytes of the text into a bit table of 8 KiB, which stays in the first-level cache; only where a bit is set are
/// literals compared. Cost: about a nanosecond a byte, whatever the number of literals (docs/decisions has the figures).
/// Works on text and literals in lower case. Allocates nothing when scanning. Threads: safe once <see cref="Freeze"/> was called.
/// </remarks>
public sealed class LiteralSet
{
    /// <summary>Shorter literals cannot be watched.</summary>
    public const int MinBytes = 3;

    private const int HashBits = 16;

    private readonly List<byte[]> _literals = [];
    private readonly Dictionary<string, int> _numbers = new(StringComparer.Ordinal);
    private readonly ulong[] _isWatched = new ulong[(1 << HashBits) / 64];

    // Watches of one hash form a row; rows stand in the order of their hashes. The row of a set bit is the number of set bits
    // before it, so that the tables fit into the first-level cache.
    private readonly ushort[] _rowsBefore = new ushort[(1 << HashBits) / 64];
    private int[] _rowStart = [];
    private Watch[] _watches = [];

    /// <summary>Number of literals.</summary>
    public int Count => _literals.Count;

    /// <summary>Length of the array that <see cref="Scan"/> fills.</summary>
    public int WordCount => (_literals.Count + 63) / 64;

    /// <summary>Adds a literal; the same one twice has one number.</summary>
    /// <param name="lowered">At least <see cref="MinBytes"/> long, in lower case.</param>
    /// <returns>Its number, from 0.</returns>
    public int Add(byte[] lowered)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(lowered.Length, MinBytes);
        var key = Convert.ToHexString(lowered);
        if (_numbers.TryGetValue(key, out var number))
            return number;

        number = _literals.Count;
        _numbers.Add(key, number);
        _literals.Add(lowered);
        return number;
    }

    /// <summary>Makes the tables; no literal can be added afterwards.</summary>
    public void Freeze()
    {
        var frequency = CountPieces();
        var watches = new List<(int Hash, Watch Watch)>();
        for (var number = 0; number < _literals.Count; number++)
        {
            var literal = _literals[number];
            var offset = RarestPiece(literal, frequency);
            watches.Add((HashAt(literal, offset), Watch.Of(number, offset, literal)));
        }

        watches.Sort((a, b) => a.Hash.CompareTo(b.Hash));
        _watches = [.. watches.Select(w => w.Watch)];
        var rows = new List<int>();
        for (var i = 0; i < watches.Count; i++)
        {
            var hash = watches[i].Hash;
            if (i == 0 || watches[i - 1].Hash != hash)
                rows.Add(i);

            _isWatched[hash >> 6] |= 1UL << (hash & 63);
        }

        rows.Add(watches.Count);
        _rowStart = [.. rows];
        for (var word = 1; word < _rowsBefore.Length; word++)
            _rowsBefore[word] = (ushort)(_rowsBefore[word - 1] + BitOperations.PopCount(_isWatched[word - 1]));
    }

    /// <summary>Finds the literals that stand in a text.</summary>
    /// <param name="lowered">The text, in lower case.</param>
    /// <param name="present">Gets a bit for each literal; <see cref="WordCount"/> long, cleared by this method.</param>
    public void Scan(ReadOnlySpan<byte> lowered, Span<ulong> present)
    {
        present.Clear();
        if (lowered.Length < MinBytes || _watches.Length == 0)
            return;

        ref var text = ref MemoryMarshal.GetReference(lowered);
        ref var bits = ref MemoryMarshal.GetArrayDataReference(_isWatched);
        var lastWhole = lowered.Length - sizeof(uint);
        var at = 0;
        for (; at <= lastWhole; at++)
        {
            // The read stays inside: at + 4 <= length.
            var hash = Hash(Unsafe.ReadUnaligned<uint>(ref Unsafe.Add(ref text, at)) & 0xFFFFFF);
            if ((Unsafe.Add(ref bits, hash >> 6) & (1UL << (int)(hash & 63))) != 0)
                Compare(lowered, at, (int)hash, present);
        }

        var last = HashAt(lowered, at);
        if ((_isWatched[last >> 6] & (1UL << (last & 63))) != 0)
            Compare(lowered, at, last, present);
    }

    /// <summary>Whether one of some literals was found.</summary>
    public static bool ContainsAny(ReadOnlySpan<ulong> present, ReadOnlySpan<int> numbers)
    {
        foreach (var number in numbers)
        {
            if ((present[number >> 6] & (1UL << (number & 63))) != 0)
                return true;
        }

        return false;
    }

    private void Compare(ReadOnlySpan<byte> lowered, int at, int hash, Span<ulong> present)
    {
        var word = hash >> 6;
        var row = _rowsBefore[word] + BitOperations.PopCount(_isWatched[word] & ((1UL << (hash & 63)) - 1));
        foreach (ref readonly var watch in _watches.AsSpan(_rowStart[row].._rowStart[row + 1]))
        {
            var start = at - watch.Offset;
            if (start >= 0 && start + watch.Length <= lowered.Length && watch.StandsAt(lowered, start))
                present[watch.Number >> 6] |= 1UL << (watch.Number & 63);
        }
    }

    // Pieces that many literals share ("ing", "for") are common in logs too.
    private Dictionary<int, int> CountPieces()
    {
        var frequency = new Dictionary<int, int>();
        foreach (var literal in _literals)
        {
            for (var offset = 0; offset + MinBytes <= literal.Length; offset++)
            {
                var hash = HashAt(literal, offset);
                frequency[hash] = frequency.GetValueOrDefault(hash) + 1;
            }
        }

        return frequency;
    }

    private static int RarestPiece(byte[] literal, Dictionary<int, int> frequency)
    {
        var best = 0;
        for (var offset = 1; offset + MinBytes <= literal.Length; offset++)
        {
            if (frequency[HashAt(literal, offset)] < frequency[HashAt(literal, best)])
                best = offset;
        }

        return best;
    }

    private static int HashAt(ReadOnlySpan<byte> text, int at) =>
        (int)Hash(text[at] | ((uint)text[at + 1] << 8) | ((uint)text[at + 2] << 16));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static uint Hash(uint piece) => (piece * 0x9E3779B1) >> (32 - HashBits);

    /// <summary>A literal and the place in it of the piece that is watched.</summary>
    /// <param name="Number">The literal's number.</param>
    /// <param name="Offset">Of the piece in the literal.</param>
    /// <param name="Length">Bytes of the literal.</param>
    /// <param name="Head">Its first eight bytes, or all of them and zeros: they decide most comparisons without a look at the literal.</param>
    /// <param name="HeadMask">The bytes of <paramref name="Head"/> that count.</param>
    /// <param name="Literal">The whole of it.</param>
    private readonly record struct Watch(int Number, int Offset, int Length, ulong Head, ulong HeadMask, byte[] Literal)
    {
        public static Watch Of(int number, int offset, byte[] literal)
        {
            Span<byte> head = stackalloc byte[sizeof(ulong)];
            head.Clear();
            var count = Math.Min(literal.Length, head.Length);
            literal.AsSpan(0, count).CopyTo(head);
            var mask = count == sizeof(ulong) ? ulong.MaxValue : (1UL << (8 * count)) - 1;
            return new Watch(number, offset, literal.Length, BinaryPrimitives.ReadUInt64LittleEndian(head), mask, literal);
        }

        public bool StandsAt(ReadOnlySpan<byte> text, int start)
        {
            if (start + sizeof(ulong) > text.Length)
                return text[start..].StartsWith(Literal);

            return (BinaryPrimitives.ReadUInt64LittleEndian(text[start..]) & HeadMask) == Head
                && (Length <= sizeof(ulong) || text[start..].StartsWith(Literal));
        }
    }
}
