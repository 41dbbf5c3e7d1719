using System.Diagnostics;
using System.Globalization;
using Redoubt.Lab;

namespace Redoubt.Tests.EndToEnd.Story;

public class CrashTests : LabTest
{
    private const int TimeoutSeconds = 30;

    [Fact]
    public async Task Scenario_57_and_58_A_block_outlives_every_process_and_no_line_is_lost_or_counted_twice()
    {
        await using var sshd = await Sshd.StartAsync(Net, Net.Agent);
        var redoubt = await DeployAsync(new DeploymentOptions { TimeoutSeconds = TimeoutSeconds });
        await sshd.AppendAsync(Lines("before", 5));
        await sshd.AppendAsync(AuthLogLines.Attack(Net.Attacker.IPv4));
        await WaitForKernelBlockAsync(Net.Attacker.IPv4);
        var begin = Stopwatch.GetTimestamp();

        await KillAllAsync(redoubt);
        Assert.True(await LossAsync() == 100, "Expected the block to stay when agent, enforcer and manager are killed.");
        await sshd.AppendAsync(Lines("away", 5));

        await redoubt.StartManagerAsync();
        await redoubt.StartEnforcerAsync();
        await redoubt.StartAgentAsync();
        await redoubt.WaitUntilUpAsync();
        var known = await redoubt.WaitForStateAsync(Net.Attacker.IPv4, "enforced", Soon);
        Assert.InRange(known.GetProperty("remaining_s").GetDouble(), 0, TimeoutSeconds);
        Assert.True(await LossAsync() == 100, "Expected the block to be in force after the restart.");

        // Only the manager goes away: what the agent reads meanwhile waits for it.
        await redoubt.Manager.KillAsync();
        await sshd.AppendAsync(Lines("alone", 5));
        await redoubt.StartManagerAsync();
        await redoubt.WaitUntilUpAsync();
        foreach (var marker in (string[])["before", "away", "alone"])
            await EachLineOnceAsync(redoubt, marker);

        await KillAllAsync(redoubt);
        await WaitForNoKernelBlockAsync(Net.Attacker.IPv4, TimeSpan.FromSeconds(TimeoutSeconds + 5));
        Assert.InRange(Stopwatch.GetElapsedTime(begin).TotalSeconds, TimeoutSeconds - 2, TimeoutSeconds + 2);
        Assert.True(await LossAsync() == 0, "Expected the block to end on time although everything of ours is dead.");

        await redoubt.StartManagerAsync();
        await redoubt.StartEnforcerAsync();
        await redoubt.StartAgentAsync();
        await redoubt.WaitUntilUpAsync();
        Assert.Null(await Net.Agent.KernelBlockAsync(Net.Attacker.IPv4));
        foreach (var marker in (string[])["before", "away", "alone"])
            await EachLineOnceAsync(redoubt, marker);
        Assert.Equal(1, (await redoubt.AlertsAsync()).Count(a => Deployment.IsOf(a, "5712")));
    }

    // Each line names an address of its own, so that they add up to no attack.
    private static string Lines(string marker, int count) =>
        string.Concat(
            AuthLogLines
                .Addresses("198.51.100", count)
                .Select((a, i) => AuthLogLines.InvalidUser(a, i, string.Create(CultureInfo.InvariantCulture, $"{marker}{i}")))
        );

    private static async Task EachLineOnceAsync(Deployment redoubt, string marker)
    {
        for (var i = 0; i < 5; i++)
        {
            var user = string.Create(CultureInfo.InvariantCulture, $" {marker}{i} from ");
            await Wait.ForLineAsync(redoubt.ArchivesLog, l => l.Contains(user, StringComparison.Ordinal), $"the line with{user}", Soon);
            var times = (await Wait.LinesAsync(redoubt.ArchivesLog)).Count(l => l.Contains(user, StringComparison.Ordinal));
            Assert.True(times == 1, $"Expected the line with '{user.Trim()}' exactly once in archives.log, found {times}.");
            var alerts = (await Wait.LinesAsync(redoubt.AlertsJson)).Count(l =>
                l.Contains(user, StringComparison.Ordinal) && l.Contains("\"5710\"", StringComparison.Ordinal)
            );
            Assert.True(alerts == 1, $"Expected exactly one alert 5710 for '{user.Trim()}', found {alerts}.");
        }
    }

    private static async Task KillAllAsync(Deployment redoubt)
    {
        await redoubt.Agent.KillAsync();
        await redoubt.Enforcer.KillAsync();
        await redoubt.Manager.KillAsync();
    }
}
