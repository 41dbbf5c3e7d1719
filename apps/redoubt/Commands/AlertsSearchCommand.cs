using System.CommandLine;
using Redoubt.Host;
using Redoubt.Show;

namespace Redoubt.App.Commands;

/// <summary><c>redoubt alerts search</c>: alerts on record, of today and of days that were put away.</summary>
internal static class AlertsSearchCommand
{
    internal static Command Create()
    {
        var home = CommonOptions.Home();
        var json = CommonOptions.Json();
        var rule = Option<string?>("--rule", "Rule, or a range of rules: 5712, 5700-5799.", "N");
        var level = Option<string?>("--level", "Level, or a range of levels: 7, 7-, 3-6.", "N");
        var group = Option<string?>("--group", "A group of the rule.", "NAME");
        var agent = Option<string?>("--agent", "Id or name of the agent.", "AGENT");
        var source = Option<string?>("--source", "Source: an address or a prefix.", "ADDRESS");
        var user = Option<string?>("--user", "Source or target user.", "NAME");
        var since = Option<string?>("--since", "From then on: 2h, 3d, 2026-11-24, \"2026-11-24 10:15\".", "TIME");
        var until = Option<string?>("--until", "Before then; forms as for --since.", "TIME");
        var text = Option<string?>("--text", "A part of the line or of the description.", "TEXT");
        var limit = Option<int>("--limit", $"How many of the newest, up to {AlertSearchRequest.MaxLimit}.", "N", 100);
        return Verb.Create(
            "search",
            "Search the alerts on record. All that is given must hold; the newest come last.",
            async (parsed, _) =>
            {
                var clock = TimeProvider.System;
                var rules = parsed.GetValue(rule) is { } rulesText ? NumberRange.Parse(rulesText, "--rule") : (NumberRange?)null;
                var levels = parsed.GetValue(level) is { } levelsText ? NumberRange.Parse(levelsText, "--level") : (NumberRange?)null;
                var request = new AlertSearchRequest(
                    Id: null,
                    rules?.From,
                    rules?.To,
                    levels?.From,
                    levels?.To,
                    parsed.GetValue(group),
                    parsed.GetValue(agent),
                    parsed.GetValue(source),
                    parsed.GetValue(user),
                    Moments.Parse(parsed.GetValue(since), clock),
                    Moments.Parse(parsed.GetValue(until), clock),
                    parsed.GetValue(text),
                    parsed.GetValue(limit)
                );
                using var client = new ManagerClient(CommonOptions.PathsOf(parsed.GetValue(home)));
                var found = await client.PostAsync<AlertSearchView>("alerts/search", request);
                Print(found, request.Limit, parsed.GetValue(json));
                return 0;
            },
            home,
            json,
            rule,
            level,
            group,
            agent,
            source,
            user,
            since,
            until,
            text,
            limit
        );
    }

    private static Option<T> Option<T>(string name, string description, string helpName, T? otherwise = default) =>
        new(name)
        {
            Description = description,
            HelpName = helpName,
            DefaultValueFactory = _ => otherwise!,
        };

    private static void Print(AlertSearchView found, int limit, bool json)
    {
        // The newest last: where the terminal ends, as with tail.
        var alerts = found.Alerts.Reverse();
        if (json)
            Terminal.PrintJson(alerts);
        else if (found.Alerts.Count == 0)
            Console.Out.WriteLine("No alert is like that.");
        else
            Terminal.PrintTable(
                ["time", "level", "rule", "agent", "source", "id", "description"],
                alerts
                    .Select(a => new AlertText(a))
                    .Select(a => (string[])[a.Time, a.Level, a.Rule, a.Agent, a.Source ?? "-", a.Id, a.Description])
            );

        if (found.Note is { } note)
            Console.Error.WriteLine(Terminal.Plain(note));
        else if (found.Alerts.Count == limit && !json)
            Console.Error.WriteLine($"The newest {limit}; there may be more: raise --limit, or ask for less.");
    }
}
