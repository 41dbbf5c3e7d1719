using System.Globalization;
using System.Text.Json;

namespace Redoubt.App.Commands;

/// <summary>What people see of an alert; what it lacks is empty, whoever wrote it.</summary>
internal readonly record struct AlertText(JsonElement Alert)
{
    internal string Id => Text("id") ?? string.Empty;

    /// <summary>As recorded, to the second, in the manager's zone.</summary>
    internal string Time => Text("timestamp") is { Length: >= 19 } time ? time[..19].Replace('T', ' ') : string.Empty;

    internal string Level => Get("rule", "level") is { ValueKind: JsonValueKind.Number } level ? level.GetRawText() : "0";

    internal string Rule => Text("rule", "id") ?? string.Empty;

    internal string Description => Text("rule", "description") ?? string.Empty;

    internal string Agent => Text("agent", "name") ?? string.Empty;

    internal string? Source => Text("data", "srcip");

    /// <summary>Every field by its path, such as <c>data.srcip</c>, in the order of the record.</summary>
    internal IEnumerable<(string Path, string Value)> Fields => FieldsOf(string.Empty, Alert);

    private static IEnumerable<(string Path, string Value)> FieldsOf(string path, JsonElement at) =>
        at.ValueKind switch
        {
            JsonValueKind.Object => at.EnumerateObject()
                .SelectMany(p =>
                    FieldsOf(path.Length == 0 ? p.Name : string.Create(CultureInfo.InvariantCulture, $"{path}.{p.Name}"), p.Value)
                ),
            JsonValueKind.Array => [(path, string.Join(", ", at.EnumerateArray().Select(v => v.ToString())))],
            _ => [(path, at.ToString())],
        };

    private string? Text(params ReadOnlySpan<string> path) =>
        Get(path) is { ValueKind: JsonValueKind.String } value ? value.GetString() : null;

    private JsonElement? Get(params ReadOnlySpan<string> path)
    {
        var at = Alert;
        foreach (var name in path)
        {
            if (at.ValueKind != JsonValueKind.Object || !at.TryGetProperty(name, out at))
                return null;
        }

        return at;
    }
}
