using System.Text;
using System.Text.Json;
using Redoubt.Model;

namespace Redoubt.Respond.Scripts;

/// <summary>A document that an executor hands to a response program, read and checked.</summary>
/// <remarks>Source: active-response.md 2.4, 2.5 and 2.7.</remarks>
internal sealed record ResponseInput
{
    private const int MaxDepth = 64;

    /// <summary><c>add</c>, <c>delete</c>, <c>continue</c>, <c>abort</c>.</summary>
    public required string Command { get; init; }

    /// <summary>Name of the sender.</summary>
    public string Origin { get; init; } = "";

    /// <summary>Arguments of the command.</summary>
    public IReadOnlyList<string> Arguments { get; init; } = [];

    /// <summary>The alert, one JSON object; null for none.</summary>
    public string? Alert { get; init; }

    /// <summary>Its id; null for none that is one.</summary>
    public string? AlertId { get; init; }

    /// <summary>Its rule; 0 for none.</summary>
    public int RuleId { get; init; }

    /// <summary>What it says.</summary>
    public AlertFacts Facts { get; init; } = new();

    /// <summary>Reads one line.</summary>
    /// <returns>Null for anything that is no such document.</returns>
    internal static ResponseInput? Read(ReadOnlySpan<byte> line)
    {
        // A byte that is no text must not save its sender from the response: it becomes U+FFFD.
        line = Encoding.UTF8.GetBytes(Encoding.UTF8.GetString(line));
        try
        {
            var reader = new Utf8JsonReader(line, new JsonReaderOptions { MaxDepth = MaxDepth });
            using var document = JsonDocument.ParseValue(ref reader);
            var root = document.RootElement;
            if (
                line[(int)reader.BytesConsumed..].Trim(" \t\r\n"u8).Length > 0
                || Member(root, "version") is not { ValueKind: JsonValueKind.Number }
                || Member(root, "origin") is not { ValueKind: JsonValueKind.Object } origin
                || Member(root, "command") is not { ValueKind: JsonValueKind.String } command
                || Member(root, "parameters") is not { ValueKind: JsonValueKind.Object } parameters
            )
                return null;

            return WithAlert(
                new ResponseInput
                {
                    Command = AlertFacts.TextOf(command),
                    Origin = AlertFacts.TextOf(Member(origin, "name")),
                    Arguments = ArgumentsOf(Member(parameters, "extra_args")),
                },
                Member(parameters, "alert")
            );
        }
        catch (JsonException)
        {
            return null;
        }
    }

    private static ResponseInput WithAlert(ResponseInput input, JsonElement? alert)
    {
        if (alert is not { ValueKind: JsonValueKind.Object } found)
            return input;

        var text = found.GetRawText();
        var id = AlertFacts.TextOf(Member(found, "id"));
        var rule = Member(found, "rule") is { } member ? AlertFacts.TextOf(Member(member, "id")) : "";
        return input with
        {
            // Over the limit the program still acts; only the record is shorter.
            Alert = Encoding.UTF8.GetByteCount(text) <= RequestReader.MaxAlertBytes ? text : null,
            AlertId = RequestReader.IsAlertId(id) ? id : null,
            RuleId = int.TryParse(rule, System.Globalization.NumberStyles.None, null, out var number) ? number : 0,
            Facts = AlertFacts.Read(text),
        };
    }

    private static string[] ArgumentsOf(JsonElement? list) =>
        list is { ValueKind: JsonValueKind.Array } array
            ? [.. array.EnumerateArray().Where(a => a.ValueKind == JsonValueKind.String).Select(a => AlertFacts.TextOf(a))]
            : [];

    private static JsonElement? Member(JsonElement element, string name) =>
        element.ValueKind == JsonValueKind.Object && element.TryGetProperty(name, out var member) ? member : null;
}
