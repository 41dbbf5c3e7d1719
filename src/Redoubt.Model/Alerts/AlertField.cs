namespace Redoubt.Model;

/// <summary>One decoded field of an alert.</summary>
/// <param name="Name">Static name (<c>srcip</c>) or dynamic name, dots allowed.</param>
/// <param name="Value">Bytes as decoded.</param>
/// <param name="IsDynamic">Dynamic fields are nested at their dots in JSON.</param>
/// <param name="IsJsonArray">The value is JSON text of an array and is written as one.</param>
/// <param name="ClientText">Whether a client could have typed these bytes; such a field never becomes a block's target.</param>
public sealed record AlertField(string Name, byte[] Value, bool IsDynamic, bool IsJsonArray, bool ClientText);
