using System.Text;

namespace Redoubt.Engine.Decode;

/// <summary>Makes a string of bytes, and gives the same one again while the bytes stay the same: timestamps, hosts and programs repeat.</summary>
/// <remarks>Threads: not safe.</remarks>
internal sealed class TextMemo
{
    private const int MaxBytes = 256;

    private byte[] _bytes = [];
    private string _text = string.Empty;

    public string Text(ReadOnlySpan<byte> bytes)
    {
        if (bytes.SequenceEqual(_bytes))
            return _text;

        // Only short texts are worth keeping.
        if (bytes.Length > MaxBytes)
            return Encoding.UTF8.GetString(bytes);

        (_bytes, _text) = (bytes.ToArray(), Encoding.UTF8.GetString(bytes));
        return _text;
    }
}
