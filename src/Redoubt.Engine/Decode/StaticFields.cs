namespace Redoubt.Engine.Decode;

/// <summary>Names of the static fields in decoder and rule files.</summary>
internal static class StaticFields
{
    public const int Count = 14;

    private static readonly string[] Names =
    [
        "protocol",
        "action",
        "srcip",
        "srcport",
        "srcuser",
        "dstip",
        "dstport",
        "dstuser",
        "id",
        "status",
        "url",
        "data",
        "extra_data",
        "system_name",
    ];

    private static readonly byte[][] NamesAsBytes = Array.ConvertAll(Names, System.Text.Encoding.ASCII.GetBytes);

    public static string NameOf(StaticField field) => Names[(int)field];

    public static ReadOnlySpan<byte> NameBytesOf(StaticField field) => NamesAsBytes[(int)field];

    /// <summary>The field with that name (<c>user</c> is <c>dstuser</c>), or null for a dynamic one. Names compare exactly.</summary>
    public static StaticField? Find(string name)
    {
        if (name is "user")
            return StaticField.DstUser;

        var index = Array.IndexOf(Names, name);
        return index < 0 ? null : (StaticField)index;
    }
}
