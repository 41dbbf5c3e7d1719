using System.Text;
using System.Text.Json;
using System.Text.RegularExpressions;
using Redoubt.Engine;
using Redoubt.Model;

namespace Redoubt.Tests.Conformance;

public class EngineProbeTests
{
    private const string OwnHostname = "own-host";
    private static readonly AgentIdentity Manager = new("000", "own-host", null);

    [Fact]
    public void Every_probe_gives_what_the_original_engine_gave()
    {
        var problems = new List<string>();
        var total = 0;
        foreach (var row in ConformanceData.Rows(ConformanceData.Path("engine_probes.jsonl")))
        {
            total++;
            if (Check(row) is { } problem)
                problems.Add($"{row.GetProperty("id")}: {problem}");
        }

        TestContext.Current.TestOutputHelper?.WriteLine($"{total - problems.Count} of {total} probes agree");
        Assert.True(problems.Count == 0, $"{total - problems.Count} of {total} agree\n" + string.Join('\n', problems.Take(40)));
    }

    private static string? Check(JsonElement row)
    {
        var diagnostics = new DiagnosticBag();
        var ruleset = Ruleset.Load(
            new RulesetSource
            {
                Decoders = [File("d.xml", row.GetProperty("decoders").GetString()!)],
                Rules = [File("r.xml", row.GetProperty("rules").GetString()!)],
                Lists = [.. row.GetProperty("lists").EnumerateObject().Select(l => File(l.Name, l.Value.GetString()!))],
                Compatibility = Compatibility.Strict,
            },
            diagnostics
        );

        var messages = row.GetProperty("messages").EnumerateArray().Select(m => m.GetString()!).ToList();
        if (CompareMessages(messages, diagnostics) is { } difference)
            return difference;

        if (ruleset is null)
            return messages.Exists(m => m.StartsWith("[3]", StringComparison.Ordinal))
                ? null
                : "does not load: " + diagnostics.All.First(d => d.Severity == Severity.Error);

        var engine = new AnalysisEngine(ruleset, new EngineOptions { HostName = OwnHostname, TesterMode = true });
        var time = 1_700_000_000_000;
        foreach (var (log, observed) in row.GetProperty("logs").EnumerateArray().Zip(row.GetProperty("observed").EnumerateArray()))
        {
            var result = engine.Analyse(
                new LogLine
                {
                    Text = Encoding.UTF8.GetBytes(log.GetString()!),
                    ArrivalUnixMilliseconds = time += 10,
                    Agent = Manager,
                    Location = "stdin",
                    Kind = LineKind.Log,
                }
            );

            if (ObservedEvent.Compare(observed, result, OwnHostname) is { } problem)
                return $"line {(time - 1_700_000_000_000) / 10} '{log.GetString()}': {problem}";
        }

        return null;
    }

    private static string? CompareMessages(List<string> messages, DiagnosticBag diagnostics)
    {
        var wanted = messages
            .Where(m => m.StartsWith("[2]", StringComparison.Ordinal))
            .Select(m => Regex.Match(m, @"\((\d+)\)").Groups[1].Value)
            .Order();
        var actual = diagnostics.All.Where(d => d.Severity == Severity.Warning).Select(d => d.WazuhCode ?? d.Code).Order();
        var (wantedText, actualText) = (string.Join(' ', wanted), string.Join(' ', actual));
        return wantedText == actualText ? null : $"warnings are '{actualText}', not '{wantedText}'";
    }

    private static RulesetFile File(string name, string text) => new(name, Encoding.UTF8.GetBytes(text));
}
