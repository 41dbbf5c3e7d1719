using System.CommandLine;
using System.Text;
using Redoubt.App.Rules;
using Redoubt.Config;
using Redoubt.Engine;
using Redoubt.Host;
using Redoubt.Model;

namespace Redoubt.App.Commands;

/// <summary><c>redoubt logtest</c>: what decoders and rules make of the lines on standard input.</summary>
internal static class LogtestCommand
{
    internal static Command Create()
    {
        var home = CommonOptions.Home();
        var json = CommonOptions.Json();
        var decoders = new Option<string[]>("--decoders")
        {
            Description = "Folder of decoders; may repeat.",
            AllowMultipleArgumentsPerToken = true,
        };
        var rules = new Option<string[]>("--rules") { Description = "Folder of rules; may repeat.", AllowMultipleArgumentsPerToken = true };
        var lists = new Option<string?>("--lists") { Description = "Folder of lists." };
        var location = new Option<string>("--location", "-l")
        {
            Description = "Location of the lines.",
            DefaultValueFactory = _ => "stdin",
        };
        var format = new Option<string>("--format")
        {
            Description = "Log format of the lines: syslog, json, eventchannel …",
            DefaultValueFactory = _ => "syslog",
        };
        var resetOnBlank = new Option<bool>("--reset-on-blank") { Description = "An empty line starts a fresh run." };
        var loggedTime = new Option<bool>("--logged-time") { Description = "Arrival is the time that the line tells." };
        var year = new Option<int?>("--year") { Description = "Year of times without one; default: this year." };
        var timezone = new Option<string?>("--timezone") { Description = "Zone of times without one; default: this host's." };
        var compatibility = CommonOptions.Compatibility();
        return Verb.Create(
            "logtest",
            "Show what decoders and rules make of log lines.",
            (parsed, _) =>
            {
                var mode = parsed.GetValue(compatibility);
                var diagnostics = new DiagnosticBag();
                var source = parsed.GetValue(home) is { } folder
                    ? OfHome(folder, mode, diagnostics)
                    : RulesetFiles.OfFolders(
                        parsed.GetValue(decoders) ?? [],
                        parsed.GetValue(rules) ?? [],
                        parsed.GetValue(lists),
                        mode ?? Compatibility.Best,
                        diagnostics
                    );
                var ruleset = Ruleset.Load(source, diagnostics);
                foreach (var diagnostic in diagnostics.All.Where(d => d.Severity != Severity.Note))
                    Console.Error.WriteLine(diagnostic);

                if (ruleset is null || diagnostics.HasErrors)
                    throw new StartException("The rules do not load; see the diagnostics above.", StartException.Refused);

                var clock = parsed.GetValue(loggedTime)
                    ? new LoggedClock(parsed.GetValue(year) ?? TimeProvider.System.GetLocalNow().Year, Zone(parsed.GetValue(timezone)))
                    : null;
                var engine = new AnalysisEngine(
                    ruleset,
                    new EngineOptions
                    {
                        HostName = Environment.MachineName,
                        TimeZone = TimeZoneInfo.Local,
                        TesterMode = true,
                    }
                );
                using var output = new StreamWriter(Console.OpenStandardOutput(), new UTF8Encoding(false)) { AutoFlush = true };
                var session = new LogtestSession(engine, clock, parsed.GetValue(location)!, KindOf(parsed.GetValue(format)!), output);
                using var input = Console.OpenStandardInput();
                if (parsed.GetValue(json))
                    session.RunJson(input, parsed.GetValue(resetOnBlank));
                else
                    session.RunText(input, parsed.GetValue(resetOnBlank));

                return Task.FromResult(0);
            },
            home,
            json,
            decoders,
            rules,
            lists,
            location,
            format,
            resetOnBlank,
            loggedTime,
            year,
            timezone,
            compatibility
        );
    }

    private static RulesetSource OfHome(string home, Compatibility? mode, DiagnosticBag diagnostics)
    {
        var paths = HomePaths.Under(home);
        var configuration = ConfigurationReader.ReadFile(paths.ConfigurationFile, diagnostics);
        return RulesetFiles.OfHome(
            paths,
            configuration.Ruleset,
            mode ?? (configuration.Global.StrictCompatibility ? Compatibility.Strict : Compatibility.Best),
            diagnostics
        );
    }

    private static LineKind KindOf(string format) =>
        string.Equals(format, "eventchannel", StringComparison.OrdinalIgnoreCase) ? LineKind.EventChannel : LineKind.Log;

    private static TimeZoneInfo Zone(string? name)
    {
        if (name is null)
            return TimeZoneInfo.Local;

        return TimeZoneInfo.TryFindSystemTimeZoneById(name, out var zone)
            ? zone
            : throw new StartException($"There is no time zone '{name}'. Write a name such as UTC or Europe/Berlin.", StartException.Usage);
    }
}
