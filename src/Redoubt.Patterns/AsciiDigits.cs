namespace Redoubt.Patterns;

/// <summary>Decimal numbers as rule files write them.</summary>
public static class AsciiDigits
{
    /// <summary>Whether the text is one or more digits 0-9 and nothing else: no sign, no blank.</summary>
    public static bool IsNumber(ReadOnlySpan<byte> text) => !text.IsEmpty && text.IndexOfAnyExceptInRange((byte)'0', (byte)'9') < 0;
}
