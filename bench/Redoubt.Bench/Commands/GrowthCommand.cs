using System.CommandLine;
using Redoubt.Bench.Measure;
using Redoubt.Bench.Show;
using Redoubt.Corpus;
using Redoubt.Engine;

namespace Redoubt.Bench.Commands;

/// <summary><c>growth</c>: what a line costs with more sources, more lines and more rules, and what a source costs in memory.</summary>
/// <remarks>Engines that are compared work in turn in one process, so that a busy machine slows down all of them.</remarks>
internal static class GrowthCommand
{
    private const int Rounds = 20;
    private static readonly int[] Sources = [1_000, 20_000, 200_000];
    private static readonly int[] RuleCounts = [1, 100];

    public static Command Create()
    {
        var (rules, output) = (new RulesetChoice(), new OutputChoice());
        var lines = new Option<int>("--lines")
        {
            Description = "Lines that each engine reads.",
            DefaultValueFactory = _ => 1_000_000,
            HelpName = "N",
        };
        var command = new Command("growth", "Cost per line against the number of sources, lines and rules; memory per source.") { lines };
        rules.AddTo(command);
        output.AddTo(command);
        command.SetAction(parsed =>
        {
            var source = rules.Read(parsed);
            var all = RulesetFolders.Load(source);
            var count = parsed.GetValue(lines);
            return output.Print(parsed, [.. BySources(all, count), .. ByLines(all, count), .. ByRules(source, all, count), .. Memory(all)]);
        });
        return command;
    }

    private static List<Figure> BySources(Ruleset ruleset, int lines)
    {
        // Fast enough that all sources are remembered at a time.
        var files = Array.ConvertAll(
            Sources,
            n => new CorpusFile(
                new CorpusOptions
                {
                    Lines = lines,
                    Sources = n,
                    LinesPerSecond = Math.Max(1, lines / 100),
                }
            )
        );
        var lanes = files.Zip(Sources, (file, n) => new EngineLane($"growth.sources_{n}", ruleset, file)).ToList();
        var figures = Compare(lanes, lines, "growth.sources");
        for (var i = 0; i < lanes.Count; i++)
            figures.Add(new Figure($"{lanes[i].Name}.window_keys", lanes[i].Engine.Counters.WindowKeys, "keys"));

        lanes.ForEach(lane => lane.Dispose());
        Array.ForEach(files, file => file.Dispose());
        return figures;
    }

    // One engine that has read a million lines against one that begins anew again and again.
    private static List<Figure> ByLines(Ruleset ruleset, int lines)
    {
        var lanes = new List<EngineLane>();
        using var file = new CorpusFile(new CorpusOptions { Lines = lines });
        using var old = new EngineLane("growth.lines_all", ruleset, file);
        old.Run(lines / 2);
        using var young = new EngineLane("growth.lines_first_tenth", ruleset, file);
        lanes.AddRange([young, old]);
        return Compare(lanes, lines / 10, "growth.lines", skip: 2);
    }

    private static List<Figure> ByRules(RulesetSource source, Ruleset all, int lines)
    {
        var figures = new List<Figure>();
        foreach (var kind in Enum.GetValues<CorpusKind>())
        {
            using var file = new CorpusFile(new CorpusOptions { Kind = kind, Lines = lines });
            var met = RulesMet(all, file);
            var rulesets = RuleCounts.Select(n => RulesetFolders.Load(RuleSubset.Of(source, n == 1 ? [] : met, n))).Append(all);
            var name = $"growth.rules.{kind.ToString().ToLowerInvariant()}";
            var lanes = rulesets.Select(r => new EngineLane($"{name}_{r.Rules.Count}", r, file)).ToList();

            // Without its rules a corpus makes no alerts: that engine is shown, but it is no measure for the others.
            figures.AddRange(Compare(lanes, lines, name, from: 1));
            lanes.ForEach(lane => lane.Dispose());
        }

        return figures;
    }

    private static HashSet<int> RulesMet(Ruleset ruleset, CorpusFile file)
    {
        var met = new HashSet<int>();
        using var lane = new EngineLane("met", ruleset, file) { OnRule = rule => met.Add(rule) };
        lane.Run(Math.Min(200_000, file.Options.Lines));
        return met;
    }

    private static List<Figure> Memory(Ruleset ruleset)
    {
        const int lines = 1_200_000;
        const int few = 1_000;
        const int many = 150_000;
        var (small, _) = HeapOf(few);
        var (large, keys) = HeapOf(many);
        return
        [
            new Figure("growth.bytes_per_source", (large - small) / (many - few), "bytes"),
            new Figure("growth.window_keys_per_source", (double)keys / many, "keys"),
        ];

        (double Bytes, int Keys) HeapOf(int sources)
        {
            // A small ring, which is full either way, so that what is left is what a source costs.
            var options = new EngineOptions { HostName = "web1", MaxRememberedLineBytes = 2 << 20 };
            using var file = new CorpusFile(
                new CorpusOptions
                {
                    Lines = lines,
                    Sources = sources,
                    LinesPerSecond = lines / 100,
                }
            );
            var before = GC.GetTotalMemory(forceFullCollection: true);
            using var lane = new EngineLane("memory", ruleset, file, options);
            lane.Run(lines);
            var bytes = GC.GetTotalMemory(forceFullCollection: true) - before;
            return (bytes, lane.Engine.Counters.WindowKeys);
        }
    }

    // The first rounds compile and fill windows.
    private static List<Figure> Compare(List<EngineLane> lanes, int lines, string name, int skip = Rounds / 2, int from = 0)
    {
        Lane.TakeTurns(lanes, Rounds, lines / Rounds);
        var first = lanes[from];
        var figures = new List<Figure>();
        foreach (var lane in lanes)
            figures.Add(new Figure(lane.Name + ".ns_per_line", Lane.Median(lane.Costs.Skip(skip)), "ns"));

        foreach (var lane in lanes.Skip(from + 1))
            figures.Add(
                new Figure(
                    lane == lanes[^1] ? name + ".ratio" : lane.Name + ".ratio",
                    Lane.Median(lane.Costs.Zip(first.Costs, (a, b) => a / b).Skip(skip)),
                    "x"
                )
            );

        return figures;
    }
}
