namespace Redoubt.Engine.Decode;

/// <summary>One field of a decoded event, as a view into it.</summary>
/// <remarks>Valid until the engine analyses the next line.</remarks>
public readonly ref struct DecodedField
{
    /// <summary>Its name, UTF-8.</summary>
    public required ReadOnlySpan<byte> Name { get; init; }

    /// <summary>Its bytes.</summary>
    public required ReadOnlySpan<byte> Value { get; init; }

    /// <summary>Where the value stands in the line, or <see cref="TextSpan.None"/> when it was made from it (unescaped JSON, an array).</summary>
    public required TextSpan InLine { get; init; }

    /// <summary>Which static field it is, or null for a dynamic one.</summary>
    public required StaticField? Static { get; init; }

    /// <summary>Whether the name is not one of the <see cref="StaticField"/>s.</summary>
    public bool IsDynamic => Static is null;

    /// <summary>Whether the value is the JSON text of an array.</summary>
    public bool IsJsonArray { get; init; }

    /// <summary>Whether a client could have typed these bytes.</summary>
    public required bool ClientText { get; init; }
}
