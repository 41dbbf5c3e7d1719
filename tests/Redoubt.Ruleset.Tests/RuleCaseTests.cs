using Redoubt.App.Rules.Testing;
using Redoubt.Model;

namespace Redoubt.Tests.Ruleset;

/// <summary>The cases of <c>ruleset/tests/*.jsonl</c>. A row there is a test; no code is needed for another one.</summary>
public sealed class RuleCaseTests
{
    public static TheoryData<string, string> Cases()
    {
        var data = new TheoryData<string, string>();
        foreach (var file in ShippedFiles.CaseFiles())
        {
            foreach (var line in ShippedFiles.Lines(file))
                data.Add(file, line);
        }

        return data;
    }

    [Theory, MemberData(nameof(Cases))]
    public void A_line_ends_in_its_rule_with_its_fields(string file, string line)
    {
        var expected = RuleCase.Parse(line);
        var engine = ShippedRuleset.NewEngine();
        Alert? last = null;
        for (var i = 0; i < expected.Lines.Count; i++)
        {
            last = ShippedRuleset.Run(engine, expected.Program, expected.Lines[i], expected.Arrivals[i]);
            if (expected.Rules.TryGetValue(i, out var rule))
                Assert.True(rule == last.Rule?.Id, $"{file}, line {i + 1}: rule {Shown(last.Rule?.Id)} in place of {Shown(rule)}");
        }

        Judge(expected, last!);
    }

    private static void Judge(RuleCase expected, Alert last)
    {
        if (expected.Level is { } level)
            Assert.Equal(level, last.Rule!.Level);

        if (expected.JudgesDecoder)
            Assert.Equal(expected.Decoder, last.Decoder);

        foreach (var field in expected.Fields)
            Assert.True(field.Value == last.TextOf(field.Key), $"{field.Key} is '{last.TextOf(field.Key)}' in place of '{field.Value}'");

        foreach (var field in expected.Absent)
            Assert.True(last.TextOf(field) is null, $"{field} is '{last.TextOf(field)}' and should not be there");

        if (expected.Near is { } near)
            Assert.NotEqual(near, last.Rule?.Id);
    }

    private static string Shown(int? rule) => rule?.ToString() ?? "none";
}
