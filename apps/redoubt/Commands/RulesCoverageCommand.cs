using System.CommandLine;
using System.Globalization;
using Redoubt.App.Rules;
using Redoubt.App.Rules.Testing;

namespace Redoubt.App.Commands;

/// <summary><c>redoubt rules coverage</c>: which services and kinds of attack a ruleset knows, and how many tests say so.</summary>
internal static class RulesCoverageCommand
{
    internal static Command Create()
    {
        var choice = new RulesetChoice();
        var json = CommonOptions.Json();
        var markdown = new Option<bool>("--markdown") { Description = "A table for docs/reference/coverage.md." };
        var tests = new Option<string[]>("--tests")
        {
            Description = "Files of tests, or folders of them; they are counted.",
            HelpName = "FILE",
        };
        return Verb.Create(
            "coverage",
            "Show services and kinds of attack that the rules know, with the number of tests.",
            (parsed, _) =>
            {
                var files = parsed.GetValue(tests) ?? [];
                var cases = files.Length == 0 ? [] : RuleTestFiles.Read(files, []);
                var rows = RuleCoverage.Of(choice.Load(parsed).Ruleset.Rules, cases);
                if (parsed.GetValue(json))
                    Terminal.PrintJson(rows);
                else if (parsed.GetValue(markdown))
                    Console.Out.Write(RuleCoverage.Markdown(rows));
                else
                    Terminal.PrintTable([.. RuleCoverage.Heads], rows.Select(r => r.Cells.ToArray()));

                return Task.FromResult(0);
            },
            [json, .. choice.Options, markdown, tests]
        );
    }
}
