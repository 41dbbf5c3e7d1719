using System.CommandLine;
using Redoubt.Bench.Measure;
using Redoubt.Bench.Show;
using Redoubt.Corpus;

namespace Redoubt.Bench.Commands;

/// <summary><c>replay</c>: the whole pipeline as a process of its own, from files to alerts on disk: lines per processor second, with and without
/// its start.</summary>
internal static class ReplayCommand
{
    // The start is taken off by comparing with a run of so many times fewer lines.
    private const int Fewer = 4;

    public static Command Create()
    {
        var (rules, corpus, output) = (new RulesetChoice(), new CorpusChoice(2_000_000), new OutputChoice());
        var program = ProgramChoice.Redoubt();
        var command = new Command("replay", "Throughput and memory of redoubt replay with alerts on disk, as a process.") { program };
        rules.AddTo(command);
        corpus.AddTo(command);
        output.AddTo(command);
        command.SetAction(parsed =>
        {
            var figures = new List<Figure>();
            string[] choice = [.. rules.ToArguments(parsed)];
            foreach (var kind in Enum.GetValues<CorpusKind>())
                figures.AddRange(Measure(parsed.GetValue(program)!, choice, corpus.Read(parsed, kind)));

            return output.Print(parsed, figures);
        });
        return command;
    }

    private static List<Figure> Measure(string program, string[] rules, CorpusOptions options)
    {
        var few = options with { Lines = options.Lines / Fewer };
        var (start, _, _) = Run(program, rules, few);
        var (cpu, wall, peak) = Run(program, rules, options);
        var name = $"replay.{options.Kind.ToString().ToLowerInvariant()}.";
        return
        [
            new(name + "lines", options.Lines, "lines"),
            new(name + "lines_per_cpu_second", options.Lines / cpu, "lines/s"),
            new(name + "lines_per_cpu_second_after_start", (options.Lines - few.Lines) / (cpu - start), "lines/s"),
            new(name + "wall_seconds", wall, "s"),
            new(name + "peak_rss_mib", peak, "MiB"),
        ];
    }

    private static (double Cpu, double Wall, double Peak) Run(string program, string[] rules, CorpusOptions options)
    {
        using var corpus = new CorpusFile(options);
        var folder = Directory.CreateTempSubdirectory("rdt-bench-");
        try
        {
            return MeasuredProcess.Run(
                program,
                ["replay", .. rules, "--year", "2026", "--timezone", "UTC", "--workers", "1", "--out", folder.FullName, corpus.Path]
            );
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }
}
