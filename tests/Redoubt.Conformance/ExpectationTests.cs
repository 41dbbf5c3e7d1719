using System.Text;
using System.Text.Json;
using Redoubt.Engine;
using Redoubt.Model;

namespace Redoubt.Tests.Conformance;

public class ExpectationTests
{
    private static readonly AgentIdentity Manager = new("000", "own-host", null);

    [Theory]
    [InlineData(Compatibility.Best)]
    [InlineData(Compatibility.Strict)]
    public void Every_expectation_of_the_shipped_ruleset_holds(Compatibility compatibility)
    {
        var engine = MakeEngine(compatibility);
        var problems = new List<string>();
        var total = 0;
        foreach (var row in Expectations())
        {
            total++;
            if (CheckVerdict(engine, row) is { } problem)
                problems.Add($"{row.GetProperty("id")}: {problem}");
        }

        TestContext.Current.TestOutputHelper?.WriteLine($"{total - problems.Count} of {total} expectations hold ({compatibility})");
        Assert.True(problems.Count == 0, $"{total - problems.Count} of {total} hold\n" + string.Join('\n', problems.Take(60)));
    }

    [Fact]
    public void Every_line_is_decoded_and_described_as_the_original_does()
    {
        var engine = MakeEngine(Compatibility.Strict);
        var problems = new List<string>();
        var total = 0;
        foreach (var row in Expectations())
        {
            total++;
            if (CheckObserved(engine, row) is { } problem)
                problems.Add($"{row.GetProperty("id")}: {problem}");
        }

        TestContext.Current.TestOutputHelper?.WriteLine($"{total - problems.Count} of {total} agree in every observed part");
        Assert.True(problems.Count == 0, $"{total - problems.Count} of {total} agree\n" + string.Join('\n', problems.Take(60)));
    }

    [Fact]
    public void Every_prefix_of_every_line_is_answered()
    {
        var engine = MakeEngine(Compatibility.Best);
        var sent = 0;
        foreach (var row in Expectations())
        {
            engine.Reset();
            foreach (var log in row.GetProperty("logs").EnumerateArray())
            {
                var bytes = Encoding.UTF8.GetBytes(log.GetString()!);
                for (var length = 0; length < bytes.Length; length++)
                {
                    sent++;
                    Send(engine, bytes.AsSpan(0, length), 1_700_000_000_000).ToAlert();
                }
            }
        }

        TestContext.Current.TestOutputHelper?.WriteLine($"{sent} prefixes");
        Assert.Equal(sent, engine.Counters.Received);
    }

    [Theory]
    [InlineData((byte)0)]
    [InlineData((byte)0xFF)]
    [InlineData((byte)'a')]
    [InlineData((byte)'1')]
    [InlineData((byte)' ')]
    [InlineData((byte)'[')]
    public void Lines_with_a_megabyte_of_one_byte_behind_them_are_answered(byte filling)
    {
        var engine = MakeEngine(Compatibility.Best);
        var sent = 0;
        foreach (var row in Expectations().Where((_, number) => number % 40 == 0))
        {
            var line = new byte[1 << 20];
            Array.Fill(line, filling);
            Encoding.UTF8.GetBytes(row.GetProperty("logs")[0].GetString()!).CopyTo(line, 0);
            Assert.Equal(line.Length, Send(engine, line, 1_700_000_000_000).ToAlert().FullLog.Length);
            sent++;
        }

        Assert.Equal(sent, engine.Counters.Received);
    }

    private static string? CheckVerdict(AnalysisEngine engine, JsonElement row)
    {
        AnalysisResult? last = null;
        Run(engine, row, result => last = result);
        var (rule, level, decoder) = (
            last?.Rule?.Id.ToString(System.Globalization.CultureInfo.InvariantCulture) ?? string.Empty,
            last?.Rule?.Level.ToString(System.Globalization.CultureInfo.InvariantCulture) ?? string.Empty,
            last?.Event.DecoderName ?? string.Empty
        );
        // The upstream runner counts an expected empty part as a failure of its own.
        var isEqual =
            rule.Length > 0
            && decoder.Length > 0
            && rule == row.GetProperty("rule").GetString()
            && level == row.GetProperty("level").GetString()
            && decoder == row.GetProperty("decoder").GetString();
        return isEqual == (row.GetProperty("expect").GetString() == "equal")
            ? null
            : $"[{rule}, {level}, {decoder}], wanted [{row.GetProperty("rule")}, {row.GetProperty("level")}, {row.GetProperty("decoder")}] {row.GetProperty("expect")}";
    }

    private static string? CheckObserved(AnalysisEngine engine, JsonElement row)
    {
        var observed = row.GetProperty("observed").EnumerateArray().ToList();
        string? problem = null;
        var index = 0;
        Run(
            engine,
            row,
            result =>
            {
                problem ??= ObservedEvent.Compare(observed[index], result, "own-host") is { } difference
                    ? $"line {index}: {difference}"
                    : null;
                index++;
            }
        );
        return problem;
    }

    private static void Run(AnalysisEngine engine, JsonElement row, Action<AnalysisResult> take)
    {
        engine.Reset();
        var time = 1_700_000_000_000;
        foreach (var log in row.GetProperty("logs").EnumerateArray())
        {
            if (log.GetString() is not { Length: > 0 } text)
                continue;

            take(Send(engine, Encoding.UTF8.GetBytes(text), time += 10));
        }
    }

    private static AnalysisResult Send(AnalysisEngine engine, ReadOnlySpan<byte> line, long arrival) =>
        engine.Analyse(
            new LogLine
            {
                Text = line,
                ArrivalUnixMilliseconds = arrival,
                Agent = Manager,
                Location = "stdin",
                Kind = LineKind.Log,
            }
        );

    private static IEnumerable<JsonElement> Expectations() =>
        ConformanceData.Rows(ConformanceData.Path("wazuh-4.14.7", "tests.jsonl")).Where(row => !row.GetProperty("geoip").GetBoolean());

    private static AnalysisEngine MakeEngine(Compatibility compatibility)
    {
        var diagnostics = new DiagnosticBag();
        var ruleset = ShippedRuleset.Load(compatibility, diagnostics);
        Assert.True(ruleset is not null, string.Join('\n', diagnostics.All.Where(d => d.Severity == Severity.Error).Take(40)));
        return new AnalysisEngine(ruleset, new EngineOptions { HostName = "own-host", TesterMode = true });
    }
}
