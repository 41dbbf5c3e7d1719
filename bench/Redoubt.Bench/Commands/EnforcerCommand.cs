using System.CommandLine;
using System.Diagnostics;
using System.Globalization;
using Redoubt.Bench.Measure;
using Redoubt.Bench.Show;
using Redoubt.Respond;

namespace Redoubt.Bench.Commands;

/// <summary><c>enforcer</c>: what a block costs with none and with many others in the kernel, loading many, repairing them, and memory.</summary>
/// <remarks>Needs root. A single block is timed as its caller sees it, with the read-back but without the search for open connections, which goes
/// on beside later blocks.</remarks>
internal static class EnforcerCommand
{
    private const int Rounds = 400;

    public static Command Create()
    {
        var output = new OutputChoice();
        var program = new Option<string>("--program")
        {
            Description = "The enforcer, as published (dotnet publish apps/redoubt-enforcer -c Release -o DIR).",
            HelpName = "PATH",
            Required = true,
        };
        var blocks = new Option<int>("--blocks")
        {
            Description = "Blocks to load.",
            DefaultValueFactory = _ => 100_000,
            HelpName = "N",
        };
        var command = new Command("enforcer", "Cost of a block, of loading and repairing many, and memory, in a namespace of its own.")
        {
            program,
            blocks,
        };
        output.AddTo(command);
        command.SetAction(
            async (parsed, _) => output.Print(parsed, await MeasureAsync(parsed.GetValue(program)!, parsed.GetValue(blocks)))
        );
        return command;
    }

    private static async Task<List<Figure>> MeasureAsync(string program, int count)
    {
        await using var enforcer = await EnforcerUnderTest.StartAsync(program);
        await enforcer.SendAsync(new EnforceRequest { Verb = EnforceVerb.Hello });
        var figures = new List<Figure> { new("enforcer.idle_memory", enforcer.MemoryMebibytes, "MiB") };

        var first = 0;
        await TimeOneAsync(enforcer, first);
        var (fastestEmpty, medianEmpty) = await TimeOneAsync(enforcer, first += Rounds);

        var pages = Enumerable.Range(0, count).Select(Address).Chunk(EnforceRequest.MaxTargets).ToArray();
        var started = Stopwatch.GetTimestamp();
        foreach (var page in pages)
            await enforcer.LoadAsync(page);
        figures.Add(new Figure("enforcer.load", Stopwatch.GetElapsedTime(started).TotalSeconds, "s"));
        figures.Add(new Figure("enforcer.full_memory", enforcer.MemoryMebibytes, "MiB"));

        var (fastestFull, medianFull) = await TimeOneAsync(enforcer, first + Rounds);
        figures.Add(new Figure("enforcer.block_empty.fastest", fastestEmpty, "us"));
        figures.Add(new Figure("enforcer.block_empty.median", medianEmpty, "us"));
        figures.Add(new Figure("enforcer.block_full.fastest", fastestFull, "us"));
        figures.Add(new Figure("enforcer.block_full.median", medianFull, "us"));
        figures.Add(new Figure("enforcer.block.ratio", fastestFull / fastestEmpty, "x"));
        return figures;
    }

    private static async Task<(double Fastest, double Median)> TimeOneAsync(EnforcerUnderTest enforcer, int first)
    {
        var times = new double[Rounds];
        for (var i = 0; i < Rounds; i++)
        {
            string[] target =
            [
                string.Create(
                    CultureInfo.InvariantCulture,
                    $"198.{18 + ((first + i) >> 16)}.{((first + i) >> 8) & 255}.{(first + i) & 255}"
                ),
            ];
            var started = Stopwatch.GetTimestamp();
            await enforcer.LoadAsync(target);
            times[i] = Stopwatch.GetElapsedTime(started).TotalMicroseconds;
        }

        Array.Sort(times);
        return (times[0], times[Rounds / 2]);
    }

    private static string Address(int i) => string.Create(CultureInfo.InvariantCulture, $"10.{i >> 16}.{(i >> 8) & 255}.{i & 255}");
}
