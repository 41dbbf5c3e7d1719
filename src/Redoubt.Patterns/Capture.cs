namespace Redoubt.Patterns;

/// <summary>What one group of a pattern matched: a place in the text that was searched.</summary>
/// <param name="Start">Offset of the first byte.</param>
/// <param name="Length">Bytes; -1 for a group that took no part.</param>
public readonly record struct Capture(int Start, int Length)
{
    /// <summary>A group that took no part.</summary>
    public static Capture None => new(0, -1);

    /// <summary>Whether the group took part.</summary>
    public bool IsSet => Length >= 0;
}
