using System.CommandLine;
using System.Diagnostics;
using Redoubt.Bench.Measure;
using Redoubt.Bench.Show;
using Redoubt.Corpus;
using Redoubt.Engine;

namespace Redoubt.Bench.Commands;

/// <summary><c>workers</c>: what more threads bring. Needs cores that nobody else uses; the ratio of processor time holds anywhere.</summary>
internal static class WorkersCommand
{
    private const int Rounds = 5;

    public static Command Create()
    {
        var (rules, corpus, output) = (new RulesetChoice(), new CorpusChoice(500_000), new OutputChoice());
        var workers = new Option<int>("--workers")
        {
            Description = "Threads, compared with one.",
            DefaultValueFactory = _ => 2,
            HelpName = "N",
        };
        var command = new Command("workers", "Speed of several workers against one.") { workers };
        rules.AddTo(command);
        corpus.AddTo(command);
        output.AddTo(command);
        command.SetAction(parsed =>
        {
            var ruleset = RulesetFolders.Load(rules.Read(parsed));
            var figures = new List<Figure>();
            foreach (var kind in Enum.GetValues<CorpusKind>())
            {
                using var file = new CorpusFile(corpus.Read(parsed, kind));
                figures.AddRange(Measure(ruleset, file, parsed.GetValue(workers)));
            }

            return output.Print(parsed, figures);
        });
        return command;
    }

    // What can only be done in order, as a part of all: no number of workers is faster than one over it.
    private static double OrderedShare(Ruleset ruleset, CorpusFile file)
    {
        const int batch = 64;
        var options = new EngineOptions { HostName = "web1" };
        var (engine, preparer) = (new AnalysisEngine(ruleset, options), new LinePreparer(ruleset, options));
        var lines = Enumerable.Range(0, batch).Select(_ => new PreparedLine(ruleset, options)).ToArray();
        using var source = new LineSource(file.Path);
        var (shares, isOver) = (new List<double>(), false);
        while (!isOver)
        {
            var count = 0;
            var begin = Stopwatch.GetTimestamp();
            for (; count < batch && !isOver; )
            {
                var number = source.Count;
                isOver = !source.TryRead(out var text);
                if (!isOver)
                    preparer.Take(EngineLane.LineOf(file.Options, number, text), lines[count++]);
            }

            var taken = Stopwatch.GetTimestamp();
            foreach (var line in lines.AsSpan(0, count))
                preparer.Prepare(line);

            var prepared = Stopwatch.GetTimestamp();
            foreach (var line in lines.AsSpan(0, count))
                engine.Conclude(line).Detach();

            var concluded = Stopwatch.GetTimestamp();
            foreach (var line in lines.AsSpan(0, count))
            {
                if (line.Result.IsAlert)
                    line.Result.ToAlert();
            }

            var end = Stopwatch.GetTimestamp();
            shares.Add((double)(concluded - prepared + taken - begin) / (end - begin));
        }

        return Lane.Median(shares.Skip(shares.Count / 2));
    }

    private static List<Figure> Measure(Ruleset ruleset, CorpusFile file, int workers)
    {
        var (run, corpus) = (new ParallelRun(ruleset, file), file.Options);

        // The first run compiles.
        run.Run(1);
        var (one, many) = (new List<(double Wall, double Cpu)>(), new List<(double Wall, double Cpu)>());
        long alerts = 0;
        for (var round = 0; round < Rounds; round++)
        {
            one.Add(run.Run(1));
            alerts = run.Alerts;
            many.Add(run.Run(workers));
            if (run.Alerts != alerts)
                throw new InvalidOperationException($"One worker makes {alerts} alerts, {workers} make {run.Alerts}.");
        }

        var name = $"workers.{corpus.Kind.ToString().ToLowerInvariant()}.";
        return
        [
            new(name + "alerts", alerts, "alerts"),
            new(name + "lines_per_second_1", corpus.Lines / Lane.Median(one.Select(r => r.Wall)), "lines/s"),
            new(name + $"lines_per_second_{workers}", corpus.Lines / Lane.Median(many.Select(r => r.Wall)), "lines/s"),
            new(name + "speedup", Lane.Median(one.Zip(many, (a, b) => a.Wall / b.Wall)), "x"),
            new(name + "speedup_best", one.Min(r => r.Wall) / many.Min(r => r.Wall), "x"),
            new(name + "ordered_share", OrderedShare(ruleset, file), "x"),
            new(name + "cpu_ratio", Lane.Median(many.Zip(one, (a, b) => a.Cpu / b.Cpu)), "x"),
        ];
    }
}
