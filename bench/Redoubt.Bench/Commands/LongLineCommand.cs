using System.CommandLine;
using System.Text;
using Redoubt.Bench.Measure;
using Redoubt.Bench.Show;
using Redoubt.Engine;
using Redoubt.Model;

namespace Redoubt.Bench.Commands;

/// <summary><c>longlines</c>: what a line costs that somebody padded to hold the engine up.</summary>
internal static class LongLineCommand
{
    // Enough to tell the dear lines from the others; then enough for the dear ones to be compiled as in a manager that runs for days.
    private const int FirstRepeats = 3;
    private const int Repeats = 60;
    private const int Dear = 20;
    private const int Shown = 5;

    private static readonly string[] Heads =
    [
        "",
        "Mar  2 06:00:00 web1 sshd[1]: ",
        "Mar  2 06:00:00 web1 sshd[1]: Failed password for invalid user ",
        "Mar  2 06:00:00 web1 kernel: [1.1] ",
        "Mar  2 06:00:00 web1 postfix/smtpd[1]: NOQUEUE: reject: ",
        "Mar  2 06:00:00 web1 sudo: ",
        "Mar  2 06:00:00 web1 su: ",
        "192.0.2.7 - - [02/Mar/2026:06:00:00 +0000] \"GET /",
        "{\"a\":\"",
        "type=SYSCALL msg=audit(1.1:1): ",
    ];

    private static readonly string[] Fillings =
    [
        "a",
        "1",
        " ",
        ":",
        "\0",
        "a ",
        "1.2.3.4 ",
        "from 1.2.3.4 port 1 ",
        "user root from ",
        "=\"",
        "a=b ",
        "%20",
        "../",
        "\",\"b\":\"",
        "[",
        "failed error denied invalid authentication ",
    ];

    // What makes a decoder begin, at the far end.
    private static readonly string[] Tails = ["", " %FTD-6-302013: Built x D 1", "%ASA-6-302013: Built", " MSWinEventLog 1 Security 1 x"];

    public static Command Create()
    {
        var (rules, output) = (new RulesetChoice(), new OutputChoice());
        var kibibytes = new Option<int>("--kib")
        {
            Description = "Length of the lines, KiB.",
            DefaultValueFactory = _ => 64,
            HelpName = "N",
        };
        var command = new Command("longlines", "The dearest of many lines that are made to be dear.") { kibibytes };
        rules.AddTo(command);
        output.AddTo(command);
        command.SetAction(parsed =>
            output.Print(parsed, Measure(RulesetFolders.Load(rules.Read(parsed)), parsed.GetValue(kibibytes) * 1_024))
        );
        return command;
    }

    private static List<Figure> Measure(Ruleset ruleset, int bytes)
    {
        var engine = new AnalysisEngine(ruleset, new EngineOptions());
        var costs = new List<(double Seconds, byte[] Line, string Head, string Filling)>();
        foreach (var head in Heads)
        {
            foreach (var filling in Fillings)
            {
                foreach (var tail in Tails)
                {
                    var line = Encoding.Latin1.GetBytes(head + string.Concat(Enumerable.Repeat(filling, (bytes / filling.Length) + 1)))[
                        ..bytes
                    ];
                    Encoding.Latin1.GetBytes(tail).CopyTo(line, line.Length - tail.Length);
                    costs.Add((Cost(FirstRepeats, () => Send(engine, line)), line, head, filling + tail));
                }
            }
        }

        var dear = costs
            .OrderByDescending(c => c.Seconds)
            .Take(Dear)
            .Select(c =>
                (
                    Seconds: Cost(Repeats, () => Send(engine, c.Line)),
                    Yardstick: Cost(Repeats, () => Yardstick.Search(c.Line)),
                    c.Head,
                    c.Filling
                )
            )
            .OrderByDescending(c => c.Seconds)
            .ToList();
        var worst = dear[0];
        foreach (var line in dear.Take(Shown))
            Console.Error.WriteLine($"{line.Seconds * 1_000, 6:F2} ms: '{line.Head}' and then '{line.Filling}' again and again.");

        return
        [
            new("longlines.worst_ms", worst.Seconds * 1_000, "ms"),
            new("longlines.worst_cold_ms", costs.Max(c => c.Seconds) * 1_000, "ms"),
            new("longlines.median_ms", Lane.Median(costs.Select(c => c.Seconds)) * 1_000, "ms"),
            new("longlines.worst_in_yardsticks", worst.Seconds / Lane.Median(dear.Select(c => c.Yardstick)), "x"),
            new("longlines.over_budget", engine.Counters.OverBudget, "lines"),
        ];
    }

    // The quickest of several: what the work costs, not what the machine was busy with. The first calls compile.
    private static double Cost(int repeats, Action work)
    {
        var best = double.MaxValue;
        for (var i = 0; i < repeats; i++)
        {
            var before = CpuClock.Seconds;
            work();
            best = Math.Min(best, CpuClock.Seconds - before);
        }

        return best;
    }

    private static void Send(AnalysisEngine engine, byte[] line)
    {
        var result = engine.Analyse(
            new LogLine
            {
                Text = line,
                ArrivalUnixMilliseconds = 1_772_445_600_000,
                Agent = EngineLane.Host,
                Location = "/var/log/auth.log",
            }
        );
        if (result.IsAlert)
            result.ToAlert();
    }
}
