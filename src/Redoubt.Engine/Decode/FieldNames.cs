using System.Text;
using Redoubt.Patterns;

namespace Redoubt.Engine.Decode;

/// <summary>Numbers for the dynamic field names that decoders and rules of one ruleset mention; names compare without case.</summary>
/// <remarks>Filled while loading, then read only. A field of a JSON line whose name no rule mentions has no number and costs
/// no look-up later. Threads: safe once loading is over.</remarks>
internal sealed class FieldNames
{
    public const int Unknown = -1;

    private readonly Dictionary<byte[], int> _numbers = new(ByteTextComparer.Instance);
    private readonly Dictionary<byte[], int>.AlternateLookup<ReadOnlySpan<byte>> _lookup;
    private readonly List<byte[]> _names = [];

    public FieldNames() => _lookup = _numbers.GetAlternateLookup<ReadOnlySpan<byte>>();

    public int Count => _names.Count;

    /// <summary>The number of a name, new when it was not there.</summary>
    public int Add(string name)
    {
        var bytes = Encoding.UTF8.GetBytes(name);
        var lowered = AsciiFold.ToLower(bytes);
        if (_numbers.TryGetValue(lowered, out var number))
            return number;

        number = _names.Count;
        _numbers.Add(lowered, number);
        _names.Add(bytes);
        return number;
    }

    /// <summary>The name of a number, as first written.</summary>
    public string NameOf(int number) => Encoding.UTF8.GetString(_names[number]);

    /// <summary>The number of a name in lower case, or <see cref="Unknown"/>. Allocates nothing.</summary>
    public int Find(ReadOnlySpan<byte> lowered) => _lookup.TryGetValue(lowered, out var number) ? number : Unknown;
}
