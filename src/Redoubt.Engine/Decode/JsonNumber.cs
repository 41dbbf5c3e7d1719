namespace Redoubt.Engine.Decode;

/// <summary>How numbers of a JSON line become text.</summary>
internal static class JsonNumber
{
    /// <summary>As the value of a field: whole numbers of 32 bits as such, all others with six decimals.</summary>
    public static void WriteField(ByteWriter target, double number)
    {
        if (IsInt32(number))
            target.Add((int)number);
        else
            target.Add(number, "F6");
    }

    /// <summary>As a number inside the text of an array.</summary>
    public static void WriteJson(ByteWriter target, double number)
    {
        if (IsInt32(number))
            target.Add((int)number);
        else if (double.IsFinite(number))
            target.Add(number, "R");
        else
            target.Add("null"u8);
    }

    private static bool IsInt32(double number) => number is >= int.MinValue and <= int.MaxValue && Math.Floor(number) == number;
}
