using Redoubt.Patterns;

namespace Redoubt.Engine.Decode;

/// <summary>The bytes of one event: the line first, then whatever decoding adds; each also folded to lower case.</summary>
/// <remarks>Every text of an event is a span in here, so nothing is copied to a string before an alert is made, and
/// case-insensitive patterns search the folded copy with plain vectorised searches.
/// Memory: twice the longest event so far; reused. Threads: not safe.</remarks>
internal sealed class EventText
{
    private byte[] _raw = new byte[4096];
    private byte[] _lowered = new byte[4096];

    /// <summary>Bytes in use.</summary>
    public int Length { get; private set; }

    /// <summary>Forgets everything and takes a new line, at offset 0.</summary>
    public void Start(ReadOnlySpan<byte> line)
    {
        Length = 0;
        Append(line);
    }

    /// <summary>Adds text behind what is there.</summary>
    public TextSpan Append(ReadOnlySpan<byte> text)
    {
        var span = Reserve(text.Length);
        text.CopyTo(_raw.AsSpan(span.Start));
        Commit(span);
        return span;
    }

    /// <summary>Makes room for <paramref name="maxBytes"/> behind what is there; write through <see cref="Room"/>, then commit.</summary>
    public TextSpan Reserve(int maxBytes)
    {
        if (Length + maxBytes > _raw.Length)
        {
            var size = Math.Max(_raw.Length * 2, Length + maxBytes);
            Array.Resize(ref _raw, size);
            Array.Resize(ref _lowered, size);
        }

        return new TextSpan(Length, maxBytes);
    }

    /// <summary>The bytes of a reserved span, to be written.</summary>
    public Span<byte> Room(TextSpan reserved) => _raw.AsSpan(reserved.Start, reserved.Length);

    /// <summary>Keeps what was written at the start of the reserved room.</summary>
    public void Commit(TextSpan written)
    {
        AsciiFold.Lower(_raw.AsSpan(written.Start, written.Length), _lowered.AsSpan(written.Start));
        Length = written.Start + written.Length;
    }

    /// <summary>Takes back everything from an offset on.</summary>
    public void Truncate(int length) => Length = length;

    /// <summary>The bytes as they came.</summary>
    public ReadOnlySpan<byte> Raw(TextSpan span) => span.Length <= 0 ? default : _raw.AsSpan(span.Start, span.Length);

    /// <summary>The same with A-Z folded to a-z.</summary>
    public ReadOnlySpan<byte> Lowered(TextSpan span) => span.Length <= 0 ? default : _lowered.AsSpan(span.Start, span.Length);
}
