using System.Buffers;
using System.Globalization;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using Redoubt.Model;

namespace Redoubt.Record;

/// <summary>Writes alerts as Wazuh's alerts.json has them: the same keys in the same order.</summary>
/// <remarks>Invalid UTF-8 becomes U+FFFD; control characters are escaped, so a record is always one line.
/// What is the same from alert to alert (a rule, an agent, a second) is written once and copied. Source: active-response.md 6.3.
/// Threads: not safe; one belongs to whoever records.</remarks>
public sealed class AlertJson
{
    internal static readonly JsonWriterOptions Options = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    private const int MaxRules = 100_000;

    private readonly string _managerName;
    private readonly int _mailLevel;
    private readonly TimeText _time;
    private readonly RecordBuffer _record = new(4_096);
    private readonly ArrayBufferWriter<byte> _fields = new(1_024);
    private readonly Dictionary<RuleSummary, RuleJson> _rules = new(ReferenceEqualityComparer.Instance);
    private AgentIdentity? _agent;
    private byte[] _hosts = [];

    /// <summary>Makes a writer.</summary>
    /// <param name="managerName">The manager's host name.</param>
    /// <param name="mailLevel">Lowest level that is mailed.</param>
    /// <param name="zone">Zone of the timestamps.</param>
    public AlertJson(string managerName, int mailLevel, TimeZoneInfo zone)
    {
        _managerName = managerName;
        _mailLevel = mailLevel;
        _time = new TimeText(zone, "yyyy-MM-dd'T'HH:mm:ss");
    }

    /// <summary>One record without its newline.</summary>
    /// <param name="alert">The alert, with its id; without a rule it is an archive record.</param>
    /// <param name="withFullLog">Archive records keep the line even where the rule says no_full_log.</param>
    public byte[] Format(Alert alert, bool withFullLog = false)
    {
        _record.Clear();
        Write(_record, alert, withFullLog);
        return _record.ToArray();
    }

    /// <summary>Whether the alert asks for a mail.</summary>
    public bool IsMailed(RuleSummary rule) => rule.MailOverride ?? rule.Level >= _mailLevel;

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

    /// <summary>Adds one record without its newline.</summary>
    internal void Write(RecordBuffer json, Alert alert, bool withFullLog)
    {
        json.Add("{\"timestamp\":\""u8);
        WriteTime(json, alert.ArrivalUnixMilliseconds);
        json.Add("\""u8);
        if (alert.Rule is { } rule)
        {
            json.Add(",\"rule\":"u8);
            RuleOf(rule).Write(json, alert.Description, alert.FiredTimes);
        }

        json.Add(HostsOf(alert.Agent));
        WriteMember(json, ",\"id\":\""u8, alert.Id);
        WritePrevious(json, alert.PreviousLines);
        if (withFullLog || alert.Rule?.NoFullLog != true)
            json.Add(",\"full_log\":\""u8).AddJson(alert.FullLog).Add("\""u8);

        WritePredecoder(json, alert);
        WriteDecoder(json, alert);
        if (alert.PreviousLog is { } previous)
            json.Add(",\"previous_log\":\""u8).AddJson(previous).Add("\""u8);

        WriteData(json, alert.Fields);
        WriteMember(json, ",\"location\":\""u8, alert.Location);

        // What Wazuh has no place for.
        WriteOwn(json, alert.Suspicion, alert.Origin.Name());

        json.Add("}"u8);
    }

    private static void WriteOwn(RecordBuffer json, string? suspicion, string? origin)
    {
        if (suspicion is null && origin is null)
            return;

        json.Add(",\"redoubt\":{"u8);
        var isFirst = true;
        WriteOptional(json, "suspicion"u8, suspicion, ref isFirst);
        WriteOptional(json, "origin"u8, origin, ref isFirst);
        json.Add("}"u8);
    }

    private void WriteTime(RecordBuffer json, long unixMilliseconds)
    {
        var fraction = (int)(RecordTime.Clamp(unixMilliseconds) % 1000);
        json.Add(_time.Second(unixMilliseconds))
            .Add([(byte)'.', (byte)('0' + (fraction / 100)), (byte)('0' + (fraction / 10 % 10)), (byte)('0' + (fraction % 10))])
            .Add(_time.Offset(unixMilliseconds));
    }

    private RuleJson RuleOf(RuleSummary rule)
    {
        if (_rules.TryGetValue(rule, out var known))
            return known;

        // A reload brings new rules; the old ones are not wanted again.
        if (_rules.Count >= MaxRules)
            _rules.Clear();

        known = new RuleJson(rule, IsMailed(rule));
        _rules.Add(rule, known);
        return known;
    }

    private byte[] HostsOf(AgentIdentity agent)
    {
        if (ReferenceEquals(agent, _agent))
            return _hosts;

        var hosts = new RecordBuffer(256);
        WriteMember(hosts, ",\"agent\":{\"id\":\""u8, agent.Id);
        WriteMember(hosts, ",\"name\":\""u8, agent.IsManagerHost ? _managerName : agent.Name);
        if (agent is { IsManagerHost: false, Address: { } address })
            WriteMember(hosts, ",\"ip\":\""u8, address);

        WriteLabels(hosts, agent.Labels);
        WriteMember(hosts, "},\"manager\":{\"name\":\""u8, _managerName);
        hosts.Add("}"u8);
        (_agent, _hosts) = (agent, hosts.ToArray());
        return _hosts;
    }

    private static void WriteLabels(RecordBuffer json, IReadOnlyList<KeyValuePair<string, string>> labels)
    {
        if (labels.Count == 0)
            return;

        var text = new ArrayBufferWriter<byte>(256);
        using (var writer = new Utf8JsonWriter(text, Options))
        {
            WriteFields(
                writer,
                labels.Select(l => new AlertField(
                    l.Key,
                    Encoding.UTF8.GetBytes(l.Value),
                    IsDynamic: true,
                    IsJsonArray: false,
                    ClientText: false
                ))
            );
        }

        json.Add(",\"labels\":"u8).Add(text.WrittenSpan);
    }

    private static void WritePrevious(RecordBuffer json, IReadOnlyList<byte[]> lines)
    {
        if (lines.Count < 2)
            return;

        json.Add(",\"previous_output\":\""u8);
        for (var i = 0; i < lines.Count; i++)
        {
            if (i > 0)
                json.Add("\\n"u8);

            json.AddJson(lines[i]);
        }

        json.Add("\""u8);
    }

    private static void WritePredecoder(RecordBuffer json, Alert alert)
    {
        if (string.IsNullOrEmpty(alert.ProgramName) && string.IsNullOrEmpty(alert.Timestamp) && string.IsNullOrEmpty(alert.Hostname))
            return;

        json.Add(",\"predecoder\":{"u8);
        var isFirst = true;
        WriteOptional(json, "program_name"u8, alert.ProgramName, ref isFirst);
        WriteOptional(json, "timestamp"u8, alert.Timestamp, ref isFirst);
        WriteOptional(json, "hostname"u8, alert.Hostname, ref isFirst);
        json.Add("}"u8);
    }

    private static void WriteDecoder(RecordBuffer json, Alert alert)
    {
        json.Add(",\"decoder\":{"u8);
        var isFirst = true;
        WriteOptional(json, "accumulate"u8, alert.Accumulates ? "1" : null, ref isFirst);
        WriteGiven(json, "parent"u8, alert.DecoderParent, ref isFirst);
        WriteGiven(json, "name"u8, alert.Decoder, ref isFirst);
        WriteGiven(json, "ftscomment"u8, alert.FtsComment, ref isFirst);
        json.Add("}"u8);
    }

    private void WriteData(RecordBuffer json, IReadOnlyList<AlertField> fields)
    {
        if (!fields.Any(f => f.Value.Length > 0))
            return;

        json.Add(",\"data\":"u8);
        if (IsFlat(fields))
        {
            var separator = (byte)'{';
            foreach (var field in fields)
            {
                if (field.Value.Length == 0)
                    continue;

                json.Add([separator, (byte)'"']).AddJson(field.Name).Add("\":\""u8).AddJson(field.Value).Add("\""u8);
                separator = (byte)',';
            }

            json.Add("}"u8);
            return;
        }

        _fields.ResetWrittenCount();
        using (var nested = new Utf8JsonWriter(_fields, Options))
            WriteFields(nested, fields);

        json.Add(_fields.WrittenSpan);
    }

    // Whether the fields are plain members, as those of most lines are: static, each name once.
    private static bool IsFlat(IReadOnlyList<AlertField> fields)
    {
        for (var i = 0; i < fields.Count; i++)
        {
            if (fields[i].IsDynamic || fields[i].IsJsonArray)
                return false;

            for (var k = 0; k < i; k++)
            {
                if (string.Equals(fields[i].Name, fields[k].Name, StringComparison.Ordinal))
                    return false;
            }
        }

        return true;
    }

    private static void WriteOptional(RecordBuffer json, ReadOnlySpan<byte> name, string? value, ref bool isFirst) =>
        WriteGiven(json, name, string.IsNullOrEmpty(value) ? null : value, ref isFirst);

    private static void WriteGiven(RecordBuffer json, ReadOnlySpan<byte> name, string? value, ref bool isFirst)
    {
        if (value is null)
            return;

        json.Add(isFirst ? "\""u8 : ",\""u8).Add(name).Add("\":\""u8).AddJson(value).Add("\""u8);
        isFirst = false;
    }

    private static void WriteMember(RecordBuffer json, ReadOnlySpan<byte> start, string value) =>
        json.Add(start).AddJson(value).Add("\""u8);

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
}
