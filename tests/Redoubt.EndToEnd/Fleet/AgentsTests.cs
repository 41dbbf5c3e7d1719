using System.Net;
using System.Text.Json;
using Redoubt.Lab;

namespace Redoubt.Tests.EndToEnd.Fleet;

/// <summary>The fleet as an administrator sees and changes it from the command line.</summary>
public class AgentsTests : LabTest
{
    private static readonly IPAddress Guest = IPAddress.Parse("192.0.2.77");

    [Fact]
    public async Task An_agent_is_added_joins_with_its_token_and_is_shown_with_what_it_tells()
    {
        var redoubt = await Deployment.PrepareAsync(
            Net,
            new DeploymentOptions { Agent = "<labels><label key=\"rack\">r7</label></labels>" }
        );
        await using var ending = redoubt;
        await redoubt.StartManagerAsync();
        var added = await OneAsync(redoubt, "agents", "add", "front", "--json");
        Assert.Equal("never_connected", (await OneAsync(redoubt, "agents", "show", "front", "--json")).GetProperty("state").GetString());
        var file = Path.Combine(Net.Folder, "token");
        await File.WriteAllTextAsync(file, added.GetProperty("token").GetString());

        await redoubt.StartEnforcerAsync();
        await redoubt.StartAgentAsync(file);

        var shown = await WaitForAsync(redoubt, "front", "active");
        Assert.Equal(added.GetProperty("id").GetString(), shown.GetProperty("id").GetString());
        Assert.Equal("r7", shown.GetProperty("labels").GetProperty("rack").GetString());
        Assert.Contains("10.0.0.5", shown.GetProperty("addresses").EnumerateArray().Select(a => a.GetString()));
        Assert.StartsWith("Linux |", shown.GetProperty("os").GetString(), StringComparison.Ordinal);
        var page = await redoubt.RedoubtAsync("agents", "show", "front", "--home", redoubt.ManagerHome);
        Assert.Contains("Agent 001 (front) is active, connected since ", page.Output, StringComparison.Ordinal);
        Assert.Contains("rack=r7", page.Output, StringComparison.Ordinal);

        await redoubt.Agent.StopAsync(Soon);
        Assert.NotNull((await WaitForAsync(redoubt, "front", "disconnected")).GetProperty("disconnected").GetString());
    }

    [Fact]
    public async Task A_restart_ends_the_process_its_supervisor_starts_it_anew_and_blocks_stay()
    {
        var redoubt = await DeployAsync();
        await redoubt.Agent.StopAsync(Soon);
        // What a service manager does that restarts on failure.
        const string supervisor = "trap 'kill $agent' TERM; while \"$@\" & agent=$!; wait $agent; [ $? -eq 75 ]; do :; done; wait";
        await using var service = Net.Agent.Start(
            "env",
            "REDOUBT_SUPERVISED=1",
            "sh",
            "-c",
            supervisor,
            "sh",
            Checkout.Redoubt,
            "agent",
            "--home",
            redoubt.AgentHome
        );
        await WaitForAsync(redoubt, "web01", "active");
        var blocked = await redoubt.RedoubtAsync("blocks", "add", Guest.ToString(), "--host", "001", "--home", redoubt.ManagerHome);
        Assert.True(blocked.Succeeded, $"Expected the block to be made: {blocked}");
        var before = await WaitForAsync(redoubt, "web01", "active");

        var restarted = await OneAsync(redoubt, "agents", "restart", "web01", "--json");

        Assert.Equal("restarted", restarted.GetProperty("outcome").GetString());
        var after = await WaitForAsync(redoubt, "web01", "active");
        Assert.NotEqual(before.GetProperty("started").GetString(), after.GetProperty("started").GetString());
        Assert.NotNull(await Net.Agent.KernelBlockAsync(Guest));
        await service.StopAsync(Soon);
    }

    [Fact]
    public async Task An_agent_that_nobody_would_start_again_reads_its_configuration_instead()
    {
        var redoubt = await DeployAsync();

        var restarted = await OneAsync(redoubt, "agents", "restart", "001", "--json");

        Assert.Equal("reloaded", restarted.GetProperty("outcome").GetString());
        await redoubt.Agent.Error.WaitForAsync("Reloaded: 1 sources are read", Soon);
        Assert.False(redoubt.Agent.HasExited);
    }

    [Fact]
    public async Task Groups_are_made_and_assigned_and_their_files_reach_the_agent_without_a_restart()
    {
        var redoubt = await DeployAsync();
        await RunAsync(redoubt, "groups", "add", "web");
        await RunAsync(redoubt, "groups", "add", "db");
        var web = Path.Combine(redoubt.ManagerHome, "etc/shared/web/agent.conf");
        await File.WriteAllTextAsync(web, Reads("/var/log/web.log", "name=\"web01\"") + Reads("/var/log/other.log", "name=\"other\""));
        await File.WriteAllTextAsync(
            Path.Combine(redoubt.ManagerHome, "etc/shared/db/agent.conf"),
            Reads("/var/log/db.log", "os=\"Linux\"")
        );

        await RunAsync(redoubt, "groups", "assign", "web01", "default", "web", "db");
        await redoubt.Agent.Error.WaitForAsync("Shared configuration .* is in force: 2 sources", Soon);
        var config = await ConfigAsync(redoubt, "applied");
        Assert.Contains("<!-- Source file: db/agent.conf -->", config.GetProperty("content").GetString(), StringComparison.Ordinal);

        var good = await File.ReadAllTextAsync(web);
        await File.WriteAllTextAsync(web, "<agent_config>\n<localfile>\n</agent_config>\n");
        await redoubt.Manager.Error.WaitForAsync(@"web/agent\.conf:\d+", Soon);
        await redoubt.Manager.Error.WaitForAsync("web/agent.conf has errors and is not sent", Soon);
        var listed = await redoubt.RedoubtAsync("groups", "list", "--home", redoubt.ManagerHome);
        Assert.Matches(@"web\s+001\s.*has errors; what was valid before is in force", listed.Output);
        Assert.Matches(@"web/agent\.conf:\d+", listed.Output);
        await File.WriteAllTextAsync(web, good);

        await RunAsync(redoubt, "groups", "remove", "db");
        await redoubt.Agent.Error.WaitForAsync("Shared configuration .* is in force: 1 sources", Soon);
        Assert.Equal(
            ["default", "web"],
            (await OneAsync(redoubt, "agents", "show", "web01", "--json")).GetProperty("groups").EnumerateArray().Select(g => g.GetString())
        );
        Assert.False(Directory.Exists(Path.Combine(redoubt.ManagerHome, "etc/shared/db")));
    }

    [Fact]
    public async Task What_cannot_be_done_is_said_in_one_line_with_its_exit_status()
    {
        var redoubt = await DeployAsync();
        foreach (
            var (status, words) in ((int, string[])[])
                [
                    (1, ["agents", "show", "nobody"]),
                    (1, ["agents", "config", "nobody"]),
                    (1, ["agents", "remove", "000"]),
                    (1, ["agents", "add", "web01"]),
                    (2, ["agents", "add", "web 01"]),
                    (2, ["agents", "add", "web02", "--expires", "forever"]),
                    (1, ["agents", "token", "--group", "nowhere"]),
                    (1, ["groups", "assign", "web01", "nowhere"]),
                    (1, ["groups", "remove", "default"]),
                    (1, ["groups", "add", "default"]),
                    (2, ["groups", "add", "../x"]),
                ]
        )
        {
            var result = await redoubt.RedoubtAsync([.. words, "--home", redoubt.ManagerHome]);
            Assert.True(result.ExitCode == status, $"Expected {status} of '{string.Join(' ', words)}': {result}");
            BadInput.Messages.AssertShort(result.Error);
        }

        Assert.Single(await redoubt.AgentsAsync());
    }

    private static string Reads(string path, string filter) =>
        $"<agent_config {filter}><localfile><log_format>syslog</log_format><location>{path}</location></localfile></agent_config>\n";

    private static async Task RunAsync(Deployment redoubt, params string[] words)
    {
        var result = await redoubt.RedoubtAsync([.. words, "--home", redoubt.ManagerHome]);
        Assert.True(result.Succeeded, $"redoubt {string.Join(' ', words)}: {result}");
    }

    private static async Task<JsonElement> OneAsync(Deployment redoubt, params string[] words)
    {
        var result = await redoubt.RedoubtAsync([.. words, "--home", redoubt.ManagerHome]);
        Assert.True(result.Succeeded, $"redoubt {string.Join(' ', words)}: {result}");
        return JsonSerializer.Deserialize<JsonElement>(Assert.Single(result.Output.Split('\n', StringSplitOptions.RemoveEmptyEntries)));
    }

    private static Task<JsonElement> WaitForAsync(Deployment redoubt, string agent, string state) =>
        WaitForAsync(() => OneAsync(redoubt, "agents", "show", agent, "--json"), state, $"agent {agent} is {state}");

    private static Task<JsonElement> ConfigAsync(Deployment redoubt, string state) =>
        WaitForAsync(() => OneAsync(redoubt, "agents", "config", "web01", "--json"), state, $"the configuration of web01 is {state}");

    private static async Task<JsonElement> WaitForAsync(Func<Task<JsonElement>> look, string state, string what)
    {
        JsonElement found = default;
        await Wait.UntilAsync(
            async () =>
            {
                found = await look();
                return found.GetProperty("state").GetString() == state;
            },
            what,
            Soon
        );
        return found;
    }
}
