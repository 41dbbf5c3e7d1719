namespace Redoubt.Model.Markup;

/// <summary>One element of a configuration or rule file, with its place.</summary>
/// <remarks>Content is bytes as they stand in the file: no entity is decoded, blanks and newlines are kept.
/// When an element has children, the text before them is not content (rule-engine.md 2.2).</remarks>
public sealed class MarkupElement
{
    /// <summary>Name as written.</summary>
    public required string Name { get; init; }

    /// <summary>Line of the opening <c>&lt;</c>, from 1.</summary>
    public required int Line { get; init; }

    /// <summary>Column of the opening <c>&lt;</c>, from 1, in bytes.</summary>
    public required int Column { get; init; }

    /// <summary>In the order written.</summary>
    public IReadOnlyList<MarkupAttribute> Attributes { get; init; } = [];

    /// <summary>In the order written.</summary>
    public IReadOnlyList<MarkupElement> Children { get; internal set; } = [];

    /// <summary>Bytes between the tags; empty when there are children or for <c>&lt;name/&gt;</c>.</summary>
    public byte[] Content { get; internal set; } = [];

    /// <summary>The content as text (UTF-8, invalid bytes as U+FFFD), as it stands.</summary>
    public string Text => System.Text.Encoding.UTF8.GetString(Content);

    /// <summary>Whether the element has this name; most options compare without case.</summary>
    public bool Is(string name) => string.Equals(Name, name, StringComparison.OrdinalIgnoreCase);

    /// <summary>The attribute's text, or null. Attribute names compare exactly.</summary>
    public string? Attribute(string name)
    {
        foreach (var attribute in Attributes)
        {
            if (string.Equals(attribute.Name, name, StringComparison.Ordinal))
                return attribute.Text;
        }

        return null;
    }
}
