using System.Globalization;
using System.Text;
using Redoubt.Engine;
using Redoubt.Model;

namespace Redoubt.App.Rules.Testing;

/// <summary>Runs tests, each in a fresh run.</summary>
/// <remarks>Threads: not safe.</remarks>
internal sealed class RuleTestRunner
{
    private static readonly AgentIdentity Tester = AgentIdentity.ManagerHost(Environment.MachineName);
    private static readonly AgentIdentity Fleet = new("001", "web01", "192.0.2.5");

    private readonly AnalysisEngine _engine;
    private readonly long _start;

    /// <param name="ruleset">The rules.</param>
    /// <param name="startUnixMilliseconds">When the first line arrives.</param>
    internal RuleTestRunner(Ruleset ruleset, long startUnixMilliseconds)
    {
        _engine = new AnalysisEngine(
            ruleset,
            new EngineOptions
            {
                HostName = Environment.MachineName,
                TimeZone = TimeZoneInfo.Local,
                TesterMode = true,
            }
        );
        _start = startUnixMilliseconds;
    }

    internal RuleTestResult Run(RuleTest test)
    {
        _engine.Reset();
        var problems = new List<string>();
        Alert? last = null;
        for (var i = 0; i < test.Lines.Count; i++)
        {
            last = Analyse(test, i).ToAlert();
            if (test.Rules.TryGetValue(i, out var wanted) && last.Rule?.Id != wanted)
                problems.Add(Differs(test.Lines.Count == 1 ? "rule" : Inv($"rule of line {i + 1}"), Name(wanted), Name(last.Rule?.Id)));
        }

        if (test.Impossible is { } impossible)
            problems.Add(impossible);

        if (last is not null)
            Judge(test, last, problems);

        if (test.MustDiffer)
            problems = problems.Count > 0 ? [] : ["all is as written, but something must differ"];

        return new RuleTestResult(test, last?.Rule?.Id, last?.Rule?.Level, last?.Decoder, problems);
    }

    private AnalysisResult Analyse(RuleTest test, int index) =>
        _engine.Analyse(
            new LogLine
            {
                Text = test.Lines[index],
                ArrivalUnixMilliseconds = _start + (test.Arrivals[index] * 1000L),
                Agent = test.IsOfAgent ? Fleet : Tester,
                Location = test.IsOfAgent ? "/var/log/auth.log" : "stdin",
                Kind = LineKind.Log,
            }
        );

    private static void Judge(RuleTest test, Alert last, List<string> problems)
    {
        if (test.JudgesLevel && last.Rule?.Level != test.Level)
            problems.Add(Differs("level", Name(test.Level), Name(last.Rule?.Level)));

        if (test.Decoder is { } decoder && decoder != (last.Decoder ?? string.Empty))
            problems.Add(Differs("decoder", decoder.Length == 0 ? "none" : decoder, last.Decoder ?? "none"));

        if (test.Near is { } near && last.Rule?.Id == near)
            problems.Add(Inv($"rule: {near} must just be missed"));

        foreach (var (name, value) in test.Fields)
        {
            var found = TextOf(last, name);
            if (found != value)
                problems.Add(Differs($"field {name}", $"'{value}'", found is null ? "none" : $"'{found}'"));
        }

        foreach (var name in test.Absent)
        {
            if (TextOf(last, name) is { } found)
                problems.Add(Differs($"field {name}", "none", $"'{found}'"));
        }
    }

    private static string? TextOf(Alert alert, string field) =>
        alert.Field(field) is { Value.Length: > 0 } found ? Encoding.UTF8.GetString(found.Value) : null;

    private static string Differs(string what, string expected, string actual) => $"{what}: expected {expected}, got {actual}";

    private static string Name(int? number) => number is { } known ? known.ToString(CultureInfo.InvariantCulture) : "none";

    private static string Inv(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
