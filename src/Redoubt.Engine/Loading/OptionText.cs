using Redoubt.Model.Markup;

namespace Redoubt.Engine.Loading;

/// <summary>An option that may be given in several elements: their texts are joined with nothing in between.</summary>
internal sealed class OptionText
{
    private readonly List<byte> _text = [];

    /// <summary>The first element that gave it; for diagnostics.</summary>
    public MarkupElement? First { get; private set; }

    /// <summary>Whether it was given.</summary>
    public bool IsGiven => First is not null;

    public int Length => _text.Count;

    public byte[] Bytes => [.. _text];

    public string Text => System.Text.Encoding.UTF8.GetString(Bytes);

    public void Add(MarkupElement element, byte[] content)
    {
        First ??= element;
        _text.AddRange(content);
    }
}
