using System.Collections.Concurrent;
using System.CommandLine;
using System.Diagnostics;
using System.Globalization;
using System.Text;
using Redoubt.Bench.Measure;
using Redoubt.Bench.Show;
using Redoubt.Corpus;
using Redoubt.Transport.Certificates;
using Redoubt.Transport.Link;

namespace Redoubt.Bench.Commands;

/// <summary><c>fleet</c>: what many agents cost the manager, at rest and with lines. The agents are simulated, in a process of their own.</summary>
internal static class FleetCommand
{
    private const string ChildName = "fleet-clients";
    private const int JoinTogether = 16;
    private static readonly TimeSpan JoinLimit = TimeSpan.FromMinutes(30);

    public static Command Create()
    {
        var output = new OutputChoice();
        var program = ProgramChoice.Redoubt();
        var agents = Number("--agents", 10_000, "Agents that are connected.");
        var rate = Number("--rate", 0, "Lines of each in a second; 0: they are idle.");
        var settle = Number("--settle", 30, "Seconds before that: the compilers and the collector come to rest.");
        var seconds = Number("--seconds", 20, "How long is measured.");
        var command = new Command("fleet", "Memory and processor time of a manager with many agents; the delay of their lines.")
        {
            program,
            agents,
            rate,
            settle,
            seconds,
        };
        output.AddTo(command);
        command.SetAction(
            async (parsed, _) =>
                output.Print(
                    parsed,
                    await MeasureAsync(
                        parsed.GetValue(program)!,
                        parsed.GetValue(agents),
                        parsed.GetValue(rate),
                        TimeSpan.FromSeconds(parsed.GetValue(settle)),
                        TimeSpan.FromSeconds(parsed.GetValue(seconds))
                    )
                )
        );
        return command;
    }

    /// <summary>The simulated agents.</summary>
    public static Command CreateChild()
    {
        var address = new Argument<string>("address");
        var token = new Argument<string>("token");
        var folder = new Argument<string>("folder");
        var agents = new Argument<int>("agents");
        var rate = new Argument<int>("rate");
        var seconds = new Argument<int>("seconds");
        var command = new Command(ChildName) { address, token, folder, agents, rate, seconds };
        command.Hidden = true;
        command.SetAction(
            (parsed, _) =>
                BeAgentsAsync(
                    ManagerAddress.Parse(parsed.GetValue(address)!)!,
                    EnrolmentToken.Parse(File.ReadAllText(parsed.GetValue(token)!))!,
                    parsed.GetValue(folder)!,
                    parsed.GetValue(agents),
                    parsed.GetValue(rate),
                    TimeSpan.FromSeconds(parsed.GetValue(seconds))
                )
        );
        return command;
    }

    private static async Task<List<Figure>> MeasureAsync(string program, int agents, int rate, TimeSpan settle, TimeSpan span)
    {
        await using var manager = await ManagerUnderTest.StartAsync(program, JoinTogether * 4);
        var alone = manager.Process.ResidentMebibytes;
        var clock = Stopwatch.StartNew();
        await using var clients = await RunningProcess.StartAsync(
            "begun",
            Environment.ProcessPath!,
            ChildName,
            manager.Address,
            await manager.TokenFileAsync(agents),
            manager.CreateFolder("clients"),
            Text(agents),
            Text(rate),
            Text((int)(settle + span).TotalSeconds)
        );
        await clients.WaitForLineAsync("connected", JoinLimit);
        var joined = clock.Elapsed;
        await Task.Delay(settle);
        List<Figure> figures =
        [
            new("fleet.agents", agents, "agents"),
            new("fleet.join", joined.TotalSeconds, "s"),
            new("fleet.manager_alone", alone, "MiB"),
        ];
        var name = rate == 0 ? "fleet.idle_" : "fleet.busy_";
        var share = await manager.Process.ShareOfCoreAsync(span);
        figures.Add(new Figure(name + "cpu", share * 100, "% of a core"));
        figures.Add(new Figure(name + "memory", manager.Process.ResidentMebibytes, "MiB"));
        figures.Add(new Figure("fleet.peak_memory", manager.Process.PeakMebibytes, "MiB"));
        if (rate == 0)
            return figures;

        var told = (await clients.WaitForLineAsync("lines", JoinLimit)).Split(' ');
        figures.Add(new Figure("fleet.busy_lines", Value(told[1]) / (settle + span).TotalSeconds, "lines/s"));
        figures.Add(new Figure("fleet.busy_delay.p50", Value(told[2]), "ms"));
        figures.Add(new Figure("fleet.busy_delay.p99", Value(told[3]), "ms"));
        figures.Add(new Figure("fleet.busy_unanswered", Value(told[4]), "batches"));
        return figures;
    }

    private static async Task<int> BeAgentsAsync(
        ManagerAddress manager,
        EnrolmentToken token,
        string folder,
        int count,
        int rate,
        TimeSpan span
    )
    {
        await Console.Out.WriteLineAsync("begun");
        var (agents, delays) = (new ConcurrentBag<SimulatedAgent>(), new ConcurrentQueue<double>());
        using (var introduction = ManagerChannel.ForIntroduction(manager))
        {
            await Parallel.ForAsync(
                0,
                count,
                new ParallelOptions { MaxDegreeOfParallelism = JoinTogether },
                async (i, _) =>
                    agents.Add(
                        await SimulatedAgent.JoinAsync(
                            manager,
                            token,
                            $"bench{Text(i)}",
                            Path.Combine(folder, Text(i)),
                            introduction,
                            delays
                        )
                    )
            );
        }

        await Console.Out.WriteLineAsync("connected");
        if (rate > 0)
            await SendAsync([.. agents], delays, rate, span);

        // Until the measuring process ends this one.
        await Task.Delay(Timeout.Infinite);
        return 0;
    }

    // Each agent has its second; all of them together send evenly.
    private static async Task SendAsync(SimulatedAgent[] agents, ConcurrentQueue<double> delays, int rate, TimeSpan span)
    {
        const int stepsPerSecond = 50;
        var lines = Encoding
            .UTF8.GetString(LineCorpus.Make(new CorpusOptions { Kind = CorpusKind.Mixed, Lines = rate * 1000 }))
            .Split('\n', StringSplitOptions.RemoveEmptyEntries)
            .Select(Encoding.UTF8.GetBytes)
            .ToArray();
        using var timer = new PeriodicTimer(TimeSpan.FromSeconds(1.0 / stepsPerSecond));
        var steps = (int)(span.TotalSeconds * stepsPerSecond);
        var sent = 0L;
        for (var step = 0; step < steps; step++)
        {
            for (var i = step % stepsPerSecond; i < agents.Length; i += stepsPerSecond)
            {
                var first = (int)(sent % (lines.Length - rate + 1));
                await agents[i].SendAsync(new ArraySegment<byte[]>(lines, first, rate));
                sent += rate;
            }

            await timer.WaitForNextTickAsync();
        }

        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(10));
        while (agents.Any(a => a.Unacknowledged > 0) && !limit.IsCancellationRequested)
            await timer.WaitForNextTickAsync();

        await Console.Out.WriteLineAsync(
            string.Create(
                CultureInfo.InvariantCulture,
                $"lines {sent} {Percentiles.Of(delays, 0.5)} {Percentiles.Of(delays, 0.99)} {agents.Sum(a => a.Unacknowledged)}"
            )
        );
    }

    private static Option<int> Number(string name, int value, string description) =>
        new(name)
        {
            Description = description,
            DefaultValueFactory = _ => value,
            HelpName = "N",
        };

    private static string Text(int number) => number.ToString(CultureInfo.InvariantCulture);

    private static double Value(string text) => double.Parse(text, CultureInfo.InvariantCulture);
}
