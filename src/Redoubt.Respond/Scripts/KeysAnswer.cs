using System.Text.Json;

namespace Redoubt.Respond.Scripts;

/// <summary>Reads what a response program answers: <c>{"version":1,…,"command":"check_keys","parameters":{"keys":[…]}}</c>.</summary>
internal static class KeysAnswer
{
    private const int MaxKeys = 64;

    /// <summary>Reads one line.</summary>
    /// <returns>False for anything that is no list of keys.</returns>
    internal static bool TryRead(ReadOnlySpan<byte> line, out string[] keys)
    {
        keys = [];
        if (line.Length > ScriptLimits.MaxAnswerBytes)
            return false;

        try
        {
            var reader = new Utf8JsonReader(line);
            using var document = JsonDocument.ParseValue(ref reader);
            var root = document.RootElement;
            if (
                root.ValueKind != JsonValueKind.Object
                || !root.TryGetProperty("command", out var command)
                || command.ValueKind != JsonValueKind.String
                || !command.ValueEquals("check_keys"u8)
                || !root.TryGetProperty("parameters", out var parameters)
                || parameters.ValueKind != JsonValueKind.Object
                || !parameters.TryGetProperty("keys", out var list)
                || list.ValueKind != JsonValueKind.Array
                || list.GetArrayLength() > MaxKeys
            )
                return false;

            keys = [.. list.EnumerateArray().Select(k => k.ValueKind == JsonValueKind.String ? k.GetString() ?? "" : k.GetRawText())];
            return true;
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException)
        {
            // No JSON, or half of a surrogate pair in a key: not an answer.
            return false;
        }
    }
}
