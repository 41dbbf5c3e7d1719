using System.Text;
using Redoubt.Engine.Decode;

namespace Redoubt.Engine.Match;

/// <summary>A rule's description, with the places of <c>$(name)</c> found beforehand.</summary>
/// <remarks>Immutable; makes a string only when an alert is made. Source: rule-engine.md 3.5.</remarks>
internal sealed class DescriptionTemplate
{
    private const int MaxBytes = 1_024;

    private readonly List<(byte[] Text, EventPart? Part)> _pieces = [];
    private bool _hasParts;

    private DescriptionTemplate(string raw) => Raw = raw;

    public static DescriptionTemplate Empty { get; } = new(string.Empty);

    /// <summary>As written, newlines replaced by blanks.</summary>
    public string Raw { get; }

    public static DescriptionTemplate Parse(string raw, FieldNames names)
    {
        var template = new DescriptionTemplate(raw);
        var at = 0;
        while (raw.IndexOf("$(", at, StringComparison.Ordinal) is var open and >= 0)
        {
            var close = raw.IndexOf(')', open);
            if (close < 0)
                break;

            template.AddText(raw[at..open]);
            template._pieces.Add(([], PartOf(raw[(open + 2)..close], names)));
            template._hasParts = true;
            at = close + 1;
        }

        template.AddText(raw[at..]);
        return template;
    }

    /// <summary>The description of an event; unknown and absent fields are empty.</summary>
    /// <param name="e">The event.</param>
    /// <param name="result">Room to write in.</param>
    public string Expand(DecodedEvent e, ByteWriter result)
    {
        if (!_hasParts)
            return Raw;

        result.Clear();
        foreach (var (text, part) in _pieces)
        {
            result.Add(text);
            if (part is { } wanted && wanted.TryRead(e, out var value, out _))
                result.Add(value);
        }

        return result.Length > MaxBytes ? Raw : Encoding.UTF8.GetString(result.Written);
    }

    private static EventPart PartOf(string name, FieldNames names) =>
        name switch
        {
            "hostname" => new EventPart(EventPartKind.Hostname),
            "program_name" => new EventPart(EventPartKind.ProgramName),
            _ => StaticFields.Find(name) is { } field ? EventPart.Of(field) : EventPart.OfDynamic(names.Add(name)),
        };

    private void AddText(string text)
    {
        if (text.Length > 0)
            _pieces.Add((Encoding.UTF8.GetBytes(text), null));
    }
}
