using Redoubt.Lab;

namespace Redoubt.Tests.EndToEnd.Story;

/// <summary>An account of the host writes log lines in the name of sshd; a real journald and a real rsyslog pass them on.</summary>
public class ForgedLineTests : LabTest
{
    private const string Journal =
        "<localfile><log_format>journald</log_format><filter field=\"SYSLOG_IDENTIFIER\">^sshd$</filter></localfile>";

    [Theory]
    [InlineData(Journal)]
    [InlineData("")]
    public async Task A_user_who_writes_in_the_name_of_sshd_blocks_nobody_and_is_told_of(string besidesTheFile)
    {
        if (Journald.WhyImpossible() is { } reason)
            Assert.Skip(reason);

        await using var sshd = await Sshd.StartAsync(Net, Net.Agent, journald: true);
        var redoubt = await DeployAsync(new DeploymentOptions { Agent = besidesTheFile });
        var victim = Net.Bystander.IPv4;

        for (var i = 0; i < 10; i++)
            await Net.Agent.MustRunAsync(
                "setpriv",
                "--reuid=1000",
                "--regid=1000",
                "--clear-groups",
                "logger",
                "-p",
                "auth.info",
                "-t",
                "sshd",
                $"Invalid user oracle from {victim} port {40_000 + i}"
            );

        var alert = await redoubt.WaitForAlertAsync("990006", source: null, Soon);
        Assert.Contains("uid 1000", alert.GetProperty("rule").GetProperty("description").GetString(), StringComparison.Ordinal);

        // The real one, after it: what it says still leads to a block.
        var attacker = new SshClient(Net, Net.Attacker);
        for (var i = 0; i < 8 && await Net.Agent.KernelBlockAsync(Net.Attacker.IPv4) is null; i++)
            await attacker.TryPasswordAsync($"guess{i}", Net.Agent.IPv4);

        await WaitForKernelBlockAsync(Net.Attacker.IPv4);
        var alerts = await redoubt.AlertsAsync();
        Assert.DoesNotContain(alerts, a => Deployment.IsOf(a, "5710", victim) || Deployment.IsOf(a, "5712", victim));
        Assert.Null(await Net.Agent.KernelBlockAsync(victim));
        Assert.Contains(
            alerts,
            a => Deployment.IsOf(a, "5710", Net.Attacker.IPv4) && a.ToString().Contains("\"verified\"", StringComparison.Ordinal)
        );
    }
}
