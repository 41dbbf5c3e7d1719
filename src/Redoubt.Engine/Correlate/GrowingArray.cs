namespace Redoubt.Engine.Correlate;

/// <summary>How arrays of remembered things grow: small ones double, large ones by a quarter, so that little of them is empty.</summary>
/// <remarks>A source's memory is bounded by what is in these arrays (docs/decisions); copying them costs five copies an element in all.</remarks>
internal static class GrowingArray
{
    private const int Large = 4_096;

    public static void Grow<T>(ref T[] array) => Array.Resize(ref array, SizeAfter(array.Length));

    private static int SizeAfter(int size) => size < Large ? size * 2 : size + (size / 4);
}
