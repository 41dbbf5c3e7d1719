using System.Buffers;
using System.Text;
using System.Text.Json;
using Redoubt.Model;

namespace Redoubt.Record;

/// <summary>Fields on their way to JSON: dynamic names are cut at their dots into nested objects.</summary>
/// <remarks>Names come from clients: what is nested deeper than <see cref="MaxDepth"/> keeps the rest of its name in one piece.</remarks>
internal sealed class FieldTree
{
    private const int MaxDepth = 32;

    private readonly List<(string Name, object Node)> _members = [];

    internal void Add(AlertField field)
    {
        if (field.Value.Length == 0)
            return;

        if (field.IsDynamic)
            AddAt(field.Name, field, MaxDepth);
        else
            Set(field.Name, field);
    }

    internal void Write(Utf8JsonWriter json)
    {
        foreach (var (name, node) in _members)
        {
            json.WritePropertyName(name);
            if (node is FieldTree tree)
            {
                json.WriteStartObject();
                tree.Write(json);
                json.WriteEndObject();
            }
            else
            {
                WriteValue(json, (AlertField)node);
            }
        }
    }

    private void AddAt(string path, AlertField field, int depth)
    {
        var dot = path.IndexOf('.', StringComparison.Ordinal);
        if (depth == 0 || dot <= 0 || dot == path.Length - 1)
        {
            Set(path, field);
            return;
        }

        var head = path[..dot];
        var index = _members.FindIndex(m => string.Equals(m.Name, head, StringComparison.Ordinal));
        if (index < 0)
        {
            index = _members.Count;
            _members.Add((head, new FieldTree()));
        }

        // A plain value of that name is there: keep both, the nested one under its whole name.
        if (_members[index].Node is FieldTree tree)
            tree.AddAt(path[(dot + 1)..], field, depth - 1);
        else
            Set(path, field);
    }

    private void Set(string name, AlertField field)
    {
        var index = _members.FindIndex(m => string.Equals(m.Name, name, StringComparison.Ordinal));
        if (index < 0)
        {
            _members.Add((name, field));
            return;
        }

        var before = _members[index].Node;
        _members[index] = (name, field);
        if (before is FieldTree tree)
            _members.InsertRange(index + 1, tree._members.Select(m => (name + "." + m.Name, m.Node)));
    }

    private static void WriteValue(Utf8JsonWriter json, AlertField field)
    {
        if (field.IsJsonArray && ReadArray(field.Value) is { } array)
            json.WriteRawValue(array, skipInputValidation: true);
        else
            json.WriteStringValue(Encoding.UTF8.GetString(field.Value));
    }

    // Written apart first: half an array must not reach the record when its text turns out to be damaged.
    private static byte[]? ReadArray(byte[] value)
    {
        try
        {
            using var document = JsonDocument.Parse(Encoding.UTF8.GetString(value));
            var buffer = new ArrayBufferWriter<byte>(value.Length);
            using (var json = new Utf8JsonWriter(buffer, AlertJson.Options))
                document.WriteTo(json);

            return buffer.WrittenSpan.ToArray();
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException)
        {
            // A text that the decoder took for an array and that is none, or holds half a surrogate pair, is shown as text.
            return null;
        }
    }
}
