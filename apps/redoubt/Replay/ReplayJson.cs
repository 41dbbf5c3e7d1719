using System.Buffers;
using System.Globalization;
using System.Text.Encodings.Web;
using System.Text.Json;
using Redoubt.Model;
using Redoubt.Record;

namespace Redoubt.App.Replay;

/// <summary>The objects that <c>redoubt replay --json</c> prints, one a line.</summary>
/// <remarks>Threads: not safe. Source of the shapes: docs/reference/rule-tools.md.</remarks>
internal sealed class ReplayJson(Stream output, AlertJson alerts, TimeZoneInfo zone)
{
    private static readonly JsonWriterOptions Options = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };
    private readonly ArrayBufferWriter<byte> _buffer = new(1024);

    /// <summary>Prints an alert; gives its record as it stands in alerts.json.</summary>
    internal byte[] Alert(Alert alert)
    {
        var record = alerts.Format(alert);
        output.Write("{\"type\":\"alert\","u8);
        output.Write(record.AsSpan(1));
        output.WriteByte((byte)'\n');
        return record;
    }

    /// <summary>Prints a decision.</summary>
    /// <param name="decision">As it would be carried out.</param>
    /// <param name="step">Of the ladder of repeated offenders; 0 is the response's own time.</param>
    internal void Decision(Decision decision, int step) =>
        Print(json =>
        {
            json.WriteString("type", "decision");
            json.WriteString("time", AlertJson.Timestamp(decision.Alert.ArrivalUnixMilliseconds, zone));
            json.WriteNumber("rule", decision.Alert.Rule!.Id);
            json.WriteString("alert_id", decision.Alert.Id);
            json.WriteString("response", decision.Response);
            json.WriteString("target", decision.Target?.ToString());
            json.WriteStartArray("hosts");
            foreach (var host in HostsOf(decision))
                json.WriteStringValue(host);

            json.WriteEndArray();
            json.WriteNumber("seconds", decision.Seconds);
            json.WriteNumber("step", step);
            json.WriteString("state", decision.State.ToString().ToLowerInvariant());
            json.WriteString("reason", decision.Reason);
        });

    /// <summary>Prints the last object.</summary>
    /// <param name="summary">What was found.</param>
    /// <param name="withBudget">Whether the new blocks by minute are asked for.</param>
    internal void Summary(ReplaySummary summary, bool withBudget) =>
        Print(json =>
        {
            json.WriteString("type", "summary");
            json.WriteNumber("lines", summary.Lines);
            json.WriteNumber("decoded", summary.Decoded);
            json.WriteNumber("matched", summary.Matched);
            json.WriteNumber("alerts", summary.Alerts);
            json.WriteNumber("decisions", summary.Responses.Decisions);
            json.WriteNumber("seconds", summary.Seconds);
            json.WriteNumber("truncated", summary.Truncated);
            if (withBudget)
                WriteBudget(json, summary.Responses);
        });

    /// <summary>Hosts of a decision, as far as they are known without a fleet.</summary>
    internal static IEnumerable<string> HostsOf(Decision decision)
    {
        var hosts = new List<string>();
        if (decision.Hosts.HasFlag(ResponseHosts.Server))
            hosts.Add(AgentIdentity.ManagerHostId);

        if (decision.Hosts.HasFlag(ResponseHosts.Local))
            hosts.Add(decision.Alert.Agent.Id);

        if (decision.Hosts.HasFlag(ResponseHosts.DefinedAgent))
            hosts.AddRange(decision.AgentIds);

        if (decision.Hosts.HasFlag(ResponseHosts.All))
            hosts.Add("all");

        if (decision.Hosts.HasFlag(ResponseHosts.Group))
            hosts.AddRange(decision.GroupNames.Select(g => "group:" + g));

        return hosts.Distinct(StringComparer.Ordinal);
    }

    private void WriteBudget(Utf8JsonWriter json, ResponseTally responses)
    {
        json.WriteStartObject("budget");
        json.WriteNumber("targets", responses.Targets);
        json.WriteNumber("new_blocks", responses.NewBlocks);
        json.WriteNumber("most_at_once", responses.MostAtOnce);
        json.WriteNumber("minutes", responses.BusyMinutes);
        json.WriteNumber("peak", responses.Peak?.Blocks ?? 0);
        json.WriteNumber("held_back", responses.HeldBack.Values.Sum());
        json.WriteString("peak_minute", responses.Peak is { } peak ? AlertJson.Timestamp(peak.Minute * 60_000, zone) : null);
        json.WriteEndObject();
    }

    private void Print(Action<Utf8JsonWriter> members)
    {
        _buffer.ResetWrittenCount();
        using (var json = new Utf8JsonWriter(_buffer, Options))
        {
            json.WriteStartObject();
            members(json);
            json.WriteEndObject();
        }

        output.Write(_buffer.WrittenSpan);
        output.WriteByte((byte)'\n');
    }
}
