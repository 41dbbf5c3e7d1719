using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Redoubt.Engine;
using Redoubt.Model;

namespace Redoubt.Tests.Conformance;

/// <summary>Compares an engine's answer with what the original engine answered for the same line.</summary>
internal static class ObservedEvent
{
    /// <summary>The first difference, or null.</summary>
    public static string? Compare(JsonElement wanted, AnalysisResult result, string ownHostname)
    {
        var alert = result.ToAlert();
        return Differs("rule", Text(wanted, "rule"), alert.Rule?.Id.ToString(System.Globalization.CultureInfo.InvariantCulture))
            ?? Differs("level", Text(wanted, "level"), alert.Rule?.Level.ToString(System.Globalization.CultureInfo.InvariantCulture))
            ?? CompareDecoder(wanted, alert)
            ?? CompareIfThere(wanted, "log", () => Encoding.UTF8.GetString(result.Event.Log))
            ?? CompareIfThere(wanted, "hostname", () => Encoding.UTF8.GetString(result.Event.Hostname), ownHostname)
            ?? ComparePredecoder(wanted, alert)
            ?? CompareData(wanted, alert)
            ?? CompareRule(wanted, alert);
    }

    private static string? CompareRule(JsonElement wanted, Alert alert)
    {
        if (alert.Rule is not { } rule)
            return null;

        var groups = wanted.TryGetProperty("groups", out var list)
            ? string.Join(',', list.EnumerateArray().Select(g => g.GetString()))
            : string.Empty;
        return (
                wanted.TryGetProperty("description", out var description)
                    ? Differs("description", description.GetString(), alert.Description)
                    : null
            )
            ?? (wanted.TryGetProperty("groups", out _) ? Differs("groups", groups, string.Join(',', rule.Groups)) : null)
            ?? CompareIfThere(wanted, "firedtimes", () => alert.FiredTimes.ToString(System.Globalization.CultureInfo.InvariantCulture))
            ?? CompareIfThere(wanted, "frequency", () => rule.Frequency?.ToString(System.Globalization.CultureInfo.InvariantCulture))
            ?? CompareIfThere(wanted, "previous_output", () => string.Join('\n', alert.PreviousLines.Select(Encoding.UTF8.GetString)));
    }

    private static string? CompareDecoder(JsonElement wanted, Alert alert)
    {
        if (!wanted.TryGetProperty("decoder", out var decoder))
            return null;

        return Differs("decoder", Text(decoder, "name"), alert.Decoder) ?? Differs("parent", Text(decoder, "parent"), alert.DecoderParent);
    }

    private static string? ComparePredecoder(JsonElement wanted, Alert alert)
    {
        if (!wanted.TryGetProperty("predecoder", out var predecoder))
            return null;

        return Differs("timestamp", Text(predecoder, "timestamp"), alert.Timestamp)
            ?? Differs("program_name", Text(predecoder, "program_name"), alert.ProgramName)
            ?? Differs("predecoder.hostname", Text(predecoder, "hostname"), alert.Hostname);
    }

    private static string? CompareData(JsonElement wanted, Alert alert)
    {
        var actual = new JsonObject();
        foreach (var field in alert.Fields)
            Put(actual, field);

        var data = wanted.TryGetProperty("data", out var given) ? JsonNode.Parse(given.GetRawText()) : new JsonObject();
        return JsonNode.DeepEquals(Sorted(data), Sorted(actual))
            ? null
            : $"data is {Sorted(actual)?.ToJsonString()}, not {Sorted(data)?.ToJsonString()}";
    }

    private static void Put(JsonObject target, AlertField field)
    {
        var value = Encoding.UTF8.GetString(field.Value);
        var node = field.IsJsonArray ? JsonNode.Parse(value) : JsonValue.Create(value);
        var path = field.IsDynamic ? field.Name.Split('.') : [field.Name];
        foreach (var step in path[..^1])
        {
            if (target[step] is not JsonObject next)
            {
                next = [];
                target[step] = next;
            }

            target = next;
        }

        target.TryAdd(path[^1], node);
    }

    private static JsonNode? Sorted(JsonNode? node) =>
        node is JsonObject members
            ? new JsonObject(
                members.OrderBy(m => m.Key, StringComparer.Ordinal).Select(m => KeyValuePair.Create(m.Key, Sorted(m.Value?.DeepClone())))
            )
            : node?.DeepClone();

    private static string? CompareIfThere(JsonElement wanted, string name, Func<string?> actual, string? maskedBy = null)
    {
        if (!wanted.TryGetProperty(name, out var value))
            return null;

        var text = value.ValueKind == JsonValueKind.String ? value.GetString() : value.GetRawText();
        return text == "vm" && maskedBy is not null ? Differs(name, maskedBy, actual()) : Differs(name, text, actual());
    }

    private static string? Text(JsonElement element, string name)
    {
        if (!element.TryGetProperty(name, out var value) || value.ValueKind == JsonValueKind.Null)
            return null;

        return value.ValueKind == JsonValueKind.String ? value.GetString() : value.GetRawText();
    }

    private static string? Differs(string what, string? wanted, string? actual) =>
        wanted == actual ? null : $"{what} is '{actual}', not '{wanted}'";
}
