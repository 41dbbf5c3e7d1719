using System.Text;
using System.Text.Json;
using Redoubt.Model;

namespace Redoubt.Record;

/// <summary>Fields on their way to JSON: dynamic names are cut at their dots into nested objects.</summary>
internal sealed class FieldTree
{
    private readonly List<(string Name, object Node)> _members = [];

    internal void Add(AlertField field)
    {
        if (field.Value.Length == 0)
            return;

        if (field.IsDynamic)
            AddAt(field.Name, field);
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

    private void AddAt(string path, AlertField field)
    {
        var dot = path.IndexOf('.', StringComparison.Ordinal);
        if (dot <= 0 || dot == path.Length - 1)
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
            tree.AddAt(path[(dot + 1)..], field);
        else
            Set(path, field);
    }

    private void Set(string name, AlertField field)
    {
        var index = _members.FindIndex(m => string.Equals(m.Name, name, StringComparison.Ordinal));
        if (index < 0)
            _members.Add((name, field));
        else if (_members[index].Node is AlertField)
            _members[index] = (name, field);
    }

    private static void WriteValue(Utf8JsonWriter json, AlertField field)
    {
        if (field.IsJsonArray && TryParseArray(field.Value, out var document))
        {
            using (document)
                document.WriteTo(json);

            return;
        }

        json.WriteStringValue(Encoding.UTF8.GetString(field.Value));
    }

    private static bool TryParseArray(byte[] value, out JsonDocument document)
    {
        document = null!;
        try
        {
            document = JsonDocument.Parse(value);
            return true;
        }
        catch (JsonException)
        {
            // A field whose text the decoder took for an array but that is none is shown as text.
            return false;
        }
    }
}
