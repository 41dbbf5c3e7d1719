using System.CommandLine;
using System.Globalization;
using Redoubt.App.Rules;
using Redoubt.Host;
using Redoubt.Model;

namespace Redoubt.App.Commands;

/// <summary><c>redoubt rules list</c>: rules by group, level, id, file or text.</summary>
internal static class RulesListCommand
{
    internal static Command Create()
    {
        var choice = new RulesetChoice();
        var json = CommonOptions.Json();
        var group = new Option<string?>("--group") { Description = "Only rules of this group." };
        var level = new Option<string?>("--level") { Description = "Only these levels: 7, 7-10, 7- or -10." };
        var id = new Option<string?>("--id") { Description = "Only these ids: 5710, 5700-5799, 100000-." };
        var file = new Option<string?>("--file") { Description = "Only rules of files whose path holds this text." };
        var text = new Argument<string?>("TEXT")
        {
            Description = "Only rules whose description holds this text.",
            Arity = ArgumentArity.ZeroOrOne,
        };
        return Verb.Create(
            "list",
            "List rules.",
            (parsed, _) =>
            {
                CommonOptions.RefuseOptions(parsed, parsed.GetValue(text));
                var levels = NumberRange.Parse(parsed.GetValue(level), "--level");
                var ids = NumberRange.Parse(parsed.GetValue(id), "--id");
                var wantedGroup = parsed.GetValue(group);
                var rules = choice
                    .Load(parsed)
                    .Ruleset.Rules.Where(rule =>
                        levels.Contains(rule.Level)
                        && ids.Contains(rule.Id)
                        && (wantedGroup is null || RuleWords.GroupsOf(rule).Contains(wantedGroup, StringComparer.OrdinalIgnoreCase))
                        && Holds(rule.File, parsed.GetValue(file))
                        && Holds(rule.Description, parsed.GetValue(text))
                    )
                    .ToList();
                Print(rules, parsed.GetValue(json));
                return Task.FromResult(rules.Count > 0 ? 0 : StartException.Refused);
            },
            [json, .. choice.Options, group, level, id, file, text]
        );
    }

    private static void Print(List<RuleSummary> rules, bool json)
    {
        if (json)
        {
            Terminal.PrintJson(rules.Select(RuleView.Of));
            return;
        }

        if (rules.Count == 0)
        {
            Console.Error.WriteLine("No rule is like that.");
            return;
        }

        Terminal.PrintTable(
            ["id", "level", "file", "description"],
            rules.Select(rule =>
                new[]
                {
                    rule.Id.ToString(CultureInfo.InvariantCulture),
                    rule.Level.ToString(CultureInfo.InvariantCulture),
                    string.Create(CultureInfo.InvariantCulture, $"{Path.GetFileName(rule.File)}:{rule.Line}"),
                    rule.Description,
                }
            )
        );
    }

    private static bool Holds(string text, string? wanted) => wanted is null || text.Contains(wanted, StringComparison.OrdinalIgnoreCase);
}
