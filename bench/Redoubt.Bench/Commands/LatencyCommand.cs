using System.CommandLine;
using Redoubt.Bench.Measure;
using Redoubt.Bench.Show;
using Redoubt.Lab;

namespace Redoubt.Bench.Commands;

/// <summary><c>latency</c>: from the deciding line in a log to the first dropped packet, beside the least that could block.</summary>
/// <remarks>Needs root; on virtual hosts of its own. The programs are those that <c>./run</c> starts, or the ones that
/// <c>REDOUBT_PROGRAM</c> names.</remarks>
internal static class LatencyCommand
{
    private const string Child = "latency-yardstick";
    private static readonly TimeSpan StartLimit = TimeSpan.FromSeconds(60);

    public static Command Create()
    {
        var output = new OutputChoice();
        var rounds = new Option<int>("--rounds")
        {
            Description = "Attacks of each kind, up to 100.",
            DefaultValueFactory = _ => 60,
            HelpName = "N",
        };
        var command = new Command("latency", "From the deciding line to the first dropped packet: yardstick, one host, two hosts.")
        {
            rounds,
        };
        output.AddTo(command);
        command.SetAction(async parsed => output.Print(parsed, await MeasureAsync(parsed.GetValue(rounds))));
        return command;
    }

    /// <summary>The yardstick's process.</summary>
    public static Command CreateChild()
    {
        var log = new Argument<string>("LOG");
        var command = new Command(Child) { log };
        command.Hidden = true;
        command.SetAction(parsed => BareBlocker.Run(parsed.GetRequiredValue(log)));
        return command;
    }

    private static async Task<List<Figure>> MeasureAsync(int rounds)
    {
        var yardstick = await InLabAsync((net, sshd) => YardstickAsync(net, sshd, rounds));
        var one = await InLabAsync((net, sshd) => OneHostAsync(net, sshd, rounds));
        var two = await InLabAsync((net, sshd) => TwoHostsAsync(net, sshd, rounds));
        return
        [
            .. Of("yardstick", yardstick),
            .. Of("one_host", one),
            .. Of("two_hosts", two),
            new("latency.one_host.in_yardsticks", At(one, 0.5) / At(yardstick, 0.5), "x"),
            new("latency.one_host.p99_over_yardstick", At(one, 0.99) - At(yardstick, 0.99), "ms"),
        ];
    }

    private static async Task<IReadOnlyList<TimeSpan>> InLabAsync(Func<LabNetwork, Sshd, Task<IReadOnlyList<TimeSpan>>> measure)
    {
        await using var net = await LabNetwork.CreateAsync();
        await using var sshd = await Sshd.StartAsync(net, net.Agent);
        return await measure(net, sshd);
    }

    private static async Task<IReadOnlyList<TimeSpan>> YardstickAsync(LabNetwork net, Sshd sshd, int rounds)
    {
        await using var blocker = net.Agent.Start(Environment.ProcessPath!, Child, Sshd.LogFile);
        await blocker.WaitForLineAsync($"^{BareBlocker.Ready}$", StartLimit);
        return await DropDelay.MeasureAsync(
            net,
            sshd,
            source => Task.FromResult(blocker.Said.Contains($"7 from {source} ", StringComparison.Ordinal)),
            rounds
        );
    }

    private static async Task<IReadOnlyList<TimeSpan>> OneHostAsync(LabNetwork net, Sshd sshd, int rounds)
    {
        var home = Path.Combine(net.Folder, "home");
        await using var up = net.Agent.Start(Checkout.Redoubt, "up", "--home", home, "--enforce");
        await up.WaitForLineAsync("^Redoubt is up", StartLimit);
        try
        {
            await net.Agent.MustRunAsync(Checkout.Redoubt, "status", "--home", home, "--wait", "30");
            return await DropDelay.MeasureAsync(
                net,
                sshd,
                async source => await DropDelay.CountAsync(Path.Combine(home, "logs/alerts/alerts.log"), source) >= 7,
                rounds
            );
        }
        finally
        {
            // It ends the programs that it started.
            await up.InterruptAsync(StartLimit);
        }
    }

    private static async Task<IReadOnlyList<TimeSpan>> TwoHostsAsync(LabNetwork net, Sshd sshd, int rounds)
    {
        await using var redoubt = await Deployment.StartAsync(net);
        return await DropDelay.MeasureAsync(net, sshd, redoubt, rounds);
    }

    private static IEnumerable<Figure> Of(string name, IReadOnlyList<TimeSpan> sorted) =>
        [
            new($"latency.{name}.fastest", sorted[0].TotalMilliseconds, "ms"),
            new($"latency.{name}.p50", At(sorted, 0.5), "ms"),
            new($"latency.{name}.p99", At(sorted, 0.99), "ms"),
        ];

    private static double At(IEnumerable<TimeSpan> times, double share) => Percentiles.Of(times.Select(t => t.TotalMilliseconds), share);
}
