using System.CommandLine;
using System.Text;
using Redoubt.App.Explain;
using Redoubt.App.Replay;
using Redoubt.App.Rules;
using Redoubt.Config;
using Redoubt.Engine;
using Redoubt.Host;
using Redoubt.Model;

namespace Redoubt.App.Commands;

/// <summary><c>redoubt explain</c>: why a line ends where it ends.</summary>
internal static class ExplainCommand
{
    internal static Command Create()
    {
        var choice = new RulesetChoice();
        var lines = new LineOptions();
        var json = CommonOptions.Json();
        var location = new Option<string>("--location", "-l") { Description = "Location of the line.", DefaultValueFactory = _ => "stdin" };
        var loggedTime = new Option<bool>("--logged-time") { Description = "Arrival is the time that the line tells." };
        var all = new Option<bool>("--all") { Description = "Show every decoder and rule that was tried, not only the nearest." };
        var text = new Argument<string?>("LINE")
        {
            Description = "The line; - or nothing: lines of standard input, each explained with those before it in memory.",
            Arity = ArgumentArity.ZeroOrOne,
        };
        return Verb.Create(
            "explain",
            "Explain one line: decoders and rules tried, windows, response, exact command.",
            (parsed, _) =>
            {
                CommonOptions.RefuseOptions(parsed, parsed.GetValue(text));
                var kind = lines.KindOf(parsed);
                var zone = lines.ZoneOf(parsed);
                var clock = parsed.GetValue(loggedTime) ? lines.ClockOf(parsed) : null;
                var rules = choice.Load(parsed);
                var explainer = new LineExplainer(rules, zone, clock, kind, parsed.GetValue(location)!);
                var remembered = RestoreMemory(explainer, rules.Paths);
                using var output = new StreamWriter(Console.OpenStandardOutput(), new UTF8Encoding(false)) { AutoFlush = true };
                var report = new ExplainReport(output, rules, parsed.GetValue(all));
                if (remembered is not null && !parsed.GetValue(json))
                    output.WriteLine(remembered);

                Explain(explainer, report, parsed.GetValue(text), parsed.GetValue(json));
                return Task.FromResult(0);
            },
            [json, .. choice.Options, .. lines.Options, location, loggedTime, all, text]
        );
    }

    private static void Explain(LineExplainer explainer, ExplainReport report, string? text, bool json)
    {
        if (text is not (null or "-"))
        {
            Print(explainer.Explain(Encoding.UTF8.GetBytes(text)));
            return;
        }

        using var input = Console.OpenStandardInput();
        var lines = new InputLines(input, ReplayInput.MaxLineBytes);
        while (lines.Next())
        {
            if (!lines.Line.IsEmpty)
                Print(explainer.Explain(lines.Line.Span));
        }

        void Print(ExplainedLine line)
        {
            if (json)
                report.WriteJson(line);
            else
                report.Write(line);
        }
    }

    // What a manager of this home remembered when it saved last; the file is its own and stays as it is.
    private static string? RestoreMemory(LineExplainer explainer, HomePaths? paths)
    {
        if (paths is null)
            return null;

        var file = Path.Combine(paths.State, "windows.bin");
        if (!File.Exists(file))
            return null;

        try
        {
            return explainer.Restore(File.ReadAllBytes(file))
                ? $"Windows as the manager saved them at {Terminal.LocalTime(File.GetLastWriteTimeUtc(file).ToString("o"))}."
                : $"The windows in {Terminal.Plain(file)} are damaged; all counters begin at 0.";
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new StartException($"The windows in {Terminal.Plain(file)} cannot be read: {e.Message}", StartException.Unreachable);
        }
    }
}
