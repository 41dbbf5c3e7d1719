using System.Buffers;
using System.Text.Encodings.Web;
using System.Text.Json;

namespace Redoubt.Collect.Formats;

/// <summary>Lines of the format <c>json</c> with the labels of their source as members. A line that is no JSON object is left as it is.</summary>
/// <remarks>A label replaces a member of the same name: the administrator wrote the one, perhaps an attacker the other.
/// Source: rule-engine.md 1.4, active-response.md 1.11.</remarks>
internal sealed class LabelledJson : RewrittenLines
{
    private static readonly JsonWriterOptions Relaxed = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    private readonly Branch _labels = new();
    private readonly ArrayBufferWriter<byte> _text = new(1024);

    internal LabelledJson(IEnumerable<LineLabel> labels)
    {
        foreach (var label in labels)
            _labels.Add(label.Key.Split('.'), label.Value);
    }

    internal override void Add(PendingRecord pending, ReadOnlySpan<byte> line, int limit) =>
        pending.Append(TryLabel(line) ? _text.WrittenSpan : line, limit);

    private bool TryLabel(ReadOnlySpan<byte> line)
    {
        _text.ResetWrittenCount();
        var reader = new Utf8JsonReader(line);
        try
        {
            if (!JsonDocument.TryParseValue(ref reader, out var document))
                return false;

            using (document)
            using (var writer = new Utf8JsonWriter(_text, Relaxed))
            {
                if (document.RootElement.ValueKind != JsonValueKind.Object || !line[(int)reader.BytesConsumed..].IsWhiteSpaceOnly())
                    return false;

                _labels.Write(writer, document.RootElement);
                return true;
            }
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException)
        {
            return false; // broken, too deep, or names that are no text
        }
    }

    /// <summary>An object of labels: texts and further objects.</summary>
    private sealed class Branch
    {
        private readonly Dictionary<string, Branch> _inner = new(StringComparer.Ordinal);
        private string? _text;

        internal void Add(ReadOnlySpan<string> path, string text)
        {
            if (path.IsEmpty)
            {
                _text = text;
                return;
            }

            if (!_inner.TryGetValue(path[0], out var next))
                _inner.Add(path[0], next = new Branch());
            next.Add(path[1..], text);
        }

        /// <summary>Writes an object of the line with the labels that belong into it.</summary>
        internal void Write(Utf8JsonWriter writer, JsonElement line)
        {
            writer.WriteStartObject();
            var merged = new HashSet<string>(StringComparer.Ordinal);
            foreach (var member in line.EnumerateObject())
            {
                if (!_inner.TryGetValue(member.Name, out var label))
                {
                    writer.WritePropertyName(member.Name);
                    writer.WriteRawValue(member.Value.GetRawText());
                }
                else if (label._text is null && member.Value.ValueKind == JsonValueKind.Object && merged.Add(member.Name))
                {
                    writer.WritePropertyName(member.Name);
                    label.Write(writer, member.Value);
                }
            }

            foreach (var (name, label) in _inner.Where(l => !merged.Contains(l.Key)))
            {
                writer.WritePropertyName(name);
                label.Write(writer);
            }

            writer.WriteEndObject();
        }

        private void Write(Utf8JsonWriter writer)
        {
            if (_text is not null)
            {
                writer.WriteStringValue(_text);
                return;
            }

            writer.WriteStartObject();
            foreach (var (name, label) in _inner)
            {
                writer.WritePropertyName(name);
                label.Write(writer);
            }

            writer.WriteEndObject();
        }
    }
}
