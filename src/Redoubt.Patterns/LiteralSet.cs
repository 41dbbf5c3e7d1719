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
    private readonly int[] _firstOfHash = new int[1 << HashBits];
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
            watches.Add((HashAt(literal, offset), new Watch(number, offset, literal)));
        }

        // Watches of one hash stand side by side; the last one of each row says so.
        watches.Sort((a, b) => a.Hash.CompareTo(b.Hash));
        _watches = new Watch[watches.Count];
        for (var i = 0; i < watches.Count; i++)
        {
            var (hash, watch) = watches[i];
            var isFirst = i == 0 || watches[i - 1].Hash != hash;
            if (isFirst)
            {
                _isWatched[hash >> 6] |= 1UL << (hash & 63);
                _firstOfHash[hash] = i;
            }

            _watches[i] = watch with { IsLast = i + 1 == watches.Count || watches[i + 1].Hash != hash };
        }
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
        for (var i = _firstOfHash[hash]; ; i++)
        {
            ref readonly var watch = ref _watches[i];
            var start = at - watch.Offset;
            if (
                start >= 0
                && start + watch.Literal.Length <= lowered.Length
                && lowered.Slice(start, watch.Literal.Length).SequenceEqual(watch.Literal)
            )
                present[watch.Number >> 6] |= 1UL << (watch.Number & 63);

            if (watch.IsLast)
                return;
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

    private readonly record struct Watch(int Number, int Offset, byte[] Literal, bool IsLast = false);
}
