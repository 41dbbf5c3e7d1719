using System.CommandLine;
using System.Text;
using Redoubt.App.Rules;
using Redoubt.Engine;

namespace Redoubt.App.Commands;

/// <summary><c>redoubt logtest</c>: what decoders and rules make of the lines on standard input.</summary>
internal static class LogtestCommand
{
    internal static Command Create()
    {
        var choice = new RulesetChoice(takesSeveral: true);
        var lines = new LineOptions();
        var json = CommonOptions.Json();
        var location = new Option<string>("--location", "-l")
        {
            Description = "Location of the lines.",
            DefaultValueFactory = _ => "stdin",
        };
        var resetOnBlank = new Option<bool>("--reset-on-blank") { Description = "An empty line starts a fresh run." };
        var loggedTime = new Option<bool>("--logged-time") { Description = "Arrival is the time that the line tells." };
        var verbose = new Option<bool>("--verbose", "-v") { Description = "Show which rules were tried." };
        return Verb.Create(
            "logtest",
            "Show what decoders and rules make of log lines.",
            (parsed, _) =>
            {
                var kind = lines.KindOf(parsed);
                var zone = lines.ZoneOf(parsed);
                var clock = parsed.GetValue(loggedTime) ? lines.ClockOf(parsed) : null;
                var ruleset = choice.Load(parsed).Ruleset;
                var engineOptions = new EngineOptions
                {
                    HostName = Environment.MachineName,
                    TimeZone = zone,
                    TesterMode = true,
                };
                using var output = new StreamWriter(Console.OpenStandardOutput(), new UTF8Encoding(false)) { AutoFlush = true };
                var session = new LogtestSession(
                    ruleset,
                    engineOptions,
                    clock,
                    parsed.GetValue(location)!,
                    kind,
                    output,
                    parsed.GetValue(verbose)
                );
                using var input = Console.OpenStandardInput();
                if (parsed.GetValue(json))
                    session.RunJson(input, parsed.GetValue(resetOnBlank));
                else
                    session.RunText(input, parsed.GetValue(resetOnBlank));

                return Task.FromResult(0);
            },
            [json, .. choice.Options, .. lines.Options, location, resetOnBlank, loggedTime, verbose]
        );
    }
}
