namespace Redoubt.Engine.Decode;

/// <summary>Carries fields from one line to the next of the same host, decoder and <c>id</c>.</summary>
/// <remarks>An entry is forgotten 120 s after its last use. Bounded. Allocates, but only for decoders that accumulate.
/// Threads: not safe. Source: rule-engine.md 2.8.</remarks>
internal sealed class Accumulator
{
    private const int LifetimeSeconds = 120;
    private const int LookupsBetweenPurges = 200;
    private const int MaxEntries = 100_000;
    private const int MaxValueBytes = 80;
    private const int MaxKeyBytes = 255;

    private static readonly StaticField[] Fields =
    [
        StaticField.DstUser,
        StaticField.SrcUser,
        StaticField.DstIp,
        StaticField.SrcIp,
        StaticField.DstPort,
        StaticField.SrcPort,
        StaticField.Data,
    ];

    private readonly Dictionary<byte[], Entry> _entries = new(ByteTextComparer.Instance);
    private readonly ByteWriter _key = new();
    private int _lookups;

    /// <summary>Fills empty fields of the event from earlier ones, then remembers it.</summary>
    public void Accumulate(DecodedEvent e)
    {
        if (e.Decoder is not { Accumulates: true } || !e.TryGetField(StaticField.Id, out var id))
            return;

        if (++_lookups >= LookupsBetweenPurges)
            Purge(e.ArrivalSeconds);

        _key.Clear();
        _key.Add(e.Hostname);
        _key.Add((byte)' ');
        _key.Add(System.Text.Encoding.UTF8.GetBytes(e.DecoderName!));
        _key.Add((byte)' ');
        _key.Add(id);
        if (_key.Length > MaxKeyBytes)
            return;

        var key = _key.Written.ToArray();
        if (_entries.TryGetValue(key, out var entry) && e.ArrivalSeconds - entry.LastUse <= LifetimeSeconds)
        {
            Fill(e, entry);
        }
        else
        {
            if (_entries.Count >= MaxEntries)
                _entries.Clear();

            entry = new Entry();
            _entries[key] = entry;
        }

        entry.LastUse = e.ArrivalSeconds;
        Keep(e, entry);
    }

    private static void Fill(DecodedEvent e, Entry entry)
    {
        for (var i = 0; i < Fields.Length; i++)
        {
            if (entry.Values[i] is { } value && e.Static(Fields[i]).Length <= 0)
                e.SetStatic(Fields[i], e.Text.Append(value));
        }
    }

    private static void Keep(DecodedEvent e, Entry entry)
    {
        for (var i = 0; i < Fields.Length; i++)
        {
            if (entry.Values[i] is null && e.TryGetField(Fields[i], out var value) && value.Length is > 0 and <= MaxValueBytes)
                entry.Values[i] = value.ToArray();
        }
    }

    private void Purge(long now)
    {
        _lookups = 0;
        foreach (var (key, entry) in _entries)
        {
            if (now - entry.LastUse > LifetimeSeconds)
                _entries.Remove(key);
        }
    }

    private sealed class Entry
    {
        public byte[]?[] Values { get; } = new byte[]?[Fields.Length];

        public long LastUse { get; set; }
    }
}
