using System.CommandLine;
using System.Diagnostics;
using System.Text.Json;
using Redoubt.Bench.Measure;
using Redoubt.Bench.Show;
using Redoubt.Corpus;

namespace Redoubt.Bench.Commands;

/// <summary><c>engine</c>: lines in, alert objects out; lines per processor second, memory and time to load, each corpus in a process of its own.</summary>
internal static class EngineCommand
{
    private const string Child = "engine-child";
    private const int Rounds = 100;
    private const int WarmRounds = 20;

    public static Command Create()
    {
        var (rules, corpus, output) = (new RulesetChoice(), new CorpusChoice(1_000_000), new OutputChoice());
        var command = new Command("engine", "Throughput, memory and load time of the engine alone.");
        rules.AddTo(command);
        corpus.AddTo(command);
        output.AddTo(command);
        command.SetAction(parsed =>
        {
            var figures = new List<Figure>();
            foreach (var kind in Enum.GetValues<CorpusKind>())
                figures.AddRange(RunChild(kind, parsed, rules, corpus));

            return output.Print(parsed, figures);
        });
        return command;
    }

    /// <summary>The process that measures one corpus.</summary>
    public static Command CreateChild()
    {
        var (rules, corpus) = (new RulesetChoice(), new CorpusChoice(1_000_000));
        var kind = new Option<CorpusKind>("--kind");
        var command = new Command(Child) { kind };
        command.Hidden = true;
        rules.AddTo(command);
        corpus.AddTo(command);
        command.SetAction(parsed =>
        {
            foreach (var figure in Measure(rules, parsed, corpus.Read(parsed, parsed.GetValue(kind))))
                Console.Out.WriteLine(JsonSerializer.Serialize(figure));
        });
        return command;
    }

    private static List<Figure> Measure(RulesetChoice rules, ParseResult parsed, CorpusOptions options)
    {
        var name = $"engine.{options.Kind.ToString().ToLowerInvariant()}.";
        using var corpus = new CorpusFile(options);

        var (clock, cpu) = (Stopwatch.StartNew(), CpuClock.Seconds);
        var ruleset = RulesetFolders.Load(rules.Read(parsed));
        var (loadWall, loadCpu) = (clock.Elapsed.TotalSeconds, CpuClock.Seconds - cpu);

        var lines = options.Lines / Rounds;
        using var lane = new EngineLane("engine", ruleset, corpus);
        using var yardstick = new Yardstick(corpus);

        // The first lines pay for compiling; what is measured is a manager that runs for days.
        cpu = CpuClock.Seconds;
        lane.Run(lines * WarmRounds / 2);
        var cold = (CpuClock.Seconds - cpu) / (lines * WarmRounds / 2);
        lane.Run(lines * WarmRounds / 2);
        yardstick.Run(lines * WarmRounds);
        var (allocated, alerts) = (GC.GetAllocatedBytesForCurrentThread(), lane.Alerts);
        Lane.TakeTurns([lane, yardstick], Rounds - WarmRounds, lines);
        allocated = GC.GetAllocatedBytesForCurrentThread() - allocated;
        alerts = lane.Alerts - alerts;
        return
        [
            new(name + "rules", ruleset.Rules.Count, "rules"),
            new(name + "load_seconds", loadWall, "s"),
            new(name + "load_cpu_seconds", loadCpu, "s"),
            new(name + "lines", options.Lines, "lines"),
            new(name + "alerts_percent", 100.0 * lane.Alerts / (lines * Rounds), "%"),
            new(name + "lines_per_cpu_second", 1e9 / lane.MedianCost, "lines/s"),
            new(name + "lines_per_cpu_second_quiet", 1e9 / lane.QuietCost, "lines/s"),
            new(name + "lines_per_cpu_second_cold", 1 / cold, "lines/s"),
            new(name + "yardstick_lines_per_cpu_second_quiet", 1e9 / yardstick.QuietCost, "lines/s"),
            new(name + "cost_in_yardsticks", lane.QuietCost / yardstick.QuietCost, "x"),
            new(name + "bytes_per_alert", (double)allocated / Math.Max(1, alerts), "bytes"),
            new(name + "peak_rss_mib", CpuClock.PeakMemoryMiB, "MiB"),
            new(name + "window_keys", lane.Engine.Counters.WindowKeys, "keys"),
        ];
    }

    private static List<Figure> RunChild(CorpusKind kind, ParseResult parsed, RulesetChoice rules, CorpusChoice corpus)
    {
        var options = corpus.Read(parsed, kind);
        var start = new ProcessStartInfo(Environment.ProcessPath!)
        {
            RedirectStandardOutput = true,
            UseShellExecute = false,
            ArgumentList =
            {
                Child,
                "--kind",
                kind.ToString(),
                "--lines",
                $"{options.Lines}",
                "--sources",
                $"{options.Sources}",
                "--seed",
                $"{options.Seed}",
            },
        };
        foreach (var argument in rules.ToArguments(parsed))
            start.ArgumentList.Add(argument);

        using var child = Process.Start(start)!;
        var figures = new List<Figure>();
        while (child.StandardOutput.ReadLine() is { } line)
            figures.Add(JsonSerializer.Deserialize<Figure>(line)!);

        child.WaitForExit();
        return child.ExitCode == 0 ? figures : throw new InvalidOperationException("The measuring process failed.");
    }
}
