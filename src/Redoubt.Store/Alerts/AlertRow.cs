using System.Globalization;
using System.Text.Json;

namespace Redoubt.Store;

/// <summary>What the index holds of a record of <c>alerts.json</c>, beside the record itself.</summary>
internal sealed record AlertRow(
    long At,
    string Id,
    long Rule,
    int Level,
    string Groups,
    string Agent,
    string AgentName,
    string? Source,
    string? SourceUser,
    string? TargetUser,
    string Text
)
{
    /// <summary>Null when the line is no alert: somebody else wrote it, or a disk has damaged it.</summary>
    internal static AlertRow? Of(byte[] record)
    {
        try
        {
            using var document = JsonDocument.Parse(record);
            return Of(document.RootElement);
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException)
        {
            // Not JSON, or a text that is no valid Unicode.
            return null;
        }
    }

    private static AlertRow? Of(JsonElement alert)
    {
        if (TimeOf(TextAt(alert, "timestamp")) is not { } at || !long.TryParse(TextAt(alert, "rule", "id"), out var rule))
            return null;

        return new AlertRow(
            at,
            TextAt(alert, "id") ?? string.Empty,
            rule,
            Get(alert, "rule", "level") is { ValueKind: JsonValueKind.Number } level && level.TryGetInt32(out var number) ? number : 0,
            GroupsOf(alert),
            TextAt(alert, "agent", "id") ?? string.Empty,
            TextAt(alert, "agent", "name") ?? string.Empty,
            TextAt(alert, "data", "srcip"),
            TextAt(alert, "data", "srcuser"),
            TextAt(alert, "data", "dstuser"),
            $"{TextAt(alert, "rule", "description")}\n{TextAt(alert, "full_log")}"
        );
    }

    // ",sshd,authentication_failed," so that a whole name can be looked for.
    private static string GroupsOf(JsonElement alert) =>
        Get(alert, "rule", "groups") is { ValueKind: JsonValueKind.Array } groups
            ? $",{string.Join(',', groups.EnumerateArray().Where(g => g.ValueKind == JsonValueKind.String).Select(g => g.GetString()))},"
            : string.Empty;

    // 2026-11-24T10:15:30.123+0000
    private static long? TimeOf(string? timestamp) =>
        timestamp is { Length: > 5 } text
        && DateTimeOffset.TryParseExact(
            text.Insert(text.Length - 2, ":"),
            "yyyy-MM-dd'T'HH:mm:ss.fffzzz",
            CultureInfo.InvariantCulture,
            DateTimeStyles.None,
            out var time
        )
            ? time.ToUnixTimeMilliseconds()
            : null;

    private static string? TextAt(JsonElement alert, params ReadOnlySpan<string> path) =>
        Get(alert, path) is { ValueKind: JsonValueKind.String } value ? value.GetString() : null;

    private static JsonElement? Get(JsonElement at, params ReadOnlySpan<string> path)
    {
        foreach (var name in path)
        {
            if (at.ValueKind != JsonValueKind.Object || !at.TryGetProperty(name, out at))
                return null;
        }

        return at;
    }
}
