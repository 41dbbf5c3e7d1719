using Redoubt.Lab;

namespace Redoubt.Tests.EndToEnd.Story;

/// <summary>The disk of the manager's ledger, or that of its records, is full, and gets room again.</summary>
public class FullDiskTests : LabTest
{
    [Fact]
    public async Task A_full_disk_of_the_ledger_is_told_blocks_nobody_unrecorded_and_loses_no_block()
    {
        await using var sshd = await Sshd.StartAsync(Net, Net.Agent);
        var redoubt = await DeployAsync(new DeploymentOptions { ManagerDiskKiB = 8192 });
        var filler = Path.Combine(redoubt.ManagerDisk, "filler");
        Fill(filler);

        await sshd.AppendAsync(AuthLogLines.Attack(Net.Attacker.IPv4));
        await Wait.UntilAsync(
            async () =>
                (await redoubt.RedoubtAsync("status", "--home", redoubt.ManagerHome)).Output.Contains(
                    "the ledger cannot be written",
                    StringComparison.Ordinal
                ),
            "'redoubt status' says that the ledger cannot be written",
            Soon
        );
        Assert.Null(await Net.Agent.KernelBlockAsync(Net.Attacker.IPv4));
        Assert.Contains("The ledger cannot be written", redoubt.Said, StringComparison.Ordinal);
        Assert.False(redoubt.Manager.HasExited, redoubt.Said);

        File.Delete(filler);

        await WaitForKernelBlockAsync(Net.Attacker.IPv4);
        await redoubt.WaitForStateAsync(Net.Attacker.IPv4, "enforced", Soon);
        await redoubt.WaitForAlertAsync("990005", source: null, Soon);
        Assert.Equal(1, (await redoubt.AlertsAsync()).Count(a => Deployment.IsOf(a, "5712")));
    }

    [Fact]
    public async Task A_full_disk_of_the_records_is_told_blocks_nevertheless_and_loses_no_alert()
    {
        await using var sshd = await Sshd.StartAsync(Net, Net.Agent);
        var redoubt = await DeployAsync(new DeploymentOptions { ManagerDiskKiB = 2048, ManagerDiskFolder = "logs" });
        var alerts = Path.Combine(redoubt.ManagerDisk, "alerts/alerts.json");
        var filler = Path.Combine(redoubt.ManagerDisk, "filler");
        Fill(filler);

        await sshd.AppendAsync(AuthLogLines.Attack(Net.Attacker.IPv4));
        await WaitForKernelBlockAsync(Net.Attacker.IPv4);
        await Wait.UntilAsync(
            async () =>
                (await redoubt.RedoubtAsync("status", "--home", redoubt.ManagerHome)).Output.Contains(
                    "records cannot be written",
                    StringComparison.Ordinal
                ),
            "'redoubt status' says that records cannot be written",
            Soon
        );
        Assert.Contains("Alerts cannot be written", redoubt.Said, StringComparison.Ordinal);

        File.Delete(filler);

        await Wait.ForLineAsync(alerts, l => l.Contains("\"990010\"", StringComparison.Ordinal), "an alert tells of it", Soon);
        Assert.Single(await Wait.LinesAsync(alerts), l => l.Contains("\"id\":\"5712\"", StringComparison.Ordinal));
    }

    private static void Fill(string path)
    {
        using var file = new FileStream(path, FileMode.Create, FileAccess.Write, FileShare.Read, bufferSize: 0);
        try
        {
            while (true)
                file.Write(new byte[4096]);
        }
        catch (IOException)
        {
            // That was the last byte of the disk: what the test wants.
        }
    }
}
