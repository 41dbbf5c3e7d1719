using Redoubt.App.Rules.Testing;
using Redoubt.Model;
using Redoubt.Model.Markup;

namespace Redoubt.Tests.Ruleset;

/// <summary>What must hold for all files together.</summary>
public sealed class RulesetAsAWholeTests
{
    private static readonly IReadOnlyList<RuleCase> Cases =
    [
        .. ShippedFiles.CaseFiles().SelectMany(ShippedFiles.Lines).Select(RuleCase.Parse),
    ];

    [Fact]
    public void It_loads_without_an_error_a_warning_or_a_note()
    {
        Assert.NotEmpty(ShippedRuleset.Instance.Rules);
        Assert.Empty(ShippedRuleset.Diagnostics.All);
    }

    [Fact]
    public void Every_rule_that_can_be_final_is_reached_by_a_case()
    {
        var reached = Cases.SelectMany(one => one.Rules.Values).OfType<int>().ToHashSet();
        Assert.Empty(FinalRules().Except(reached));
    }

    [Fact]
    public void Every_rule_that_can_be_final_has_a_near_miss()
    {
        var missed = Cases.Select(one => one.Near).OfType<int>().ToHashSet();
        Assert.Empty(FinalRules().Except(missed));
    }

    [Fact]
    public void A_near_miss_names_a_rule_that_exists()
    {
        var known = ShippedRuleset.Instance.Rules.Select(rule => rule.Id).ToHashSet();
        Assert.Empty(Cases.Where(one => one.Near is { } near && !known.Contains(near)).Select(one => one.Name));
    }

    [Fact]
    public void No_two_cases_of_a_file_have_the_same_name()
    {
        foreach (var file in ShippedFiles.CaseFiles())
        {
            var names = ShippedFiles.Lines(file).Select(line => RuleCase.Parse(line).Name).ToList();
            Assert.Empty(
                names
                    .GroupBy(name => name, StringComparer.Ordinal)
                    .Where(group => group.Count() > 1)
                    .Select(group => $"{file}: {group.Key}")
            );
        }
    }

    [Fact]
    public void No_rule_mutes_itself_because_an_attacker_who_is_released_early_must_be_noticed_again() =>
        Assert.Empty(RuleElements().Where(rule => rule.Attribute("ignore") is not null).Select(rule => rule.Attribute("id")));

    /// <remarks>Or per account, where the addresses must differ: then nobody may be blocked for it.</remarks>
    [Fact]
    public void Every_count_is_kept_per_source_address_or_raises_an_alert_alone()
    {
        var counts = RuleElements().Where(rule => rule.Attribute("frequency") is not null);
        Assert.Empty(counts.Where(rule => !Has(rule, "same_source_ip") && !IsAlertAboutAccount(rule)).Select(rule => rule.Attribute("id")));

        static bool Has(MarkupElement rule, string option) => rule.Children.Any(child => child.Is(option));

        static bool IsAlertAboutAccount(MarkupElement rule) =>
            Has(rule, "same_user")
            && Has(rule, "different_srcip")
            && int.Parse(rule.Attribute("level")!) < 10
            && !rule.Children.Any(child => child.Is("group") && child.Text.Contains("authentication_failures", StringComparison.Ordinal));
    }

    [Fact]
    public void The_reference_pages_name_every_rule_once_with_its_level()
    {
        var page = ShippedFiles
            .ReferencePages()
            .Select(line => line.Split('|', StringSplitOptions.TrimEntries))
            .Where(cells => cells.Length > 3 && int.TryParse(cells[1], out _) && int.TryParse(cells[2], out _))
            .Select(cells => $"{cells[1]} level {cells[2]}")
            .Order(StringComparer.Ordinal);
        var rules = ShippedRuleset.Instance.Rules.Where(rule => rule.Id >= 10).Select(rule => $"{rule.Id} level {rule.Level}");

        Assert.Equal(rules.Order(StringComparer.Ordinal), page);
    }

    private static IEnumerable<int> FinalRules() =>
        RuleElements().Where(rule => rule.Attribute("noalert") != "1").Select(rule => int.Parse(rule.Attribute("id")!));

    private static List<MarkupElement> RuleElements()
    {
        var diagnostics = new DiagnosticBag();
        var groups = ShippedFiles.Xml("rules").SelectMany(file => MarkupReader.Read(file.Value, file.Key, diagnostics));
        return [.. groups.SelectMany(group => group.Children).Where(element => element.Is("rule"))];
    }
}
