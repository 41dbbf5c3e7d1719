using System.Globalization;
using System.Text;
using System.Text.Json;

namespace Redoubt.Tests.Ruleset;

/// <summary>Logs of real daemons under attack (<c>ruleset/tests/captured</c>).</summary>
public sealed class CapturedLogTests
{
    public static TheoryData<string> Logs() => [.. ShippedFiles.Lines("captured/captured.jsonl")];

    [Theory, MemberData(nameof(Logs))]
    public void Every_line_names_an_attacker_or_nobody_and_ends_in_its_rule(string expectation)
    {
        using var document = JsonDocument.Parse(expectation);
        var expected = document.RootElement;
        var sources = expected.GetProperty("sources").EnumerateArray().Select(source => source.GetString()).ToHashSet();
        var engine = ShippedRuleset.NewEngine();
        var rules = new SortedDictionary<string, int>(StringComparer.Ordinal);
        var unnamed = 0;
        foreach (var line in ShippedFiles.Lines("captured/" + expected.GetProperty("log").GetString()))
        {
            engine.Reset();
            var alert = ShippedRuleset.Run(engine, null, Encoding.UTF8.GetBytes(line));
            var rule = alert.Rule?.Id.ToString(CultureInfo.InvariantCulture) ?? "none";
            rules[rule] = rules.GetValueOrDefault(rule) + 1;

            var source = alert.TextOf("srcip");
            unnamed += source is null ? 1 : 0;
            Assert.True(source is null || sources.Contains(source), $"source '{source}' in {line}");
        }

        Assert.Equal(expected.GetProperty("rules").EnumerateObject().ToDictionary(rule => rule.Name, rule => rule.Value.GetInt32()), rules);
        Assert.Equal(expected.GetProperty("unnamed").GetInt32(), unnamed);
    }
}
