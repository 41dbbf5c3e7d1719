using System.Text.Json;
using Redoubt.Lab;

namespace Redoubt.Tests.EndToEnd.Fleet;

/// <summary>Certificates of real agents that come to their end.</summary>
public class RenewalTests : LabTest
{
    private static readonly TimeSpan Lifetime = TimeSpan.FromMinutes(1);

    [Fact]
    public async Task A_certificate_is_renewed_over_the_live_connection_and_good_for_the_next_start()
    {
        var redoubt = await DeployAsync(
            new DeploymentOptions { Manager = "<agent_port><certificate_lifetime>1m</certificate_lifetime></agent_port>" }
        );
        var file = Path.Combine(redoubt.AgentHome, "queue/agent/agent.pem");
        var told = redoubt.Agent.Error.Lines.Count;
        var before = await File.ReadAllTextAsync(file);
        var ends = await EndAsync(redoubt);

        await redoubt.Agent.Error.WaitForAsync("The certificate of this agent was renewed", Lifetime, told);

        Assert.NotEqual(before, await File.ReadAllTextAsync(file));
        Assert.True(await EndAsync(redoubt) > ends);
        Assert.False(File.Exists(Path.Combine(redoubt.AgentHome, "queue/agent/renewal-key.pem")));
        Assert.Single(redoubt.Manager.Error.Lines, l => l.Contains("is connected from", StringComparison.Ordinal));
        await redoubt.Agent.StopAsync(Soon);
        await redoubt.StartAgentAsync();
        await redoubt.WaitUntilUpAsync();
    }

    [Fact]
    public async Task A_damaged_certificate_of_the_agent_beside_the_manager_is_made_anew()
    {
        var redoubt = await Deployment.PrepareAsync(Net);
        await using var ending = redoubt;
        await redoubt.StartManagerAsync();
        await redoubt.Manager.StopAsync(Soon);
        var file = Path.Combine(redoubt.ManagerHome, "queue/agent/agent.pem");
        var half = (await File.ReadAllTextAsync(file))[..200];
        await File.WriteAllTextAsync(file, half);

        await redoubt.StartManagerAsync();

        await redoubt.Manager.Error.WaitForAsync("agent beside this manager is damaged and is made anew", Soon);
        Assert.Equal(half, await File.ReadAllTextAsync(file + ".damaged"));
        await using var agent = Net.Manager.Start(Checkout.Redoubt, "agent", "--home", redoubt.ManagerHome);
        await agent.Error.WaitForAsync("Connected to manager .* as agent 000", Lifetime);
        await agent.StopAsync(Soon);

        // One that trusts another manager is not ours to replace.
        await redoubt.Manager.StopAsync(Soon);
        await File.WriteAllTextAsync(file, half);
        BadInput.Certificates.WriteAuthority(Path.Combine(redoubt.ManagerHome, "queue/agent/manager-authority.pem"));
        var refused = await Net.Manager.RunAsync(
            Checkout.Redoubt,
            "manager",
            "--home",
            redoubt.ManagerHome,
            "--listen",
            $"{Net.Manager.IPv4}:7514"
        );
        Assert.Equal(3, refused.ExitCode);
        BadInput.Messages.AssertShort(refused.Error);
        Assert.Equal(half, await File.ReadAllTextAsync(file));
    }

    private static async Task<DateTimeOffset> EndAsync(Deployment redoubt)
    {
        var shown = await redoubt.RedoubtAsync("agents", "show", "web01", "--home", redoubt.ManagerHome, "--json");
        return JsonSerializer.Deserialize<JsonElement>(shown.Output).GetProperty("certificate_ends").GetDateTimeOffset();
    }
}
