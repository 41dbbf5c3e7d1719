using System.Text.Json;
using Redoubt.Lab;

namespace Redoubt.Tests.EndToEnd.Story;

/// <summary>Responses that are programs: of the host's owner, and ours for accounts and sessions, asked for by rules of the manager.</summary>
public class ProgramTests : LabTest
{
    private const string Programs = """
        <command><name>keep</name><executable>keep</executable><timeout_allowed>yes</timeout_allowed><extra_args>--zone dmz</extra_args></command>
        <command><name>old</name><executable>old.sh</executable><expect>srcip</expect><timeout_allowed>yes</timeout_allowed></command>
        <command><name>missing</name><executable>missing</executable></command>
        <active-response><command>keep</command><location>local</location><rules_id>5712</rules_id><timeout>3</timeout></active-response>
        <active-response><command>old</command><location>local</location><rules_id>5712</rules_id><timeout>3</timeout></active-response>
        <active-response><command>missing</command><location>local</location><rules_id>5712</rules_id></active-response>
        """;

    private const string Accounts = """
        <command><name>lock</name><executable>disable-account</executable><expect>user</expect><timeout_allowed>yes</timeout_allowed></command>
        <active-response><command>lock</command><location>local</location><rules_id>5760</rules_id><timeout>6</timeout></active-response>
        """;

    private const string Sessions = """
        <command><name>end</name><executable>kill-session</executable></command>
        <active-response><command>end</command><location>local</location><rules_id>5710</rules_id></active-response>
        """;

    [Fact]
    public async Task Scenario_27_Programs_of_both_contracts_run_with_the_alert_of_the_record_and_are_undone_on_time()
    {
        await using var sshd = await Sshd.StartAsync(Net, Net.Agent);
        var redoubt = await DeployAsync(new DeploymentOptions { Manager = Programs });
        await redoubt.PutProgramAsync(
            "keep",
            """
            #!/bin/sh
            read -r document
            printf '%s\n' "$document" >> "$PWD/documents"
            case "$document" in *'"command":"delete"'*) exit 0;; esac
            printf '{"version":1,"origin":{"name":"keep","module":"active-response"},"command":"check_keys","parameters":{"keys":["%s"]}}\n' "$AR_SRCIP"
            read -r document
            printf '%s\n' "$document" >> "$PWD/documents"
            """
        );
        await redoubt.PutProgramAsync("old.sh", "#!/bin/sh\necho \"$(date) $0 $1 $2 $3 $4 $5\" >> logs/active-responses.log\n");

        await sshd.AppendAsync(AuthLogLines.Attack(Net.Attacker.IPv4));
        var alert = await redoubt.WaitForAlertAsync("5712", Net.Attacker.IPv4, Soon);
        var id = alert.GetProperty("id").GetString()!;
        var documents = Path.Combine(redoubt.AgentHome, "documents");
        await Wait.ForLineAsync(
            documents,
            l => l.Contains("\"command\":\"delete\"", StringComparison.Ordinal),
            "the program is undone",
            Soon
        );

        var said = (await Wait.LinesAsync(documents)).Select(l => JsonSerializer.Deserialize<JsonElement>(l)).ToArray();
        Assert.Equal(["add", "continue", "delete"], said.Select(d => d.GetProperty("command").GetString()));
        Assert.All(said, d => Assert.Equal(id, d.GetProperty("parameters").GetProperty("alert").GetProperty("id").GetString()));
        Assert.Equal(
            ["--zone", "dmz"],
            said[0].GetProperty("parameters").GetProperty("extra_args").EnumerateArray().Select(a => a.GetString()!)
        );

        foreach (var action in (string[])["add", "delete"])
            await Wait.ForLineAsync(
                redoubt.ResponseLog,
                l =>
                    l.EndsWith(
                        $" {redoubt.AgentHome}/active-response/bin/old.sh {action} - {Net.Attacker.IPv4} {id} 5712",
                        StringComparison.Ordinal
                    ),
                $"the older program did {action}",
                Soon
            );
        await StateIsAsync(redoubt, "keep3", "released", "its time is over: exit 0 after");
        await StateIsAsync(redoubt, "old3", "released", "its time is over: exit 0 after");
        await StateIsAsync(redoubt, "missing0", "failed", "/active-response/bin/missing is not there");
    }

    [Fact]
    public async Task Scenario_69_An_account_is_locked_for_its_time_over_a_restart_and_an_older_lock_stays()
    {
        await using var sshd = await Sshd.StartAsync(Net, Net.Agent);
        var redoubt = await DeployAsync(new DeploymentOptions { Manager = Accounts });
        await Net.Agent.MustRunAsync("usermod", "-p", "$6$salt$nobodyknows", "alice");
        Assert.Equal("P", await StatusOfAsync("alice"));

        await sshd.AppendAsync(WrongPassword("alice") + WrongPassword("root") + WrongPassword("carol"));
        await Wait.UntilAsync(async () => await StatusOfAsync("alice") == "L", "alice is locked", Soon);
        await redoubt.Agent.KillAsync();
        await redoubt.StartAgentAsync();
        await Wait.UntilAsync(async () => await StatusOfAsync("alice") == "P", "alice is unlocked again", Soon);
        await StateIsAsync(redoubt, "lock6", "skipped", "carol administers this host");

        await Net.Agent.MustRunAsync("passwd", "-l", "alice");
        await sshd.AppendAsync(WrongPassword("alice"));
        await StateIsAsync(redoubt, "lock6", "skipped", "alice was locked before and stays so");
        Assert.Equal("L", await StatusOfAsync("alice"));
    }

    [Fact]
    public async Task Sessions_of_the_source_end_and_those_of_others_go_on()
    {
        await using var sshd = await Sshd.StartAsync(Net, Net.Agent);
        await DeployAsync(new DeploymentOptions { Manager = Sessions });
        await using var attacker = await new SshClient(Net, Net.Attacker).OpenSessionAsync("alice", Net.Agent.IPv4);
        await using var bystander = await new SshClient(Net, Net.Bystander).OpenSessionAsync("alice", Net.Agent.IPv4);
        Assert.True(await attacker.IsAliveAsync(Soon));

        await sshd.AppendAsync(AuthLogLines.InvalidUser(Net.Attacker.IPv4, 1));

        await Wait.UntilAsync(
            async () => !await attacker.IsAliveAsync(TimeSpan.FromSeconds(1)),
            "the session of the source has ended",
            Soon
        );
        Assert.True(await bystander.IsAliveAsync(Soon), "Expected the session of the bystander to go on.");
        Assert.Null(await Net.Agent.KernelBlockAsync(Net.Attacker.IPv4));
    }

    private static string WrongPassword(string user) =>
        AuthLogLines
            .InvalidUser(System.Net.IPAddress.Parse("192.0.2.9"), 1)
            .Replace("Invalid user oracle", $"Failed password for {user}", StringComparison.Ordinal)
            .Replace("\n", " ssh2\n", StringComparison.Ordinal);

    private static Task StateIsAsync(Deployment redoubt, string response, string state, string reason) =>
        Wait.UntilAsync(
            async () =>
                (await redoubt.NewestBlocksAsync()).Any(b =>
                    b.GetProperty("response").GetString() == response
                    && b.GetProperty("hosts")
                        .EnumerateArray()
                        .Any(h =>
                            h.GetProperty("state").GetString() == state
                            && h.GetProperty("reason").GetString()?.Contains(reason, StringComparison.Ordinal) == true
                        )
                ),
            $"{response} is {state}: {reason}",
            Soon
        );

    private async Task<string> StatusOfAsync(string user) => (await Net.Agent.MustRunAsync("passwd", "-S", user)).Split(' ')[1];
}
