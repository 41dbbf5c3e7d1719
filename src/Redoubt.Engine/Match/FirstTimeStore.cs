using System.Text;
using Redoubt.Engine.Decode;

namespace Redoubt.Engine.Match;

/// <summary>Remembers which values of <c>fts</c> fields were seen.</summary>
/// <remarks>Bounded: over the limit the oldest is forgotten, and seen as new when it comes again. Threads: not safe.
/// Source: rule-engine.md 2.9.</remarks>
internal sealed class FirstTimeStore
{
    private const int MaxKeys = 100_000;
    private const int RecentKeys = 32;
    private const int SimilarBytes = 14;
    private const int SimilarKeys = 2;

    private readonly HashSet<byte[]> _seen = new(ByteTextComparer.Instance);
    private readonly Queue<byte[]> _order = [];
    private readonly Queue<byte[]> _recentIds = [];
    private readonly HashSet<byte[]>.AlternateLookup<ReadOnlySpan<byte>> _lookup;
    private readonly ByteWriter _key = new();

    public FirstTimeStore() => _lookup = _seen.GetAlternateLookup<ReadOnlySpan<byte>>();

    /// <summary>Whether the event's values are new; they are remembered then. False when its decoder has no <c>fts</c>.</summary>
    public bool IsFirst(DecodedEvent e)
    {
        if (e.Decoder?.FirstTime is not { } spec)
            return false;

        MakeKey(e, spec);
        if (_lookup.Contains(_key.Written))
            return false;

        if (e.Category != Category.Ids)
            return Add(_key.Written.ToArray());

        // Alerts of one intrusion detection system differ in small things; many alike count as one.
        var key = _key.Written.ToArray();
        var similar = _recentIds.Count(recent => SharesStart(recent, key));
        _recentIds.Enqueue(key);
        if (_recentIds.Count > RecentKeys)
            _recentIds.Dequeue();

        return Add(similar > SimilarKeys ? key[..Math.Min(SimilarBytes, key.Length)] : key);
    }

    public IEnumerable<byte[]> All() => _order;

    public void Restore(byte[] key) => Add(key);

    private static bool SharesStart(byte[] one, byte[] other) => one.AsSpan().CommonPrefixLength(other) > SimilarBytes;

    private bool Add(byte[] key)
    {
        if (!_seen.Add(key))
            return false;

        _order.Enqueue(key);
        if (_order.Count > MaxKeys)
            _seen.Remove(_order.Dequeue());

        return true;
    }

    private void MakeKey(DecodedEvent e, FirstTimeKey spec)
    {
        _key.Clear();
        Span<byte> name = stackalloc byte[128];
        _key.Add(
            Encoding.UTF8.TryGetBytes(e.DecoderName, name, out var written) ? name[..written] : Encoding.UTF8.GetBytes(e.DecoderName!)
        );
        foreach (var field in spec.Static)
        {
            if (e.TryGetField(field, out var value))
                AddPart(value);
        }

        if (spec.HasLocation)
            AddPart(e.Location);

        foreach (var number in spec.Dynamic)
        {
            if (e.Dynamic(number) is { Exists: true } value)
                AddPart(e.Text.Raw(value));
        }
    }

    private void AddPart(ReadOnlySpan<byte> part)
    {
        _key.Add((byte)' ');
        _key.Add(part);
    }
}
