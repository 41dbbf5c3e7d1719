namespace Redoubt.Engine.Decode;

/// <summary>What a decoder's <c>fts</c> is made of.</summary>
/// <param name="Static">Static fields, in the order in which the key has them.</param>
/// <param name="HasLocation">Whether the location is part of it.</param>
/// <param name="Dynamic">Numbers of dynamic names, in the order written.</param>
/// <remarks>The decoder's name is always the first part. Source: rule-engine.md 2.9.</remarks>
internal sealed record FirstTimeKey(StaticField[] Static, bool HasLocation, int[] Dynamic)
{
    /// <summary>The order in which a key has static fields, whatever the order written.</summary>
    public static IReadOnlyList<StaticField> Order { get; } =
    [
        StaticField.Id,
        StaticField.DstUser,
        StaticField.SrcUser,
        StaticField.SrcIp,
        StaticField.DstIp,
        StaticField.Data,
        StaticField.SystemName,
    ];
}
