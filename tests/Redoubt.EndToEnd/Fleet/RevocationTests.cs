using System.Net;
using Redoubt.Lab;

namespace Redoubt.Tests.EndToEnd.Fleet;

/// <summary>An agent that is taken out of the fleet, and how it comes back.</summary>
public class RevocationTests : LabTest
{
    private static readonly IPAddress Guest = IPAddress.Parse("192.0.2.77");

    [Fact]
    public async Task A_removed_agent_loses_its_connection_is_told_once_keeps_its_blocks_and_comes_back_with_a_token()
    {
        var redoubt = await DeployAsync();
        await RunAsync(redoubt, "blocks", "add", Guest.ToString(), "--host", "001");

        await RunAsync(redoubt, "agents", "remove", "web01");

        var told = await redoubt.Agent.Error.WaitForAsync("refuses this agent", Soon);
        Assert.Matches(@"agent 001 \(web01\) was removed from the fleet at .*enrol this host again.* Next try in 60 s", told);
        await redoubt.Manager.Error.WaitForAsync(@"Agent 001 \(web01\) has disconnected", Soon);
        Assert.Empty(await redoubt.AgentsAsync());
        Assert.NotNull(await Net.Agent.KernelBlockAsync(Guest));
        Assert.False(redoubt.Agent.HasExited, "Expected the agent to stay, for its blocks.");

        // Its certificate is void for a new start as well.
        await redoubt.Agent.StopAsync(Soon);
        await redoubt.StartAgentAsync();
        await redoubt.Agent.Error.WaitForAsync(@"refuses this agent: agent 001 \(web01\) was removed", Soon);
        await redoubt.Agent.StopAsync(Soon);

        var token = await redoubt.RedoubtAsync("agents", "token", "--agent", "001", "--home", redoubt.ManagerHome);
        var file = Path.Combine(Net.Folder, "again");
        await File.WriteAllTextAsync(file, token.Output);
        await redoubt.StartAgentAsync(file);
        await redoubt.WaitUntilUpAsync();
        Assert.Equal("001", Assert.Single(await redoubt.AgentsAsync()).GetProperty("id").GetString());
        Assert.NotNull(await Net.Agent.KernelBlockAsync(Guest));

        // The token file of a service that is started with it every time does no harm.
        await redoubt.Agent.StopAsync(Soon);
        await redoubt.StartAgentAsync(file);
        await redoubt.WaitUntilUpAsync();
    }

    [Fact]
    public async Task The_certificate_of_an_earlier_enrolment_is_void()
    {
        var redoubt = await DeployAsync();
        await redoubt.Agent.StopAsync(Soon);
        var copy = Path.Combine(Net.Folder, "copy");
        await Net.Manager.MustRunAsync("cp", "-a", redoubt.AgentHome, copy);
        var token = await redoubt.RedoubtAsync("agents", "token", "--agent", "web01", "--home", redoubt.ManagerHome);
        var file = Path.Combine(Net.Folder, "again");
        await File.WriteAllTextAsync(file, token.Output);
        File.Delete(Path.Combine(redoubt.AgentHome, "queue/agent/agent.pem"));
        await redoubt.StartAgentAsync(file);
        await redoubt.WaitUntilUpAsync();

        await using var thief = Net.Bystander.Start(Checkout.Redoubt, "agent", "--home", copy);

        await thief.Error.WaitForAsync("refuses this agent: agent 001 has enrolled again since this certificate was made", Soon);
        await redoubt.WaitUntilUpAsync();
    }

    private static async Task RunAsync(Deployment redoubt, params string[] words)
    {
        var result = await redoubt.RedoubtAsync([.. words, "--home", redoubt.ManagerHome]);
        Assert.True(result.Succeeded, $"redoubt {string.Join(' ', words)}: {result}");
    }
}
