namespace Redoubt.Engine.Decode;

/// <summary>A place in an event's text.</summary>
/// <param name="Start">Offset of the first byte.</param>
/// <param name="Length">Bytes; -1 when the event has no such text, which is different from an empty one.</param>
public readonly record struct TextSpan(int Start, int Length)
{
    /// <summary>Not there.</summary>
    public static TextSpan None => new(0, -1);

    /// <summary>Whether the event has it, be it empty.</summary>
    public bool Exists => Length >= 0;

    /// <summary>Offset behind the last byte.</summary>
    public int End => Start + Math.Max(0, Length);
}
