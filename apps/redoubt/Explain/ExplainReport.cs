using System.Buffers;
using System.Globalization;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using Redoubt.App.Commands;
using Redoubt.App.Replay;
using Redoubt.App.Rules;
using Redoubt.Engine.Explain;
using Redoubt.Model;
using Redoubt.Record;

namespace Redoubt.App.Explain;

/// <summary>Prints explanations: for people, or one JSON object a line.</summary>
internal sealed class ExplainReport(TextWriter output, LoadedRules rules, bool showsAll)
{
    private const int NameWidth = 13;
    private const int ShownDecoders = 5;
    private const int ShownRules = 8;
    private static readonly JsonWriterOptions JsonOptions = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    internal void Write(ExplainedLine line)
    {
        var alert = line.Alert;
        output.WriteLine("Line");
        output.WriteLine("  " + Terminal.Plain(Encoding.UTF8.GetString(alert.FullLog)));
        Title("Header");
        Row("timestamp", alert.Timestamp);
        Row("hostname", alert.Hostname);
        Row("program_name", alert.ProgramName);
        if (alert is { Timestamp: null, Hostname: null, ProgramName: null })
            output.WriteLine("  none");

        WriteDecoders(line);
        WriteRules(line);
        WriteResponse(line);
        output.WriteLine();
    }

    internal void WriteJson(ExplainedLine line)
    {
        var alert = line.Alert;
        var buffer = new ArrayBufferWriter<byte>(4_096);
        using (var json = new Utf8JsonWriter(buffer, JsonOptions))
        {
            json.WriteStartObject();
            json.WriteString("line", Encoding.UTF8.GetString(alert.FullLog));
            json.WritePropertyName("predecoder");
            AlertJson.WritePredecoder(json, alert.ProgramName, alert.Timestamp, alert.Hostname);
            json.WriteString("decoder", alert.Decoder);
            json.WriteString("decoder_parent", alert.DecoderParent);
            json.WritePropertyName("fields");
            AlertJson.WriteFields(json, alert.Fields);
            Member(json, "decoders", line.Steps.Decoders);
            Member(json, "rules", line.Steps.Rules.Select(ViewOf));
            json.WritePropertyName("rule");
            if (alert.Rule is { } rule)
                AlertJson.WriteRule(json, rule, alert.Description, alert.FiredTimes, mail: null);
            else
                json.WriteNullValue();

            json.WriteBoolean("alert", line.IsAlert);
            json.WriteBoolean("muted", line.IsMuted);
            json.WriteString("allowlist", ResponseWords.AllowlistVerdict(alert, rules.Configuration.Decide));
            json.WriteString("never_block", ResponseWords.NeverBlockVerdict(alert));
            Member(json, "decisions", line.Decisions.Select(ViewOf));
            json.WriteEndObject();
        }

        output.WriteLine(Encoding.UTF8.GetString(buffer.WrittenSpan));
    }

    private void WriteDecoders(ExplainedLine line)
    {
        var steps = line.Steps.Decoders;
        Title("Decoder");
        if (line.Alert.Decoder is null)
            Row("decoder", "none fits");
        else
            Row("decoder", line.Alert.DecoderParent is { } parent ? $"{line.Alert.Decoder} (below {parent})" : line.Alert.Decoder);

        foreach (var step in steps.Where(s => s.Outcome is DecoderOutcome.Chosen or DecoderOutcome.GaveFields))
            Row(step.Outcome == DecoderOutcome.Chosen ? "chosen" : "gave fields", NameOf(step));

        var failed = steps
            .Where(s => s.Reason is not null)
            .OrderByDescending(s => s.IsNear || s.Outcome == DecoderOutcome.RegexFailed)
            .ToList();
        foreach (var step in failed.Take(showsAll ? failed.Count : ShownDecoders))
            Row("not", $"{NameOf(step)}: {step.Reason}");

        if (!showsAll && failed.Count > ShownDecoders)
            Row(string.Empty, Inv($"… and {failed.Count - ShownDecoders} more that do not fit (--all)"));

        if (steps.Count == 0)
            Row(
                "not",
                line.Alert.ProgramName is { } program
                    ? $"no decoder is for the program '{program}'"
                    : "there is no decoder for lines without a program"
            );

        foreach (var field in line.Alert.Fields.Where(f => f.Value.Length > 0))
            Row(
                "field",
                $"{field.Name} = '{Encoding.UTF8.GetString(field.Value)}'{(field is { Name: "srcip", ClientText: true } ? "  (a client may have typed it)" : string.Empty)}"
            );
    }

    private void WriteRules(ExplainedLine line)
    {
        Title("Rules");
        var chain = line.Chain;
        foreach (var step in chain)
            output.WriteLine(
                $"  {new string(' ', step.Depth * 2)}{RuleWords.Line(step.Rule)}{(step.IsFinal ? "  <- the line's rule" : string.Empty)}"
            );

        if (chain.Count == 0)
            output.WriteLine("  none matched");

        WriteOutcome(line);
        var misses = line.Steps.Rules.Where(s => !s.Matched && (showsAll || IsNear(s))).ToList();
        var shown = showsAll
            ? misses
            :
            [
                .. misses
                    .OrderByDescending(s => s.Window is not null)
                    .ThenByDescending(s => s.Held)
                    .ThenByDescending(s => s.Depth)
                    .Take(ShownRules),
            ];
        if (shown.Count == 0)
            return;

        Title(showsAll ? "Not matched, in the order of asking" : "Near misses");
        foreach (var step in shown)
        {
            output.WriteLine($"  {RuleWords.Line(step.Rule)}");
            Terminal.WriteRow(output, step.FailedOption ?? string.Empty, step.Reason ?? string.Empty, NameWidth - 2, indent: 4);
        }

        if (shown.Count < misses.Count)
            output.WriteLine(Inv($"  … and {misses.Count - shown.Count} more (--all)"));
    }

    private void WriteOutcome(ExplainedLine line)
    {
        var level = rules.Configuration.Global.LogAlertLevel;
        Row(
            "alert",
            line switch
            {
                { IsMuted: true } => "no: the rule is quiet now because of ignore",
                { Alert.Rule: null } => "no: no rule",
                { IsAlert: true } => "yes",
                { Alert.Rule.Level: 0 } => "no: level 0 is known and harmless",
                _ => Inv($"no: below log_alert_level {level}, or the rule says no_log"),
            }
        );
        foreach (var step in line.Steps.Rules.Where(s => s is { Window: not null, Matched: true }))
        {
            var window = step.Window!;
            Row(
                "window",
                Inv($"{step.Rule.Id} fires: {window.Counted} earlier events within {window.TimeframeSeconds} s ({window.Counts})")
            );
        }
    }

    private void WriteResponse(ExplainedLine line)
    {
        Title("Response");
        if (line.Alert.Rule is not { } rule)
        {
            output.WriteLine("  none: no rule");
            return;
        }

        if (line.Decisions.Count == 0)
            output.WriteLine(Inv($"  none is bound to rule {rule.Id}"));

        foreach (var decision in line.Decisions)
        {
            output.WriteLine(
                Terminal.Plain(
                    Inv(
                        $"  {decision.Response} {(decision.Target is { } target ? $"against {target} " : string.Empty)}on {string.Join(", ", ReplayJson.HostsOf(decision))}: {decision.State.ToString().ToLowerInvariant()}{(decision.Reason is { } reason ? $" ({reason})" : string.Empty)}"
                    )
                )
            );
            Row("time", decision.Seconds == 0 ? "until removed" : Terminal.Duration(decision.Seconds));
            if (ResponseWords.CommandOf(decision, rules) is { } command)
                Row("command", command);
        }

        Row("allowlist", ResponseWords.AllowlistVerdict(line.Alert, rules.Configuration.Decide));
        Row("never-block", ResponseWords.NeverBlockVerdict(line.Alert));
        foreach (var step in line.Steps.Rules.Where(s => s.Window is not null && !s.Matched))
        {
            foreach (var response in RuleWords.ResponsesOf(step.Rule, rules.Configuration.Decide))
                Row("would follow", Inv($"rule {step.Rule.Id}: {response}"));
        }
    }

    // A rule that asks for another decoder is no near miss.
    private static bool IsNear(RuleStep step) => step.Window is not null || (step.FailedOption is not "decoded_as" && step.Depth > 0);

    private object ViewOf(RuleStep step) =>
        new
        {
            id = step.Rule.Id,
            level = step.Rule.Level,
            depth = step.Depth,
            matched = step.Matched,
            final = step.IsFinal,
            held = step.Held,
            conditions = step.Conditions,
            failed = step.FailedOption,
            reason = step.Reason,
            window = step.Window,
        };

    private object ViewOf(Decision decision) =>
        new
        {
            response = decision.Response,
            target = decision.Target?.ToString(),
            hosts = ReplayJson.HostsOf(decision),
            seconds = decision.Seconds,
            state = decision.State,
            reason = decision.Reason,
            command = ResponseWords.CommandOf(decision, rules),
        };

    private static void Member<T>(Utf8JsonWriter json, string name, IEnumerable<T> items)
    {
        json.WritePropertyName(name);
        JsonSerializer.Serialize(json, items, Show.ApiJson.Options);
    }

    private static string NameOf(DecoderStep step) =>
        Inv($"{step.Name}{(step.Parent is { } parent ? $" (child of {parent})" : string.Empty)} {Path.GetFileName(step.File)}:{step.Line}");

    private void Title(string text)
    {
        output.WriteLine();
        output.WriteLine(text);
    }

    private void Row(string name, string? text)
    {
        if (text is not null)
            Terminal.WriteRow(output, name, text, NameWidth);
    }

    private static string Inv(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
