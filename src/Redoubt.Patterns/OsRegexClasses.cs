namespace Redoubt.Patterns;

/// <summary>The byte classes of osregex as bits of one table: which classes does a byte belong to?</summary>
internal static class OsRegexClasses
{
    private const string Escapes = "dwstpDWS.()\\$|<";

    private static readonly ushort[] Table = Build();

    /// <summary>The classes that contain the byte.</summary>
    public static ushort Of(byte c) => Table[c];

    /// <summary>The bit of the class that is written as a backslash and this byte; 0 when there is none.</summary>
    public static ushort Bit(byte escape)
    {
        var index = Escapes.IndexOf((char)escape, StringComparison.Ordinal);
        return index < 0 ? (ushort)0 : (ushort)(1 << index);
    }

    private static ushort[] Build()
    {
        var table = new ushort[256];
        for (var c = 0; c < table.Length; c++)
        {
            for (var i = 0; i < Escapes.Length; i++)
            {
                if (Contains(Escapes[i], (byte)c))
                    table[c] |= (ushort)(1 << i);
            }
        }

        return table;
    }

    private static bool Contains(char escape, byte c) =>
        escape switch
        {
            'd' => IsDigit(c),
            'w' => IsWord(c),
            's' => c == ' ',
            't' => c == '\t',
            'p' => "!\"#$%&'()*+,-.:;<=>?[]{|}"u8.Contains(c),
            'D' => !IsDigit(c),
            'W' => !IsWord(c),
            'S' => c != ' ',
            '.' => true,
            _ => c == escape,
        };

    private static bool IsDigit(byte c) => c is >= (byte)'0' and <= (byte)'9';

    private static bool IsWord(byte c) =>
        IsDigit(c) || c is (>= (byte)'A' and <= (byte)'Z') or (>= (byte)'a' and <= (byte)'z') or (byte)'-' or (byte)'@' or (byte)'_';
}
