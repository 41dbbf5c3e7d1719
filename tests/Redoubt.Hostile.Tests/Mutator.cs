using System.Text;

namespace Redoubt.Tests.Hostile;

/// <summary>Breaks good inputs in the ways that find bugs in readers, always the same from one seed.</summary>
internal sealed class Mutator(int seed)
{
    private static readonly byte[][] Dictionary = Array.ConvertAll(
        "\0|\n|\r\n|<|>|</|/>|<!--|-->|<!|\"|'|\\|\\\\|{|}|[|]|:|,|(|)|*|+|^|$|%n|$(|\\u|\\ud83d|1e999|-|0x|null|true|4294967295|é|]]>|&lt;".Split('|'),
        Encoding.UTF8.GetBytes
    );

    private readonly Random _random = new(seed);

    /// <summary>One of the inputs with one to six things done to it; now and then pure garbage.</summary>
    public byte[] Next(IReadOnlyList<byte[]> inputs)
    {
        if (_random.Next(20) == 0)
            return Garbage();

        var bytes = inputs[_random.Next(inputs.Count)].ToList();
        for (var changes = _random.Next(1, 7); changes > 0; changes--)
            Change(bytes, inputs);

        return [.. bytes];
    }

    /// <summary>Random bytes, of all values or of few.</summary>
    public byte[] Garbage()
    {
        var bytes = new byte[_random.Next(1, 600)];
        _random.NextBytes(bytes);
        if (_random.Next(2) == 0)
            return bytes;

        var few = "<>/\"= \\{}[]:,()|^$*+.dwsa1\n"u8.ToArray();
        return Array.ConvertAll(bytes, b => few[b % few.Length]);
    }

    /// <summary>A number from 0 to <paramref name="limit"/> - 1.</summary>
    public int Number(int limit) => _random.Next(limit);

    private void Change(List<byte> bytes, IReadOnlyList<byte[]> inputs)
    {
        var at = _random.Next(bytes.Count + 1);
        var length = _random.Next(Math.Min(40, bytes.Count - at + 1));
        switch (_random.Next(7))
        {
            case 0 when at < bytes.Count:
                bytes[at] = (byte)_random.Next(256);
                break;
            case 1 when at < bytes.Count:
                bytes[at] ^= (byte)(1 << _random.Next(8));
                break;
            case 2:
                bytes.RemoveRange(at, length);
                break;
            case 3:
                bytes.InsertRange(at, bytes.GetRange(at, length));
                break;
            case 4:
                bytes.InsertRange(at, Dictionary[_random.Next(Dictionary.Length)]);
                break;
            case 5:
                bytes.RemoveRange(at, bytes.Count - at);
                break;
            default:
                var other = inputs[_random.Next(inputs.Count)];
                bytes.InsertRange(at, other.AsSpan(_random.Next(other.Length + 1)).ToArray());
                break;
        }
    }
}
