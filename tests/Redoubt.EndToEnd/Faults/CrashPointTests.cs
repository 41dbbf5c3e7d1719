using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Security.Cryptography;
using System.Text.Json;
using Redoubt.Lab;

namespace Redoubt.Tests.EndToEnd.Faults;

/// <summary>The manager holds the ledger; wherever in the life of a block it is killed, ledger and kernel come to agree.</summary>
public class CrashPointTests : LabTest
{
    private const int RoundsEach = 2;
    private const int LongestAfterMicroseconds = 3000;

    [Fact]
    public async Task Wherever_the_manager_is_killed_no_block_is_lost_doubled_or_unknown_to_the_ledger()
    {
        await using var sshd = await Sshd.StartAsync(Net, Net.Agent);
        var redoubt = await DeployAsync();
        var random = Seed();
        var steps = Steps(redoubt);
        var sources = AuthLogLines.Addresses("198.51.100", steps.Count * RoundsEach);
        for (var i = 0; i < sources.Count; i++)
        {
            var (step, watch) = steps[i % steps.Count];
            TestContext.Current.TestOutputHelper!.WriteLine($"{sources[i]}: killed after {step}");
            var isReached = watch(sources[i]);
            await sshd.AppendAsync(AuthLogLines.Attack(sources[i]));
            await ReachAsync(isReached, step);
            Spin(random.Next(LongestAfterMicroseconds));
            await redoubt.Manager.KillAsync();
            await redoubt.StartManagerAsync();
            await redoubt.WaitUntilUpAsync();
            await redoubt.WaitForStateAsync(sources[i], "enforced", Soon);
            await AgreeAsync(redoubt, sources.Take(i + 1));
        }

        var alerts = await redoubt.AlertsAsync();
        foreach (var source in sources)
            Assert.Equal(1, alerts.Count(a => Deployment.IsOf(a, "5712", source)));

        Assert.True((await redoubt.RedoubtAsync("blocks", "clear", "--all", "--home", redoubt.ManagerHome)).Succeeded);
        await Wait.UntilAsync(async () => (await Net.Agent.KernelBlocksAsync()).Count == 0, "the kernel holds no block", Soon);
    }

    // What can be seen from outside of the steps of a block, in their order.
    private List<(string Step, Func<IPAddress, Func<Task<bool>>> Watch)> Steps(Deployment redoubt)
    {
        var database = Path.Combine(redoubt.ManagerHome, "queue/redoubt.db-wal");
        return
        [
            ("the ledger was written", _ => Changes(database)),
            ("the agent has the order", _ => Changes(Path.Combine(redoubt.AgentHome, "queue/agent/blocks.log"))),
            ("the kernel has the block", source => async () => await Net.Agent.KernelBlockAsync(source) is not null),
            ("the outcome was stored", source => () => IsEnforcedAsync(redoubt, source)),
            ("the alert was written", _ => Changes(redoubt.AlertsJson)),
        ];
    }

    private static Func<Task<bool>> Changes(string file)
    {
        var before = StampOf(file);
        return () => Task.FromResult(StampOf(file) != before);
    }

    private static async Task<bool> IsEnforcedAsync(Deployment redoubt, IPAddress source) =>
        (await redoubt.BlocksAsync()).Any(b =>
            TargetOf(b) == source.ToString() && b.GetProperty("hosts")[0].GetProperty("state").GetString() == "enforced"
        );

    private static (long, DateTime) StampOf(string file)
    {
        var info = new FileInfo(file);
        return info.Exists ? (info.Length, info.LastWriteTimeUtc) : default;
    }

    // Nothing may be missed by looking too seldom: it looks again at once.
    private static async Task ReachAsync(Func<Task<bool>> isReached, string step)
    {
        var begin = Stopwatch.GetTimestamp();
        while (!await isReached())
        {
            if (Stopwatch.GetElapsedTime(begin) > Soon)
                throw new TimeoutException($"It was not seen that {step}.");
        }
    }

    private static void Spin(int microseconds)
    {
        var begin = Stopwatch.GetTimestamp();
        while (Stopwatch.GetElapsedTime(begin).TotalMicroseconds < microseconds)
            Thread.SpinWait(10);
    }

    private async Task AgreeAsync(Deployment redoubt, IEnumerable<IPAddress> sources)
    {
        var wanted = sources.Select(s => s.ToString()).Order(StringComparer.Ordinal).ToArray();
        string[] ledger = [],
            kernel = [];
        try
        {
            await Wait.UntilAsync(
                async () =>
                {
                    ledger = [.. (await redoubt.BlocksAsync()).Select(TargetOf).Order(StringComparer.Ordinal)];
                    kernel = [.. (await Net.Agent.KernelBlocksAsync()).Select(b => b.Target).Order(StringComparer.Ordinal)];
                    return ledger.SequenceEqual(wanted) && kernel.SequenceEqual(wanted);
                },
                "ledger and kernel hold the same",
                Soon
            );
        }
        catch (TimeoutException)
        {
            Assert.Equal(wanted, ledger);
            Assert.Equal(wanted, kernel);
            throw;
        }
    }

    private static string TargetOf(JsonElement block) => block.GetProperty("target").GetString()!;

    private static Random Seed()
    {
        var seed = Environment.GetEnvironmentVariable("REDOUBT_FAULTS_SEED") is { Length: > 0 } given
            ? int.Parse(given, CultureInfo.InvariantCulture)
            : RandomNumberGenerator.GetInt32(int.MaxValue);
        TestContext.Current.TestOutputHelper!.WriteLine($"REDOUBT_FAULTS_SEED={seed}");
        return new Random(seed);
    }
}
