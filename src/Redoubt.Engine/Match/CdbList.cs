using Redoubt.Engine.Decode;

namespace Redoubt.Engine.Match;

/// <summary>A list of keys with values. Immutable once loaded; the first entry of a key counts.</summary>
/// <remarks>Allocates nothing when asked. Threads: safe. Source: rule-engine.md 6.</remarks>
internal sealed class CdbList
{
    private readonly Dictionary<byte[], byte[]> _entries = new(ByteTextComparer.Instance);
    private readonly Dictionary<byte[], byte[]>.AlternateLookup<ReadOnlySpan<byte>> _lookup;

    public CdbList(string name)
    {
        Name = name;
        _lookup = _entries.GetAlternateLookup<ReadOnlySpan<byte>>();
    }

    /// <summary>The name by which rules call it, without <c>.cdb</c>.</summary>
    public string Name { get; }

    public int Count => _entries.Count;

    public void Add(ReadOnlySpan<byte> key, ReadOnlySpan<byte> value) => _entries.TryAdd(key.ToArray(), value.ToArray());

    /// <summary>The value of a key, compared exactly.</summary>
    public bool TryGet(ReadOnlySpan<byte> key, out ReadOnlySpan<byte> value)
    {
        var found = _lookup.TryGetValue(key, out var bytes);
        value = bytes;
        return found;
    }

    /// <summary>The value of an address or of the longest of its prefixes that end in a dot.</summary>
    public bool TryGetAddress(ReadOnlySpan<byte> address, out ReadOnlySpan<byte> value)
    {
        if (TryGet(address, out value))
            return true;

        for (var dot = address.LastIndexOf((byte)'.'); dot >= 0; dot = address[..dot].LastIndexOf((byte)'.'))
        {
            if (TryGet(address[..(dot + 1)], out value))
                return true;
        }

        return false;
    }
}
