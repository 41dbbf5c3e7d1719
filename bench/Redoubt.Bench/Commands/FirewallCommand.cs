using System.CommandLine;
using System.Diagnostics;
using System.Globalization;
using System.Text.Json;
using Redoubt.Bench.Measure;
using Redoubt.Bench.Show;
using Redoubt.Model;
using Redoubt.Respond.Firewall;
using Redoubt.Respond.Firewall.Nftables;

namespace Redoubt.Bench.Commands;

/// <summary><c>firewall</c>: what one more block costs in the process itself, read back from the kernel, with none and with many others there.</summary>
/// <remarks>Needs root. Measured by a process in a network namespace of its own; nothing of the machine's firewall is touched.</remarks>
internal static class FirewallCommand
{
    private const string Child = "firewall-child";
    private const int Rounds = 1_000;

    public static Command Create()
    {
        var output = new OutputChoice();
        var blocks = Blocks();
        var command = new Command("firewall", "Cost of one more block in the process, with its read-back, in a namespace of its own.")
        {
            blocks,
        };
        output.AddTo(command);
        command.SetAction(parsed => output.Print(parsed, RunChild(parsed.GetValue(blocks))));
        return command;
    }

    /// <summary>The process in the namespace.</summary>
    public static Command CreateChild()
    {
        var blocks = Blocks();
        var command = new Command(Child) { blocks };
        command.Hidden = true;
        command.SetAction(parsed =>
        {
            foreach (var figure in Measure(parsed.GetValue(blocks)))
                Console.Out.WriteLine(JsonSerializer.Serialize(figure));
        });
        return command;
    }

    private static Option<int> Blocks() =>
        new("--blocks")
        {
            Description = "Blocks that are in the kernel already.",
            DefaultValueFactory = _ => 100_000,
            HelpName = "N",
        };

    private static List<Figure> RunChild(int blocks)
    {
        using var space = new NetworkNamespace();
        using var child = Process.Start(
            new ProcessStartInfo(
                "ip",
                ["netns", "exec", space.Name, Environment.ProcessPath!, Child, "--blocks", blocks.ToString(CultureInfo.InvariantCulture)]
            )
            {
                RedirectStandardOutput = true,
                UseShellExecute = false,
            }
        )!;
        var figures = new List<Figure>();
        while (child.StandardOutput.ReadLine() is { } line)
            figures.Add(JsonSerializer.Deserialize<Figure>(line)!);

        child.WaitForExit();
        return child.ExitCode == 0 ? figures : throw new InvalidOperationException("The measuring process failed.");
    }

    private static List<Figure> Measure(int blocks)
    {
        using var firewall = NftablesFirewall.Open();
        TimeOne(firewall, 0);
        var (fastestEmpty, medianEmpty) = TimeOne(firewall, Rounds);

        var started = Stopwatch.GetTimestamp();
        foreach (var page in Enumerable.Range(0, blocks).Chunk(IFirewall.MaxEnsured))
        {
            var wanted = Array.ConvertAll(page, i => new FirewallEntry(Target("10", i), 3_600_000));
            if (Array.Exists(firewall.Ensure(wanted), result => result.State != FirewallState.Present))
                throw new InvalidOperationException("A block is not in the kernel.");
        }

        var load = Stopwatch.GetElapsedTime(started).TotalSeconds;
        var (fastestFull, medianFull) = TimeOne(firewall, 2 * Rounds);
        return
        [
            new("firewall.load", load, "s"),
            new("firewall.block_empty.fastest", fastestEmpty, "us"),
            new("firewall.block_empty.median", medianEmpty, "us"),
            new("firewall.block_full.fastest", fastestFull, "us"),
            new("firewall.block_full.median", medianFull, "us"),
            new("firewall.block.ratio", medianFull / medianEmpty, "x"),
        ];
    }

    private static (double Fastest, double Median) TimeOne(NftablesFirewall firewall, int first)
    {
        var times = new double[Rounds];
        for (var i = 0; i < Rounds; i++)
        {
            var target = Target("198", first + i);
            var started = Stopwatch.GetTimestamp();
            var result = firewall.Put(target, 3_600_000);
            times[i] = Stopwatch.GetElapsedTime(started).TotalMicroseconds;
            if (result.State != FirewallState.Present)
                throw new InvalidOperationException($"{target} is not in the kernel: {result}");
        }

        Array.Sort(times);
        return (times[0], times[Rounds / 2]);
    }

    private static BlockTarget Target(string first, int i) =>
        BlockTarget.TryParse(string.Create(CultureInfo.InvariantCulture, $"{first}.{i >> 16}.{(i >> 8) & 255}.{i & 255}"), out var target)
            ? target
            : throw new InvalidOperationException("That is no address.");
}
