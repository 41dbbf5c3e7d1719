namespace Redoubt.Engine.Decode;

/// <summary>A field whose name a decoder file or a JSON line chose.</summary>
/// <param name="Number">Number of the name in <see cref="FieldNames"/>, or unknown when no rule mentions it.</param>
/// <param name="FixedName">The name when it stands in a decoder file; null when it came with the line.</param>
/// <param name="Name">Where the name stands in the event's text when it came with the line.</param>
/// <param name="Value">Where the value stands.</param>
/// <param name="IsJsonArray">The value is JSON text of an array.</param>
internal readonly record struct DynamicField(int Number, byte[]? FixedName, TextSpan Name, TextSpan Value, bool IsJsonArray);
