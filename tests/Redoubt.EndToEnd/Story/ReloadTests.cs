using Redoubt.Lab;

namespace Redoubt.Tests.EndToEnd.Story;

/// <summary>What an administrator changes while everything runs.</summary>
public class ReloadTests : LabTest
{
    private const string SecondLog = "/var/log/second.log";

    [Fact]
    public async Task An_agent_reads_its_own_configuration_again_and_keeps_the_old_one_when_the_new_one_is_wrong()
    {
        await using var sshd = await Sshd.StartAsync(Net, Net.Agent);
        var redoubt = await DeployAsync();
        var configuration = Path.Combine(redoubt.AgentHome, "etc/redoubt.conf");
        var before = await File.ReadAllTextAsync(configuration);
        await Net.Agent.MustRunAsync("touch", SecondLog);

        await File.WriteAllTextAsync(
            configuration,
            before.Replace(
                "<localfile>",
                $"<localfile><log_format>syslog</log_format><location>{SecondLog}</location></localfile>\n<localfile>",
                StringComparison.Ordinal
            )
        );
        await redoubt.Agent.HangUpAsync();
        await redoubt.Agent.Error.WaitForAsync("Reloaded: 2 sources are read", Soon);
        await AppendAsync("the second log is read");
        await ArchivedAsync(redoubt, "the second log is read");

        await File.WriteAllTextAsync(configuration, "<ossec_config><localfile><location></ossec_config>\n");
        var command = await Net.Agent.RunAsync(Checkout.Redoubt, "reload", "--home", redoubt.AgentHome);
        Assert.True(command.Succeeded, $"Expected 'redoubt reload' to reach the agent: {command}");
        await redoubt.Agent.Error.WaitForAsync("Reload refused: .*redoubt.conf has errors", Soon);
        await AppendAsync("and still is");
        await ArchivedAsync(redoubt, "and still is");
        await sshd.AppendAsync(AuthLogLines.Attack(Net.Attacker.IPv4));
        await WaitForKernelBlockAsync(Net.Attacker.IPv4);
    }

    [Fact]
    public async Task A_list_that_changes_is_in_force_without_a_reload()
    {
        await using var sshd = await Sshd.StartAsync(Net, Net.Agent);
        var redoubt = await Deployment.PrepareAsync(
            Net,
            new DeploymentOptions { Manager = "<ruleset><list>etc/lists/visitors</list></ruleset>" }
        );
        await using var ending = redoubt;
        var list = Path.Combine(redoubt.ManagerHome, "etc/lists/visitors");
        Directory.CreateDirectory(Path.GetDirectoryName(list)!);
        await File.WriteAllTextAsync(list, "192.0.2.1:\n");
        await redoubt.WriteRulesAsync(
            """
            <group name="local,">
              <rule id="100100" level="7">
                <if_sid>5710</if_sid>
                <list field="srcip" lookup="address_match_key">etc/lists/visitors</list>
                <description>A visitor of the list.</description>
              </rule>
            </group>
            """
        );
        await redoubt.StartAllAsync();
        await sshd.AppendAsync(AuthLogLines.Attack(Net.Attacker.IPv4, lines: 1));
        await redoubt.WaitForAlertAsync("5710", Net.Attacker.IPv4, Soon);

        await File.WriteAllTextAsync(list, "192.0.2.1:\n10.0.0.6:\n");
        await redoubt.Manager.Error.WaitForAsync("A list has changed", Soon);
        await redoubt.Manager.Error.WaitForAsync("Reloaded: ", Soon);
        await sshd.AppendAsync(AuthLogLines.Attack(Net.Attacker.IPv4, lines: 1));

        await redoubt.WaitForAlertAsync("100100", Net.Attacker.IPv4, Soon);
    }

    private Task<string> AppendAsync(string text) =>
        Net.Agent.MustRunAsync("bash", "-c", $"echo 'Nov 24 10:15:29 agent test: {text}' >> {SecondLog}");

    private static Task<string> ArchivedAsync(Deployment redoubt, string text) =>
        Wait.ForLineAsync(redoubt.ArchivesLog, l => l.Contains(text, StringComparison.Ordinal), $"'{text}' is archived", Soon);
}
