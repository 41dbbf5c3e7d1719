using Redoubt.Lab;

namespace Redoubt.Tests.EndToEnd.Story;

/// <summary>What administrators do every day must not lose a block.</summary>
public class RoutineTests : LabTest
{
    [Fact]
    public async Task Scenario_13_A_pushed_agent_conf_is_read_and_no_block_disappears()
    {
        await using var sshd = await Sshd.StartAsync(Net, Net.Agent);
        var redoubt = await DeployAsync();
        await sshd.AppendAsync(AuthLogLines.Attack(Net.Attacker.IPv4));
        await WaitForKernelBlockAsync(Net.Attacker.IPv4);

        await redoubt.WriteSharedAsync(Deployment.ReadsResponseLog);

        // The agent reads only what is written after it got the new configuration; when that is, only the alert tells.
        var sources = AuthLogLines.Addresses("192.0.2", 30).GetEnumerator();
        await Wait.UntilAsync(
            async () =>
            {
                Assert.True(sources.MoveNext(), "Expected alert 651 once agent.conf has the localfile; none came after 30 blocks.");
                await sshd.AppendAsync(AuthLogLines.Attack(sources.Current));
                await WaitForKernelBlockAsync(sources.Current);
                return (await redoubt.AlertsAsync()).Any(a => Deployment.IsOf(a, "651"));
            },
            "alert 651 after agent.conf was pushed",
            TimeSpan.FromSeconds(30)
        );
        Assert.NotNull(await Net.Agent.KernelBlockAsync(Net.Attacker.IPv4));
        Assert.True(await LossAsync() == 100, "Expected the block to stay when agent.conf is pushed.");
    }

    [Fact]
    public async Task Scenario_22_A_response_runs_though_its_alert_is_below_the_level_that_is_written()
    {
        await using var sshd = await Sshd.StartAsync(Net, Net.Agent);
        var redoubt = await DeployAsync(new DeploymentOptions { Manager = "<alerts><log_alert_level>12</log_alert_level></alerts>" });

        await sshd.AppendAsync(AuthLogLines.Attack(Net.Attacker.IPv4));

        await WaitForKernelBlockAsync(Net.Attacker.IPv4);
        await redoubt.WaitForStateAsync(Net.Attacker.IPv4, "enforced", Soon);
        Assert.Empty(await redoubt.AlertsAsync());
    }
}
