using System.CommandLine;
using System.Globalization;
using Redoubt.App.Rules;
using Redoubt.Engine;
using Redoubt.Engine.Explain;
using Redoubt.Host;
using Redoubt.Model;

namespace Redoubt.App.Commands;

/// <summary><c>redoubt rules tree</c>: which rules are asked below which.</summary>
internal static class RulesTreeCommand
{
    private const int IndentWidth = 2;

    internal static Command Create()
    {
        var choice = new RulesetChoice();
        var json = CommonOptions.Json();
        var depth = new Option<int?>("--depth") { Description = "Levels of the tree to show; default: all." };
        var id = new Argument<int?>("ID") { Description = "Rule to begin with; default: the roots.", Arity = ArgumentArity.ZeroOrOne };
        return Verb.Create(
            "tree",
            "Show rules with those that are asked below them, in the order of asking.",
            (parsed, _) =>
            {
                if (parsed.GetValue(depth) is < 1)
                    throw new StartException("--depth is a number from 1 on.", StartException.Usage);

                var ruleset = choice.Load(parsed).Ruleset;
                var start = parsed.GetValue(id) is { } wanted ? [RulesShowCommand.Find(ruleset, wanted).Rule] : ruleset.RootRules;
                var tree = new TreePrinter(ruleset, parsed.GetValue(depth) ?? int.MaxValue, parsed.GetValue(json));
                foreach (var rule in start)
                    tree.Print(rule, 0);

                return Task.FromResult(0);
            },
            [json, .. choice.Options, depth, id]
        );
    }

    private sealed class TreePrinter(Ruleset ruleset, int maxDepth, bool json)
    {
        private readonly Dictionary<int, RuleDetails> _known = [];

        internal void Print(RuleSummary rule, int depth)
        {
            if (!_known.TryGetValue(rule.Id, out var details))
                _known.Add(rule.Id, details = ruleset.Describe(rule.Id)!);

            if (json)
                Terminal.PrintJson([
                    new
                    {
                        depth,
                        id = rule.Id,
                        level = rule.Level,
                        place = details.Place,
                        description = rule.Description,
                    },
                ]);
            else
                Console.Out.WriteLine(Cut(Line(rule, details, depth)));

            if (depth + 1 >= maxDepth)
                return;

            foreach (var child in details.Children)
                Print(child, depth + 1);
        }

        private static string Line(RuleSummary rule, RuleDetails details, int depth) =>
            new string(' ', depth * IndentWidth)
            + string.Create(CultureInfo.InvariantCulture, $"{rule.Id} [{rule.Level}] ")
            + Terminal.Plain($"{(depth == 0 ? string.Empty : Option(details.Place) + ": ")}{rule.Description}");

        private static string Option(string place) => place.Split(' ')[0];

        private static string Cut(string line) =>
            !Console.IsOutputRedirected && Console.WindowWidth > 20 && line.Length > Console.WindowWidth
                ? line[..(Console.WindowWidth - 1)] + "…"
                : line;
    }
}
