using System.CommandLine;
using System.Diagnostics;
using System.Globalization;
using System.Text;
using Redoubt.Bench.Measure;
using Redoubt.Bench.Show;
using Redoubt.Corpus;
using Redoubt.Lab;

namespace Redoubt.Bench.Commands;

/// <summary><c>path</c>: the way of a line through real processes, from a log file through agent and manager to the alert on disk.</summary>
internal static class PathCommand
{
    // What the whole path has to carry; the delay is measured at a hundredth of it.
    private const int FullRate = 200_000;
    private const int Probes = 200;
    private static readonly TimeSpan Settling = TimeSpan.FromSeconds(3);
    private static readonly TimeSpan Watching = TimeSpan.FromSeconds(10);

    public static Command Create()
    {
        var (corpus, output) = (new CorpusChoice(1_000_000), new OutputChoice());
        var (program, agent) = (ProgramChoice.Redoubt(), ProgramChoice.Agent());
        var command = new Command("path", "Lines per second from a log to alerts on disk, their delay, and what the agent takes.")
        {
            program,
            agent,
        };
        corpus.AddTo(command);
        output.AddTo(command);
        command.SetAction(
            async (parsed, _) =>
                output.Print(
                    parsed,
                    await MeasureAsync(parsed.GetValue(program)!, parsed.GetValue(agent)!, corpus.Read(parsed, CorpusKind.Mixed))
                )
        );
        return command;
    }

    private static async Task<List<Figure>> MeasureAsync(string program, string agentProgram, CorpusOptions options)
    {
        await using var manager = await ManagerUnderTest.StartAsync(program, strangers: 10);
        var home = manager.CreateFolder("A");
        var log = Path.Combine(home, "mixed.log");
        await using var writer = new FileStream(log, FileMode.Create, FileAccess.Write, FileShare.ReadWrite, bufferSize: 0);
        Directory.CreateDirectory(Path.Combine(home, "etc"));
        await File.WriteAllTextAsync(
            Path.Combine(home, "etc/redoubt.conf"),
            $"<redoubt_config><localfile><log_format>syslog</log_format><location>{log}</location></localfile></redoubt_config>\n"
        );
        await using var agent = await RunningProcess.StartAsync(
            "ready agent",
            agentProgram,
            "--home",
            home,
            "--manager",
            manager.Address,
            "--token-file",
            await manager.TokenFileAsync(1)
        );
        using var alerts = new AlertTail(manager.AlertsJson);
        var figures = new List<Figure>();

        await Task.Delay(Settling);
        figures.Add(new Figure("path.agent_idle_memory", agent.ResidentMebibytes, "MiB"));
        figures.Add(new Figure("path.agent_idle_cpu", 100 * await agent.ShareOfCoreAsync(Watching), "% of a core"));

        // Once for the compilers, once for the figure.
        Through(writer, alerts, options with { Lines = options.Lines / 10 }, "203.0.113.1");
        var (agentBefore, managerBefore) = (agent.CpuSeconds, manager.Process.CpuSeconds);
        var seconds = Through(writer, alerts, options, "203.0.113.2");
        figures.Add(new Figure("path.lines", options.Lines / seconds, "lines/s"));
        figures.Add(new Figure("path.agent_cpu", 1e6 * (agent.CpuSeconds - agentBefore) / options.Lines, "us/line"));
        figures.Add(new Figure("path.manager_cpu", 1e6 * (manager.Process.CpuSeconds - managerBefore) / options.Lines, "us/line"));
        figures.Add(new Figure("path.agent_full_speed_memory", agent.PeakMebibytes, "MiB"));

        var delays = Delays(writer, alerts, options);
        figures.Add(new Figure("path.delay.p50", Percentiles.Of(delays, 0.5), "ms"));
        figures.Add(new Figure("path.delay.p99", Percentiles.Of(delays, 0.99), "ms"));

        var slow = AtRateAsync(writer, options with { Lines = 100 * (int)Watching.TotalSeconds }, Watching);
        figures.Add(new Figure("path.agent_cpu_at_100_lines", 100 * await agent.ShareOfCoreAsync(Watching), "% of a core"));
        await slow;
        return figures;
    }

    /// <summary>Writes lines at once, and waits until the last one's alert is on disk.</summary>
    private static double Through(FileStream log, AlertTail alerts, CorpusOptions options, string lastSource)
    {
        byte[] bytes = [.. LineCorpus.Make(options), .. Alerting(lastSource)];
        var started = Stopwatch.GetTimestamp();
        log.Write(bytes);
        return Stopwatch.GetElapsedTime(started, alerts.WaitFor(Encoding.UTF8.GetBytes(lastSource))).TotalSeconds;
    }

    /// <summary>Milliseconds from writing a line to its alert, with other lines around it at a hundredth of the full rate.</summary>
    private static List<double> Delays(FileStream log, AlertTail alerts, CorpusOptions options)
    {
        const int between = 20;
        const int linesBetween = FullRate / 100 * between / 1000;
        var background = LineCorpus.Make(options with { Lines = linesBetween, Seed = options.Seed + 1 });
        var delays = new List<double>();
        for (var i = 0; i < Probes; i++)
        {
            log.Write(background);
            Native.SleepMicroseconds(between * 1000);
            var source = string.Create(CultureInfo.InvariantCulture, $"203.0.{200 + (i >> 8)}.{i & 255}");
            var line = Alerting(source);
            var started = Stopwatch.GetTimestamp();
            log.Write(line);
            var seen = alerts.WaitFor(Encoding.UTF8.GetBytes($"\"{source}\""));
            delays.Add(Stopwatch.GetElapsedTime(started, seen).TotalMilliseconds);
        }

        return delays;
    }

    private static async Task AtRateAsync(FileStream log, CorpusOptions options, TimeSpan span)
    {
        var lines = Encoding.UTF8.GetString(LineCorpus.Make(options)).Split('\n', StringSplitOptions.RemoveEmptyEntries);
        using var timer = new PeriodicTimer(span / lines.Length);
        foreach (var line in lines)
        {
            log.Write(Encoding.UTF8.GetBytes(line + "\n"));
            await timer.WaitForNextTickAsync();
        }
    }

    private static byte[] Alerting(string source) =>
        Encoding.UTF8.GetBytes($"Mar  2 10:00:00 bench sshd[4242]: Invalid user bench from {source} port 4242\n");
}
