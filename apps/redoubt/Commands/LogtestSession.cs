using System.Buffers;
using System.Globalization;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using Redoubt.App.Replay;
using Redoubt.Engine;
using Redoubt.Engine.Explain;
using Redoubt.Model;
using Redoubt.Record;

namespace Redoubt.App.Commands;

/// <summary>One run of the log tester: lines share windows, counters and memories.</summary>
/// <remarks>Source of the text form: rule-engine.md 7.1; of the JSON form: docs/reference/logtest.md.</remarks>
internal sealed class LogtestSession
{
    private const int MaxLineBytes = 65_535;
    private static readonly AgentIdentity Tester = AgentIdentity.ManagerHost(Environment.MachineName);
    private static readonly JsonWriterOptions JsonOptions = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    private readonly AnalysisEngine _engine;
    private readonly LinePreparer _preparer;
    private readonly PreparedLine _scratch;
    private readonly Explanation _explanation = new();
    private readonly LoggedClock? _clock;
    private readonly string _location;
    private readonly LineKind _kind;
    private readonly TextWriter _output;
    private readonly bool _isVerbose;

    /// <summary>Begins a run.</summary>
    /// <param name="ruleset">The rules.</param>
    /// <param name="options">The engine's.</param>
    /// <param name="clock">Arrival as lines tell it; null: our clock.</param>
    /// <param name="location">Location of the lines.</param>
    /// <param name="kind">Their kind.</param>
    /// <param name="output">Where results go.</param>
    /// <param name="isVerbose">Whether the rules that were tried are shown.</param>
    internal LogtestSession(
        Ruleset ruleset,
        EngineOptions options,
        LoggedClock? clock,
        string location,
        LineKind kind,
        TextWriter output,
        bool isVerbose
    )
    {
        _engine = new AnalysisEngine(ruleset, options);
        _preparer = new LinePreparer(ruleset, options);
        _scratch = new PreparedLine(ruleset, options);
        _clock = clock;
        _location = location;
        _kind = kind;
        _output = output;
        _isVerbose = isVerbose;
    }

    /// <summary>Prints one object a line.</summary>
    internal void RunJson(Stream input, bool resetOnBlank)
    {
        var lines = new InputLines(input, MaxLineBytes);
        for (var number = 1; lines.Next(); number++)
        {
            if (lines.Line.IsEmpty && resetOnBlank)
            {
                _engine.Reset();
                continue;
            }

            var result = Analyse(lines.Line.Span);
            _output.WriteLine(ToJson(number, result, lines.IsTruncated));
        }
    }

    /// <summary>Prints the three phases.</summary>
    internal void RunText(Stream input, bool resetOnBlank)
    {
        _output.WriteLine($"Starting redoubt logtest {Host.ProgramVersion.Text}");
        _output.WriteLine("Type one log per line");
        _output.WriteLine();
        var lines = new InputLines(input, MaxLineBytes);
        while (lines.Next())
        {
            if (lines.Line.IsEmpty)
            {
                if (resetOnBlank)
                    _engine.Reset();

                continue;
            }

            WriteText(Analyse(lines.Line.Span), lines.Line.Span);
        }
    }

    private AnalysisResult Analyse(ReadOnlySpan<byte> text)
    {
        var line = Line(
            text,
            _clock?.Read(_preparer.ReadTimestamp(text, _scratch)) ?? TimeProvider.System.GetUtcNow().ToUnixTimeMilliseconds()
        );
        return _isVerbose ? _engine.Explain(in line, _explanation) : _engine.Analyse(in line);
    }

    private LogLine Line(ReadOnlySpan<byte> text, long arrival) =>
        new()
        {
            Text = text,
            ArrivalUnixMilliseconds = arrival,
            Agent = Tester,
            Location = _location,
            Kind = _kind,
        };

    private string ToJson(int number, AnalysisResult result, bool truncated)
    {
        var alert = result.ToAlert();
        var buffer = new ArrayBufferWriter<byte>();
        using (var json = new Utf8JsonWriter(buffer, JsonOptions))
        {
            json.WriteStartObject();
            json.WriteNumber("line", number);
            json.WritePropertyName("predecoder");
            AlertJson.WritePredecoder(json, alert.ProgramName, alert.Timestamp, alert.Hostname);
            json.WriteStartObject("decoder");
            if (alert.Decoder is not null)
                json.WriteString("name", alert.Decoder);

            if (alert.DecoderParent is not null)
                json.WriteString("parent", alert.DecoderParent);

            json.WriteEndObject();
            json.WritePropertyName("fields");
            AlertJson.WriteFields(json, alert.Fields);
            json.WritePropertyName("rule");
            WriteRule(json, alert);
            json.WriteBoolean("alert", result.IsAlert);
            if (truncated)
                json.WriteBoolean("truncated", true);

            if (_isVerbose)
                WriteList(json, "rules_debug", [.. DebugLines()]);

            json.WriteEndObject();
        }

        return Encoding.UTF8.GetString(buffer.WrittenSpan);
    }

    private static void WriteRule(Utf8JsonWriter json, Alert alert)
    {
        if (alert.Rule is not { } rule)
        {
            json.WriteNullValue();
            return;
        }

        json.WriteStartObject();
        json.WriteString("id", rule.Id.ToString(CultureInfo.InvariantCulture));
        json.WriteNumber("level", rule.Level);
        json.WriteString("description", alert.Description);
        WriteList(json, "groups", rule.Groups);
        json.WriteNumber("firedtimes", alert.FiredTimes);
        if (rule.Frequency is { } frequency)
            json.WriteNumber("frequency", frequency);
        else
            json.WriteNull("frequency");

        json.WriteStartObject("mitre");
        if (rule.MitreIds.Count > 0)
        {
            WriteList(json, "id", rule.MitreIds);
            WriteList(json, "tactic", rule.MitreTactics);
            WriteList(json, "technique", rule.MitreTechniques);
        }

        json.WriteEndObject();
        foreach (var (name, values) in rule.Compliance)
            WriteList(json, name, values);

        json.WriteEndObject();
    }

    private static void WriteList(Utf8JsonWriter json, string name, IReadOnlyList<string> values)
    {
        json.WriteStartArray(name);
        foreach (var value in values)
            json.WriteStringValue(value);

        json.WriteEndArray();
    }

    private void WriteText(AnalysisResult result, ReadOnlySpan<byte> text)
    {
        var alert = result.ToAlert();
        _output.WriteLine();
        _output.WriteLine("**Phase 1: Completed pre-decoding.");
        if (alert.Rule?.NoFullLog != true)
            Member("full event", Encoding.UTF8.GetString(text));

        Member("timestamp", alert.Timestamp);
        Member("hostname", alert.Hostname);
        Member("program_name", alert.ProgramName);
        _output.WriteLine();
        _output.WriteLine("**Phase 2: Completed decoding.");
        if (alert.Decoder is null)
        {
            _output.WriteLine("\tNo decoder matched.");
        }
        else
        {
            Member("name", alert.Decoder);
            Member("parent", alert.DecoderParent);
            Member("ftscomment", alert.FtsComment);
            foreach (var field in alert.Fields.Where(f => f.Value.Length > 0).OrderBy(f => f.Name, StringComparer.Ordinal))
                Member(field.Name, Encoding.UTF8.GetString(field.Value));
        }

        if (_isVerbose)
        {
            _output.WriteLine();
            _output.WriteLine("**Rule debugging:");
            foreach (var line in DebugLines())
                _output.WriteLine("\t" + Terminal.Plain(line, keepsTabs: true));
        }

        if (alert.Rule is { } rule)
            WriteRuleText(alert, rule);

        if (result.IsAlert)
            _output.WriteLine("**Alert to be generated.");

        _output.WriteLine();
    }

    private IEnumerable<string> DebugLines()
    {
        foreach (var step in _explanation.Rules)
        {
            yield return string.Create(CultureInfo.InvariantCulture, $"Trying rule: {step.Rule.Id} - {step.Rule.Description}");
            if (!step.Matched)
                continue;

            yield return string.Create(CultureInfo.InvariantCulture, $"\t*Rule {step.Rule.Id} matched");
            if (step.HasChildren)
                yield return "\t*Trying child rules";
        }
    }

    private void WriteRuleText(Alert alert, RuleSummary rule)
    {
        _output.WriteLine();
        _output.WriteLine("**Phase 3: Completed filtering (rules).");
        Member("id", rule.Id.ToString(CultureInfo.InvariantCulture));
        Member("level", rule.Level.ToString(CultureInfo.InvariantCulture));
        Member("description", alert.Description);
        Member("groups", ListText(rule.Groups));
        if (!rule.NoCounter)
            Member("firedtimes", alert.FiredTimes.ToString(CultureInfo.InvariantCulture));

        var others = new SortedDictionary<string, string>(StringComparer.Ordinal)
        {
            ["mail"] = (rule.MailOverride ?? rule.Level >= 7) ? "True" : "False",
        };
        if (rule.Frequency is { } frequency)
            others["frequency"] = frequency.ToString(CultureInfo.InvariantCulture);

        if (rule.MitreIds.Count > 0)
        {
            others["mitre.id"] = ListText(rule.MitreIds);
            others["mitre.tactic"] = ListText(rule.MitreTactics);
            others["mitre.technique"] = ListText(rule.MitreTechniques);
        }

        foreach (var (name, values) in rule.Compliance)
            others[name] = ListText(values);

        foreach (var (name, value) in others)
            Member(name, value);
    }

    private static string ListText(IEnumerable<string> values) => "[" + string.Join(", ", values.Select(v => $"'{v}'")) + "]";

    private void Member(string name, string? value)
    {
        if (!string.IsNullOrEmpty(value))
            _output.WriteLine($"\t{name}: '{Terminal.Plain(value)}'");
    }
}
