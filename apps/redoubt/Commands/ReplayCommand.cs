using System.CommandLine;
using Redoubt.App.Replay;
using Redoubt.App.Rules;
using Redoubt.Host;
using Redoubt.Record;

namespace Redoubt.App.Commands;

/// <summary><c>redoubt replay</c>: what rules and responses would have made of log files.</summary>
internal static class ReplayCommand
{
    private const int MaxWorkers = 64;
    private const int OutputBufferBytes = 256 * 1024;

    internal static Command Create()
    {
        var choice = new RulesetChoice();
        var lines = new LineOptions();
        var json = CommonOptions.Json();
        var location = new Option<string?>("--location", "-l") { Description = "Location of the lines; default: the path of their file." };
        var workers = new Option<int>("--workers")
        {
            Description = "Threads that decode; results are the same for any number.",
            DefaultValueFactory = _ => 1,
        };
        var output = new Option<string?>("--out") { Description = "Folder for alerts/ and archives/, as a live run writes them." };
        var budget = new Option<bool>("--budget") { Description = "Tell how many new blocks a minute the responses would have made." };
        var files = new Argument<string[]>("FILE")
        {
            Description = "Log files in the order of their lines, also packed by gzip; - is standard input.",
            Arity = ArgumentArity.OneOrMore,
        };
        return Verb.Create(
            "replay",
            "Send log files through rules and responses, at the times their lines tell. Nothing is blocked.",
            (parsed, _) =>
            {
                CommonOptions.RefuseOptions(parsed, parsed.GetValue(files)!);
                var count = parsed.GetValue(workers);
                if (count is < 1 or > MaxWorkers)
                    throw new StartException($"--workers is a number from 1 to {MaxWorkers}.", StartException.Usage);

                var kind = lines.KindOf(parsed);
                var clock = lines.ClockOf(parsed);
                using var input = new ReplayInput(parsed.GetValue(files)!, parsed.GetValue(location));
                var folder = FreshFolder(parsed.GetValue(output));
                var rules = choice.Load(parsed);
                using var standardOutput = new BufferedStream(Console.OpenStandardOutput(), OutputBufferBytes);
                using var progress = new ReplayProgress(input);
                var options = new ReplayOptions
                {
                    Rules = rules,
                    Kind = kind,
                    Clock = clock,
                    Zone = lines.ZoneOf(parsed),
                    Workers = count,
                    OutputFolder = folder,
                    Json = parsed.GetValue(json) ? standardOutput : null,
                    WithBudget = parsed.GetValue(budget),
                    Progress = progress.Show,
                };
                var summary = ReplayRun.Execute(options, input);
                progress.End();
                if (!parsed.GetValue(json))
                    ReplayReport.Print(summary, options, progress.Elapsed);

                return Task.FromResult(0);
            },
            [json, .. choice.Options, .. lines.Options, location, workers, output, budget, files]
        );
    }

    // Alerts of a replay must not stand among others, least of all among those of a live run.
    private static string? FreshFolder(string? folder)
    {
        if (folder is null)
            return null;

        foreach (var name in new[] { "alerts", "archives" })
        {
            if (Directory.Exists(Path.Combine(folder, name)))
                throw new StartException(
                    $"'{Terminal.Plain(folder)}' holds {name} already; give --out a new folder.",
                    StartException.Usage
                );
        }

        try
        {
            Directory.CreateDirectory(folder);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new StartException($"'{Terminal.Plain(folder)}' cannot be made: {e.Message}", StartException.Unreachable);
        }

        return folder;
    }
}
