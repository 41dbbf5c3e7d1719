using System.Buffers;
using System.Globalization;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using Redoubt.Model;

namespace Redoubt.Record;

/// <summary>Writes alerts as Wazuh's alerts.json has them: the same keys in the same order.</summary>
/// <remarks>Invalid UTF-8 becomes U+FFFD; control characters are escaped, so a record is always one line.
/// Source: active-response.md 6.3. Immutable; threads: safe.</remarks>
public sealed class AlertJson(string managerName, int mailLevel, TimeZoneInfo zone)
{
    internal static readonly JsonWriterOptions Options = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>One record without its newline.</summary>
    /// <param name="alert">The alert, with its id; without a rule it is an archive record.</param>
    /// <param name="withFullLog">Archive records keep the line even where the rule says no_full_log.</param>
    public byte[] Format(Alert alert, bool withFullLog = false)
    {
        var buffer = new ArrayBufferWriter<byte>(1024);
        using (var json = new Utf8JsonWriter(buffer, Options))
            Write(json, alert, withFullLog);

        return buffer.WrittenSpan.ToArray();
    }

    /// <summary>Whether the alert asks for a mail.</summary>
    public bool IsMailed(RuleSummary rule) => rule.MailOverride ?? rule.Level >= mailLevel;

    /// <summary>Writes the decoded fields as the members of one object: static ones flat, dynamic ones nested at their dots.</summary>
    public static void WriteFields(Utf8JsonWriter json, IEnumerable<AlertField> fields)
    {
        json.WriteStartObject();
        var root = new FieldTree();
        foreach (var field in fields)
            root.Add(field);

        root.Write(json);
        json.WriteEndObject();
    }

    /// <summary>Local time with milliseconds, as alerts carry it.</summary>
    public static string Timestamp(long unixMilliseconds, TimeZoneInfo zone)
    {
        var local = RecordTime.Local(unixMilliseconds, zone);
        var offset = local.Offset;
        return local.ToString("yyyy-MM-dd'T'HH:mm:ss.fff", CultureInfo.InvariantCulture)
            + (offset < TimeSpan.Zero ? '-' : '+')
            + offset.ToString("hhmm", CultureInfo.InvariantCulture);
    }

    private void Write(Utf8JsonWriter json, Alert alert, bool withFullLog)
    {
        json.WriteStartObject();
        json.WriteString("timestamp", Timestamp(alert.ArrivalUnixMilliseconds, zone));
        if (alert.Rule is { } rule)
        {
            json.WritePropertyName("rule");
            WriteRule(json, rule, alert.Description, alert.FiredTimes, IsMailed(rule));
        }

        WriteHosts(json, alert);
        json.WriteString("id", alert.Id);
        if (alert.PreviousLines.Count >= 2)
            json.WriteString("previous_output", string.Join('\n', alert.PreviousLines.Select(Encoding.UTF8.GetString)));

        if (withFullLog || alert.Rule?.NoFullLog != true)
            WriteText(json, "full_log", alert.FullLog);

        if (!string.IsNullOrEmpty(alert.ProgramName) || !string.IsNullOrEmpty(alert.Timestamp) || !string.IsNullOrEmpty(alert.Hostname))
        {
            json.WritePropertyName("predecoder");
            WritePredecoder(json, alert.ProgramName, alert.Timestamp, alert.Hostname);
        }

        WriteDecoder(json, alert);
        if (alert.PreviousLog is { } previous)
            WriteText(json, "previous_log", previous);

        if (alert.Fields.Any(f => f.Value.Length > 0))
        {
            json.WritePropertyName("data");
            WriteFields(json, alert.Fields);
        }

        json.WriteString("location", alert.Location);
        WriteOurs(json, alert);
        json.WriteEndObject();
    }

    /// <summary>Writes the members of <c>rule</c> as one object.</summary>
    public static void WriteRule(Utf8JsonWriter json, RuleSummary rule, string description, int firedTimes, bool? mail)
    {
        json.WriteStartObject();
        if (rule.Level > 0)
            json.WriteNumber("level", rule.Level);

        json.WriteString("description", description);
        json.WriteString("id", rule.Id.ToString(CultureInfo.InvariantCulture));
        WriteMitre(json, rule);
        if (rule.Cve is not null)
            json.WriteString("cve", rule.Cve);

        if (rule.Info is not null)
            json.WriteString("info", rule.Info);

        if (rule.Frequency is { } frequency)
            json.WriteNumber("frequency", frequency);

        if (!rule.NoCounter)
            json.WriteNumber("firedtimes", firedTimes);

        if (mail is { } mailed)
            json.WriteBoolean("mail", mailed);

        WriteList(json, "groups", rule.Groups);
        foreach (var (name, values) in rule.Compliance)
            WriteList(json, name, values);

        json.WriteEndObject();
    }

    private void WriteHosts(Utf8JsonWriter json, Alert alert)
    {
        json.WriteStartObject("agent");
        json.WriteString("id", alert.Agent.Id);
        json.WriteString("name", alert.Agent.IsManagerHost ? managerName : alert.Agent.Name);
        if (alert.Agent is { IsManagerHost: false, Address: { } address })
            json.WriteString("ip", address);

        json.WriteEndObject();
        json.WriteStartObject("manager");
        json.WriteString("name", managerName);
        json.WriteEndObject();
    }

    /// <summary>Writes the predecoder's results as one object.</summary>
    public static void WritePredecoder(Utf8JsonWriter json, string? programName, string? timestamp, string? hostname)
    {
        json.WriteStartObject();
        if (!string.IsNullOrEmpty(programName))
            json.WriteString("program_name", programName);

        if (!string.IsNullOrEmpty(timestamp))
            json.WriteString("timestamp", timestamp);

        if (!string.IsNullOrEmpty(hostname))
            json.WriteString("hostname", hostname);

        json.WriteEndObject();
    }

    private static void WriteDecoder(Utf8JsonWriter json, Alert alert)
    {
        json.WriteStartObject("decoder");
        if (alert.Accumulates)
            json.WriteString("accumulate", "1");

        if (alert.DecoderParent is { } parent)
            json.WriteString("parent", parent);

        if (alert.Decoder is { } name)
            json.WriteString("name", name);

        if (alert.FtsComment is { } comment)
            json.WriteString("ftscomment", comment);

        json.WriteEndObject();
    }

    // What Wazuh has no place for.
    private static void WriteOurs(Utf8JsonWriter json, Alert alert)
    {
        if (alert.Suspicion is not { } suspicion)
            return;

        json.WriteStartObject("redoubt");
        json.WriteString("suspicion", suspicion);
        json.WriteEndObject();
    }

    private static void WriteMitre(Utf8JsonWriter json, RuleSummary rule)
    {
        if (rule.MitreIds.Count == 0)
            return;

        json.WriteStartObject("mitre");
        WriteList(json, "id", rule.MitreIds);
        if (rule.MitreTactics.Count > 0)
            WriteList(json, "tactic", rule.MitreTactics);

        if (rule.MitreTechniques.Count > 0)
            WriteList(json, "technique", rule.MitreTechniques);

        json.WriteEndObject();
    }

    private static void WriteList(Utf8JsonWriter json, string name, IReadOnlyList<string> values)
    {
        json.WriteStartArray(name);
        foreach (var value in values)
            json.WriteStringValue(value);

        json.WriteEndArray();
    }

    private static void WriteText(Utf8JsonWriter json, string name, byte[] text) => json.WriteString(name, Encoding.UTF8.GetString(text));
}
