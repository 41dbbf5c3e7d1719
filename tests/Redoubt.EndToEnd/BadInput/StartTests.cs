using Redoubt.Lab;

namespace Redoubt.Tests.EndToEnd.BadInput;

/// <summary>What is wrong at a start is said once, clearly, with the right exit status, and nothing is half-started.</summary>
public class StartTests : LabTest
{
    private const int Refused = 1;
    private const int Usage = 2;
    private const int Unreachable = 3;

    private static readonly string[] AsAlice = ["--reuid=1000", "--regid=1000", "--clear-groups", "--"];

    [Fact]
    public async Task A_file_that_cannot_be_read_fails_the_check_and_is_named()
    {
        var home = Home("<ossec_config></ossec_config>\n");
        var file = Path.Combine(home, "etc/redoubt.conf");
        File.SetUnixFileMode(file, UnixFileMode.UserRead);

        var check = await Net.Manager.RunAsync("setpriv", [.. AsAlice, Checkout.Redoubt, "check", "--home", home]);

        Assert.True(check.ExitCode == Unreachable, $"Expected 3: {check}");
        Assert.Contains($"{file}: error", check.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_enforcer_without_root_says_so()
    {
        var home = Home("<ossec_config></ossec_config>\n");
        await Net.Agent.MustRunAsync("chown", "-R", "alice", home);

        var enforcer = await EndAsync(Net.Agent.Start("setpriv", [.. AsAlice, Checkout.Redoubt, "enforcer", "--home", home]), Unreachable);

        Assert.Matches("root|CAP_NET_ADMIN", enforcer.Error);
    }

    [Fact]
    public async Task A_host_without_nftables_is_told_the_package()
    {
        var home = Home("<ossec_config></ossec_config>\n");
        foreach (var program in (string[])["/usr/sbin/nft", "/sbin/nft"])
            await Net.Agent.RunAsync("rm", "-f", program);

        var enforcer = await EndAsync(Net.Agent.Start(Checkout.Redoubt, "enforcer", "--home", home), Unreachable);

        Assert.Contains("nftables", enforcer.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_port_in_use_is_named()
    {
        await DeployAsync();

        var second = await EndAsync(
            Net.Manager.Start(Checkout.Redoubt, "manager", "--home", Home("<ossec_config></ossec_config>\n"), "--listen", "10.0.0.4:7514"),
            Unreachable
        );

        Assert.Contains("7514", second.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_wrong_token_a_used_token_and_none_at_all_are_refused()
    {
        var redoubt = await DeployAsync();
        var used = Path.Combine(Net.Folder, "token");
        File.WriteAllText(Path.Combine(Net.Folder, "nonsense"), "nonsense\n");
        File.WriteAllText(Path.Combine(Net.Folder, "empty"), string.Empty);
        var home = Home("<ossec_config></ossec_config>\n");
        string[] start = ["agent", "--home", home, "--manager", "10.0.0.4", "--token-file"];

        Assert.Contains(
            "token",
            (await EndAsync(Net.Bystander.Start(Checkout.Redoubt, [.. start, used]), Refused)).Error,
            StringComparison.Ordinal
        );
        Assert.Contains(
            "token",
            (await EndAsync(Net.Bystander.Start(Checkout.Redoubt, [.. start, Path.Combine(Net.Folder, "nonsense")]), Refused)).Error,
            StringComparison.Ordinal
        );
        Assert.Contains(
            "token",
            (await EndAsync(Net.Bystander.Start(Checkout.Redoubt, [.. start, Path.Combine(Net.Folder, "empty")]), Refused)).Error,
            StringComparison.Ordinal
        );
        Assert.Contains(
            "missing",
            (await EndAsync(Net.Bystander.Start(Checkout.Redoubt, [.. start, Path.Combine(Net.Folder, "missing")]), Unreachable)).Error,
            StringComparison.Ordinal
        );
        await EndAsync(Net.Bystander.Start(Checkout.Redoubt, "agent", "--home", home), Usage);
        Assert.Single(await redoubt.AgentsAsync(), a => a.GetProperty("id").GetString() != "000");
    }

    [Fact]
    public async Task An_agent_whose_manager_is_away_waits_says_so_and_connects_later()
    {
        var redoubt = await DeployAsync();
        await redoubt.Agent.StopAsync(Soon);
        await redoubt.Manager.StopAsync(Soon);

        await redoubt.StartAgentAsync();
        await redoubt.Agent.Error.WaitForAsync(@"10\.0\.0\.4:7514", Soon);
        Assert.False(redoubt.Agent.HasExited, "Expected the agent to wait for its manager.");

        await redoubt.StartManagerAsync();
        await redoubt.WaitUntilUpAsync();
    }

    [Fact]
    public async Task A_certificate_of_another_authority_and_an_expired_one_are_named()
    {
        var redoubt = await DeployAsync();
        await redoubt.Agent.StopAsync(Soon);
        var file = Path.Combine(redoubt.AgentHome, "queue/agent/agent.pem");

        Certificates.WriteSelfSigned(file, expired: false);
        await using (var stranger = Net.Agent.Start(Checkout.Redoubt, "agent", "--home", redoubt.AgentHome))
            await stranger.Error.WaitForAsync("(?i)certificate|refuse|not know", Soon);

        Certificates.WriteSelfSigned(file, expired: true);
        await using var late = Net.Agent.Start(Checkout.Redoubt, "agent", "--home", redoubt.AgentHome);
        await late.Error.WaitForAsync(@"certificate of this agent ended on \d{4}-\d\d-\d\d", Soon);
    }

    [Fact]
    public async Task An_agent_that_the_manager_does_not_know_is_told_to_enrol_again()
    {
        var redoubt = await Deployment.PrepareAsync(Net);
        await using var ending = redoubt;
        await redoubt.StartManagerAsync();
        await redoubt.Manager.StopAsync(Soon);
        // The manager's home as a backup would hold it: of the same authority, from before the agent enrolled.
        var backup = Path.Combine(Net.Folder, "backup");
        await Net.Manager.MustRunAsync("cp", "-a", redoubt.ManagerHome, backup);
        await redoubt.StartManagerAsync();
        await redoubt.StartAgentAsync(await redoubt.NewTokenFileAsync());
        await redoubt.Manager.StopAsync(Soon);
        await Net.Manager.MustRunAsync("mv", redoubt.ManagerHome, redoubt.ManagerHome + ".lost");
        await Net.Manager.MustRunAsync("mv", backup, redoubt.ManagerHome);

        await redoubt.StartManagerAsync();

        var told = await redoubt.Agent.Error.WaitForAsync("refuses this agent", Soon);
        Assert.Contains("agent 001 is not known here; enrol this host again", told, StringComparison.Ordinal);
        Assert.False(redoubt.Agent.HasExited, "Expected the agent to keep its lines and its blocks, and to go on trying.");
        await redoubt.Manager.Error.WaitForAsync("Refused a connection from .* agent 001 is not known here", Soon);
    }

    private static async Task<CommandResult> EndAsync(LabProcess process, int status)
    {
        await using (process)
        {
            var result = await process.WaitForExitAsync(TimeSpan.FromSeconds(30));
            Assert.True(result.ExitCode == status, $"Expected exit status {status}: {result}");
            Messages.AssertShort(result.Error);
            return result;
        }
    }

    private string Home(string configuration)
    {
        var home = Path.Combine(Net.Folder, "home");
        Directory.CreateDirectory(Path.Combine(home, "etc"));
        File.WriteAllText(Path.Combine(home, "etc/redoubt.conf"), configuration);
        return home;
    }
}
