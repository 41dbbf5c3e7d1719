namespace Redoubt.Engine.Decode;

/// <summary>Which fields a client chooses.</summary>
internal static class FieldTrust
{
    /// <summary>Names, URLs and free data are what the client typed; addresses, ports and the like are what the daemon observed.</summary>
    /// <remarks>Whether a daemon's address was read from the right place is another question: see <c>TwoSidedReading</c>.</remarks>
    public static bool IsClientText(StaticField field) =>
        field is StaticField.SrcUser or StaticField.DstUser or StaticField.Url or StaticField.Data or StaticField.ExtraData;
}
