using System.Buffers;
using System.Globalization;
using System.Text;
using System.Text.Json;

namespace Redoubt.Respond.Scripts;

/// <summary><c>wazuh-slack</c>: posts the alert to the web hook that stands in <c>extra_args</c>.</summary>
/// <remarks>Sent by curl, which gets address and text on its standard input: neither is to be seen in the list of processes, and no shell reads
/// the attacker's text. Source: active-response.md section 4, defects 1 and 40.</remarks>
internal sealed class SlackNotice : IStockResponse
{
    /// <inheritdoc/>
    public IReadOnlyList<string> Names { get; } = ["wazuh-slack", "ossec-slack.sh"];

    /// <inheritdoc/>
    public bool IsUndone => false;

    /// <inheritdoc/>
    public string Subject(Order order, out string? problem)
    {
        problem = HookOf(order) is null ? "extra_args hold no http or https address to post to" : null;
        return "slack";
    }

    /// <inheritdoc/>
    public StockResult Add(Order order, string subject, CancellationToken stopping)
    {
        var orders = $"""
            url = {Quoted(HookOf(order)!)}
            header = "Content-Type: application/json"
            data-raw = {Quoted(Message(order.Request.AlertDocument))}

            """;
        string[] arguments =
        [
            "--disable",
            "--silent",
            "--show-error",
            "--fail",
            "--max-time",
            "20",
            "--output",
            "/dev/null",
            "--config",
            "-",
        ];
        var result = SystemTool.Run("curl", arguments, Encoding.UTF8.GetBytes(orders), stopping, out var problem);
        return result is { Succeeded: true }
            ? new StockResult(EnforceOutcome.Enforced, "posted")
            : StockResult.Failed(problem ?? result!.Summary);
    }

    /// <inheritdoc/>
    public StockResult Delete(Order order, string subject, CancellationToken stopping) =>
        new(EnforceOutcome.Released, "there is nothing to undo");

    /// <summary>The message: colour by level, title, log text, agent, location and rule.</summary>
    internal static string Message(string? document)
    {
        using var parsed = JsonDocument.Parse(document ?? "{}", new JsonDocumentOptions { MaxDepth = 64 });
        var alert = parsed.RootElement;
        var rule = Member(alert, "rule");
        var level =
            rule is { } r && Member(r, "level") is { ValueKind: JsonValueKind.Number } number && number.TryGetInt32(out var value)
                ? value
                : 0;
        var agent = Member(alert, "agent");
        var buffer = new ArrayBufferWriter<byte>();
        using (var writer = new Utf8JsonWriter(buffer, AlertText.WriterOptions))
        {
            writer.WriteStartObject();
            writer.WriteStartArray("attachments");
            writer.WriteStartObject();
            writer.WriteString(
                "color",
                level <= 4 ? "good"
                    : level <= 7 ? "warning"
                    : "danger"
            );
            writer.WriteString("pretext", "Alert of Redoubt");
            writer.WriteString("title", rule is null ? "" : Text(rule.Value, "description"));
            writer.WriteString("text", Text(alert, "full_log"));
            writer.WriteStartArray("fields");
            WriteField(writer, "Agent", agent is null ? "" : $"({Text(agent.Value, "id")}) {Text(agent.Value, "name")}");
            WriteField(writer, "Location", Text(alert, "location"));
            WriteField(
                writer,
                "Rule ID",
                rule is null ? "" : $"{Text(rule.Value, "id")} (level {level.ToString(CultureInfo.InvariantCulture)})"
            );
            writer.WriteEndArray();
            writer.WriteString("ts", Text(alert, "id"));
            writer.WriteEndObject();
            writer.WriteEndArray();
            writer.WriteEndObject();
        }

        return Encoding.UTF8.GetString(buffer.WrittenSpan);
    }

    // What a quoted word of curl's configuration needs; JSON has no line ends of its own.
    private static string Quoted(string text) =>
        '"' + text.Replace("\\", "\\\\", StringComparison.Ordinal).Replace("\"", "\\\"", StringComparison.Ordinal) + '"';

    private static string? HookOf(Order order) =>
        order.Request.ExtraArguments.FirstOrDefault(a =>
            Uri.TryCreate(a, UriKind.Absolute, out var uri) && uri.Scheme is ("http" or "https") && !a.Any(char.IsControl)
        );

    private static void WriteField(Utf8JsonWriter writer, string title, string value)
    {
        writer.WriteStartObject();
        writer.WriteString("title", title);
        writer.WriteString("value", value);
        writer.WriteEndObject();
    }

    private static JsonElement? Member(JsonElement element, string name) =>
        element.ValueKind == JsonValueKind.Object && element.TryGetProperty(name, out var member) ? member : null;

    private static string Text(JsonElement element, string name) => AlertFacts.TextOf(Member(element, name));
}
