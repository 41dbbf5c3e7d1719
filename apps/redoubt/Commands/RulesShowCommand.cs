using System.CommandLine;
using System.Globalization;
using Redoubt.App.Rules;
using Redoubt.Engine;
using Redoubt.Engine.Explain;
using Redoubt.Host;
using Redoubt.Model;

namespace Redoubt.App.Commands;

/// <summary><c>redoubt rules show ID</c>: what a rule needs, in words.</summary>
internal static class RulesShowCommand
{
    private const int NameWidth = 12;
    private const int ShownChildren = 20;
    private const int MaxAncestors = 16;

    internal static Command Create()
    {
        var choice = new RulesetChoice();
        var json = CommonOptions.Json();
        var id = new Argument<int>("ID") { Description = "Id of the rule." };
        return Verb.Create(
            "show",
            "Show what a rule needs, what it inherits, and what it leads to.",
            (parsed, _) =>
            {
                var rules = choice.Load(parsed);
                var details = Find(rules.Ruleset, parsed.GetValue(id));
                var inherited = Inherited(rules.Ruleset, details);
                var unproven = rules.Ruleset.UnprovenSources(details.Rule.Id);
                var responses = RuleWords.ResponsesOf(details.Rule, rules.Configuration.Decide).ToList();
                if (parsed.GetValue(json))
                    PrintJson(details, inherited, responses, unproven);
                else
                    Print(details, inherited, responses, unproven);

                return Task.FromResult(0);
            },
            [json, .. choice.Options, id]
        );
    }

    /// <summary>The rule of an id that a person typed.</summary>
    /// <exception cref="StartException">There is none.</exception>
    internal static RuleDetails Find(Ruleset ruleset, int id) =>
        ruleset.Describe(id)
        ?? throw new StartException(
            string.Create(CultureInfo.InvariantCulture, $"There is no rule {id} among the {ruleset.Rules.Count} rules that were loaded."),
            StartException.Refused
        );

    // The line of first parents up to the root; where there are several, the others ask for other things.
    private static List<RuleDetails> Inherited(Ruleset ruleset, RuleDetails details)
    {
        var ancestors = new List<RuleDetails>();
        for (var rule = details; rule.Parents.Count > 0 && ancestors.Count < MaxAncestors; )
        {
            rule = ruleset.Describe(rule.Parents[0].Id)!;
            ancestors.Add(rule);
        }

        return ancestors;
    }

    private static void Print(
        RuleDetails details,
        List<RuleDetails> inherited,
        List<string> responses,
        IReadOnlyList<SourceReading> unproven
    )
    {
        var rule = details.Rule;
        Console.Out.WriteLine($"Rule {RuleWords.Line(rule)}");
        Line("file", RuleWords.Place(rule));
        Line("groups", string.Join(", ", RuleWords.GroupsOf(rule)));
        if (rule.MitreIds.Count > 0)
            Line(
                "mitre",
                string.Join(", ", rule.MitreIds.Select((m, i) => i < rule.MitreTechniques.Count ? $"{m} {rule.MitreTechniques[i]}" : m))
            );

        foreach (var (option, words) in Settings(details))
            Line(option, words);

        Title("Needs");
        foreach (var need in details.Needs)
            Line(need.Option, Terminal.Plain(need.Words));

        if (details.Counts is { } counts)
            Line(
                "frequency",
                Terminal.Plain(
                    string.Create(
                        CultureInfo.InvariantCulture,
                        $"{rule.Frequency} events within {rule.TimeframeSeconds} s, this one included: {counts}{(details.CountsGlobally ? ", over all agents" : string.Empty)}"
                    )
                )
            );

        if (details.Needs.Count == 0 && details.Counts is null)
            Console.Out.WriteLine("  nothing of its own");

        Title("Inherits");
        Line("place", Terminal.Plain(details.Place));
        if (details.Parents.Count > 1)
            Line(
                "parents",
                $"one of {details.Parents.Count}: {string.Join(", ", details.Parents.Take(ShownChildren).Select(p => p.Id))}{(details.Parents.Count > ShownChildren ? " …" : string.Empty)}"
            );

        foreach (var ancestor in inherited)
        {
            Console.Out.WriteLine($"  {RuleWords.Line(ancestor.Rule)}");
            foreach (var need in ancestor.Needs)
                Terminal.WriteRow(Console.Out, need.Option, need.Words, NameWidth - 2, indent: 4);
        }

        Title("Leads to");
        foreach (var response in responses)
            Line("response", response);

        if (unproven.Count > 0)
            Line("ambiguous", RuleWords.Unproven(unproven));

        foreach (var child in details.Children.Take(ShownChildren))
            Line("child", RuleWords.Line(child));

        if (details.Children.Count > ShownChildren)
            Line(
                string.Empty,
                string.Create(
                    CultureInfo.InvariantCulture,
                    $"… and {details.Children.Count - ShownChildren} more children (redoubt rules tree {rule.Id})"
                )
            );

        if (responses.Count == 0)
            Line("response", "none is bound to it");
    }

    private static IEnumerable<(string Option, string Words)> Settings(RuleDetails details)
    {
        if (details.IgnoreSeconds > 0)
            yield return ("ignore", string.Create(CultureInfo.InvariantCulture, $"quiet for {details.IgnoreSeconds} s after an alert"));

        if (details.NoAlert)
            yield return ("noalert", "never the final rule; only its children are");

        if (details.Ignores is { } fields)
            yield return ("ignore", $"writes {fields} down for check_if_ignored of other rules");

        if (details.QuietWhenIgnored is { } quiet)
            yield return ("check_if_ignored", $"quiet when another rule wrote the same {quiet} down");

        var rule = details.Rule;
        var options = new (string Name, bool IsSet)[]
        {
            ("no_ar", rule.NoResponse),
            ("observe", rule.ObserveOnly),
            ("no_full_log", rule.NoFullLog),
            ("no_counter", rule.NoCounter),
            ("log_alert", rule.LogOverride == true),
            ("no_log", rule.LogOverride == false),
            ("alert_by_email", rule.MailOverride == true),
            ("no_email_alert", rule.MailOverride == false),
        };
        if (options.Any(o => o.IsSet))
            yield return ("options", string.Join(", ", options.Where(o => o.IsSet).Select(o => o.Name)));

        if (rule.Info is { } info)
            yield return ("info", Terminal.Plain(info));
    }

    private static void PrintJson(
        RuleDetails details,
        List<RuleDetails> inherited,
        List<string> responses,
        IReadOnlyList<SourceReading> unproven
    ) =>
        Terminal.PrintJson([
            new
            {
                rule = RuleView.Of(details.Rule),
                place = details.Place,
                needs = details.Needs,
                counts = details.Counts,
                counts_globally = details.CountsGlobally,
                ignore = details.IgnoreSeconds,
                no_alert = details.NoAlert,
                parents = details.Parents.Select(p => p.Id),
                inherits = inherited.Select(a => new { id = a.Rule.Id, needs = a.Needs }),
                responses,
                is_ambiguous = unproven.Count > 0,
                unproven_decoders = unproven.Select(source => source.Decoder),
                children = details.Children.Select(c => c.Id),
            },
        ]);

    private static void Title(string text)
    {
        Console.Out.WriteLine();
        Console.Out.WriteLine(text);
    }

    private static void Line(string name, string text) => Terminal.WriteRow(Console.Out, name, text, NameWidth);
}
