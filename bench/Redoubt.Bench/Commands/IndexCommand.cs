using System.CommandLine;
using System.Diagnostics;
using Redoubt.Bench.Measure;
using Redoubt.Bench.Show;
using Redoubt.Corpus;
using Redoubt.Engine;
using Redoubt.Store;

namespace Redoubt.Bench.Commands;

/// <summary><c>index</c>: what the index of alerts costs the way of a line, what it costs itself, and what a search in it takes.</summary>
internal static class IndexCommand
{
    private const int Rounds = 10;

    public static Command Create()
    {
        var (rules, corpus, output) = (new RulesetChoice(), new CorpusChoice(400_000), new OutputChoice());
        var command = new Command("index", "The line path with an index of alerts behind it against without, and searches in it.");
        rules.AddTo(command);
        corpus.AddTo(command);
        output.AddTo(command);
        command.SetAction(parsed =>
        {
            var folder = Directory.CreateTempSubdirectory("redoubt-bench-");
            try
            {
                using var file = new CorpusFile(corpus.Read(parsed, CorpusKind.Ssh));
                return output.Print(parsed, Measure(RulesetFolders.Load(rules.Read(parsed)), file, folder.FullName));
            }
            finally
            {
                folder.Delete(recursive: true);
            }
        });
        return command;
    }

    private static List<Figure> Measure(Ruleset ruleset, CorpusFile file, string folder)
    {
        using var without = new RecordedLane(ruleset, file, Path.Combine(folder, "without"));
        using var with = new RecordedLane(ruleset, file, Path.Combine(folder, "with"));
        using var behind = new IndexBehind(Path.Combine(folder, "with"), Path.Combine(folder, "alerts.db"));
        var lines = file.Options.Lines / (Rounds + 1);

        // The first round compiles.
        TakeTurn(without, lines, null);
        TakeTurn(with, lines, behind);
        var (plain, indexed) = (new List<double>(), new List<double>());
        for (var round = 0; round < Rounds; round++)
        {
            plain.Add(TakeTurn(without, lines, null));
            indexed.Add(TakeTurn(with, lines, behind));
        }

        var meanwhile = indexed.Sum() / plain.Sum();
        var (before, beforeCpu) = (behind.Records, CpuClock.Seconds);
        var watch = Stopwatch.StartNew();
        behind.ReadToEnd();
        var (taken, seconds, cpu) = (behind.Records - before, watch.Elapsed.TotalSeconds, CpuClock.Seconds - beforeCpu);
        return
        [
            new("index.line_path_ratio_while_reading", meanwhile, "x"),
            new("index.line_path_ratio", 1 + ((meanwhile - 1) / (1 + IndexBehind.Rest)), "x"),
            new("index.read_meanwhile", before, "records"),
            new("index.records_per_second", taken / seconds, "records/s"),
            new("index.cpu_per_record", cpu * 1e6 / taken, "us"),
            new("index.records", behind.Records, "records"),
            new("index.bytes_per_record", (double)behind.Index.Bytes / behind.Records, "bytes"),
            .. Searches(behind.Index),
        ];
    }

    // Elapsed time of the line path alone: a second thread may take processor time, but must not make it wait.
    private static double TakeTurn(RecordedLane lane, int lines, IndexBehind? behind)
    {
        using var stop = new CancellationTokenSource();
        var reading = behind is null ? Task.CompletedTask : Task.Run(() => behind.Follow(stop.Token));
        var watch = Stopwatch.StartNew();
        lane.Run(lines);
        var elapsed = watch.Elapsed.TotalSeconds;
        stop.Cancel();
        reading.GetAwaiter().GetResult();
        return elapsed;
    }

    private static IEnumerable<Figure> Searches(AlertIndex index)
    {
        foreach (
            var (name, filter) in new (string, AlertFilter)[]
            {
                ("newest", new AlertFilter()),
                ("rule", new AlertFilter { Rules = (5710, 5710) }),
                ("prefix", new AlertFilter { Source = "10.0.0.0/10" }),
                ("level", new AlertFilter { Levels = (10, 16) }),
                ("text_that_is_nowhere", new AlertFilter { Text = "no line holds this" }),
            }
        )
        {
            index.Search(filter);
            var watch = Stopwatch.StartNew();
            index.Search(filter);
            yield return new Figure($"index.search_{name}", watch.Elapsed.TotalMilliseconds, "ms");
        }
    }
}
