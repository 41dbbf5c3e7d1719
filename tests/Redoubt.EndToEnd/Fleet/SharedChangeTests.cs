using System.Net;
using Redoubt.Lab;

namespace Redoubt.Tests.EndToEnd.Fleet;

/// <summary>A group's <c>agent.conf</c> that changes while its agents run and hold blocks.</summary>
public class SharedChangeTests : LabTest
{
    private static readonly IPAddress Guest = IPAddress.Parse("192.0.2.77");

    [Fact]
    public async Task A_change_is_applied_in_the_running_agent_and_its_blocks_are_not_touched()
    {
        var log = Path.Combine(Net.Folder, "app.log");
        var redoubt = await DeployAsync(new DeploymentOptions { Shared = "<agent_config></agent_config>" });
        await redoubt.RedoubtAsync("blocks", "add", Guest.ToString(), "--for", "1h", "--fleet", "--home", redoubt.ManagerHome);
        await WaitForKernelBlockAsync(Guest);
        var changes = await Net.Agent.MustRunAsync("nft", "list", "table", "inet", "redoubt");
        await using var monitor = Net.Agent.Start("nft", "monitor");
        var started = redoubt.Agent.Error.Lines.Count;

        await File.WriteAllTextAsync(log, string.Empty);
        await redoubt.WriteSharedAsync(
            $"<agent_config name=\"web01\"><localfile><log_format>syslog</log_format><location>{log}</location></localfile></agent_config>"
        );
        await redoubt.Agent.Error.WaitForAsync("Shared configuration .* is in force: 1 sources", Soon);
        await redoubt.Agent.Error.WaitForAsync($"Reading {log} ", Soon);
        await File.AppendAllTextAsync(log, "app: heard through the group\n");
        await Wait.ForLineAsync(
            redoubt.ArchivesLog,
            l => l.EndsWith("app: heard through the group", StringComparison.Ordinal),
            "a line of the new source",
            Soon
        );

        Assert.NotNull(await Net.Agent.KernelBlockAsync(Guest));
        Assert.DoesNotContain(monitor.Output.Lines, l => l.Contains(Guest.ToString(), StringComparison.Ordinal));
        Assert.Contains(Guest.ToString(), changes, StringComparison.Ordinal);
        Assert.False(redoubt.Agent.HasExited);
        Assert.DoesNotContain(redoubt.Agent.Error.Lines.Skip(started), l => l.Contains("Connected to manager", StringComparison.Ordinal));
        Assert.Equal("enforced", (await redoubt.BlocksAsync())[0].GetProperty("hosts")[0].GetProperty("state").GetString());
    }
}
