using Redoubt.Engine.Decode;

namespace Redoubt.Engine.Match;

/// <summary>Values that rules with the option <c>ignore</c> wrote down, for <c>check_if_ignored</c> of other rules.</summary>
/// <remarks>Works as documented in both modes; in the original nothing is ever found, because it compares a line that has a
/// newline with one that has none. Bounded; the oldest goes first. Threads: not safe. Source: rule-engine.md 3.5.</remarks>
internal sealed class SuppressionStore
{
    private const int MaxKeys = 100_000;

    private readonly HashSet<byte[]> _keys = new(ByteTextComparer.Instance);
    private readonly Queue<byte[]> _order = [];
    private readonly ByteWriter _key = new();

    public void Add(SuppressionSpec spec, DecodedEvent e)
    {
        MakeKey(spec, e);
        var key = _key.Written.ToArray();
        if (!_keys.Add(key))
            return;

        _order.Enqueue(key);
        if (_order.Count > MaxKeys)
            _keys.Remove(_order.Dequeue());
    }

    public bool Contains(SuppressionSpec spec, DecodedEvent e)
    {
        MakeKey(spec, e);
        return _keys.GetAlternateLookup<ReadOnlySpan<byte>>().Contains(_key.Written);
    }

    private void MakeKey(SuppressionSpec spec, DecodedEvent e)
    {
        _key.Clear();
        if (spec.HasName)
            _key.Add(System.Text.Encoding.UTF8.GetBytes(e.DecoderName ?? string.Empty));

        foreach (var part in spec.Parts)
        {
            _key.Add((byte)' ');
            if (part.TryRead(e, out var value, out _))
                _key.Add(value);
        }
    }
}
