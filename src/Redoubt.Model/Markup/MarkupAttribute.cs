namespace Redoubt.Model.Markup;

/// <summary>One attribute of an element, with its place.</summary>
/// <param name="Name">As written; attribute names compare exactly.</param>
/// <param name="Value">Bytes between the quotes, entities not decoded.</param>
/// <param name="Line">From 1.</param>
/// <param name="Column">From 1, in bytes.</param>
public sealed record MarkupAttribute(string Name, byte[] Value, int Line, int Column)
{
    /// <summary>The value as text (UTF-8, invalid bytes as U+FFFD).</summary>
    public string Text { get; } = System.Text.Encoding.UTF8.GetString(Value);
}
