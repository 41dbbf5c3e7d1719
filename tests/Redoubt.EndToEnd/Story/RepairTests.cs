using System.Text.Json;
using Redoubt.Lab;

namespace Redoubt.Tests.EndToEnd.Story;

/// <summary>Somebody empties the firewall of a host; manager and agent hear of it.</summary>
public class RepairTests : LabTest
{
    [Fact]
    public async Task Scenario_60_A_flushed_ruleset_is_repaired_raises_one_alert_and_is_counted()
    {
        await using var sshd = await Sshd.StartAsync(Net, Net.Agent);
        var redoubt = await DeployAsync(new DeploymentOptions { Shared = Deployment.ReadsResponseLog });
        await sshd.AppendAsync(AuthLogLines.Attack(Net.Attacker.IPv4));
        await WaitForKernelBlockAsync(Net.Attacker.IPv4);
        await redoubt.WaitForAlertAsync("651", Net.Attacker.IPv4, Soon);

        await Net.Agent.MustRunAsync("nft", "flush", "ruleset");
        await WaitForKernelBlockAsync(Net.Attacker.IPv4);
        Assert.Equal(100, await LossAsync());

        var alert = await redoubt.WaitForAlertAsync("659", source: null, Soon);
        var what = alert.GetProperty("data").GetProperty("what").GetString();
        Assert.Contains("by nft (process ", what, StringComparison.Ordinal);
        Assert.Contains("table inet redoubt was missing and was put back; 1 block was missing and is back", what, StringComparison.Ordinal);
        foreach (var line in (string[])["Agent 001 (web01) repaired its firewall", "The firewall was repaired"])
            await Wait.UntilAsync(() => redoubt.Said.Contains(line, StringComparison.Ordinal), $"the program logs say '{line}'", Soon);

        await Wait.UntilAsync(
            async () =>
            {
                var agent = (await redoubt.AgentsAsync()).Single();
                return agent.GetProperty("blocks_decided").GetInt32() == 1
                    && agent.GetProperty("blocks_enforced").GetInt32() == 1
                    && agent.GetProperty("repairs").GetInt64() == 1;
            },
            "'redoubt agents list --json' counts 1 of 1 blocks enforced and 1 repair",
            Soon
        );
        Assert.Equal(1, (await redoubt.AlertsAsync()).Count(a => Deployment.IsOf(a, "659")));
        var status = await redoubt.RedoubtAsync("status", "--home", redoubt.ManagerHome);
        Assert.Contains("enforced 1 of 1 decided", status.Output, StringComparison.Ordinal);
        Assert.Matches("001 web01 .* 1 of 1 +answers +1 ", status.Output);
        Assert.Matches("incident .*, 001 web01: ", status.Output);
        using var facts = JsonDocument.Parse((await redoubt.RedoubtAsync("status", "--home", redoubt.ManagerHome, "--json")).Output);
        Assert.Equal("001", facts.RootElement.GetProperty("incident").GetProperty("agent_id").GetString());
        var host = facts.RootElement.GetProperty("hosts")[0];
        Assert.Equal(1, host.GetProperty("blocks_enforced").GetInt32());
        Assert.Equal(1, host.GetProperty("repairs").GetInt64());
        Assert.True(host.GetProperty("enforcer").GetBoolean());
        Assert.True(host.GetProperty("lines").GetProperty("processed").GetInt64() >= 8, host.ToString());
        Assert.NotNull(host.GetProperty("lines").GetProperty("last_at").GetString());
    }
}
