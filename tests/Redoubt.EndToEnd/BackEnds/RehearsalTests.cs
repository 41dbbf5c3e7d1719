using System.Text.Json;
using Redoubt.Lab;

namespace Redoubt.Tests.EndToEnd.BackEnds;

/// <summary><c>redoubt responses list|test</c>.</summary>
public sealed class RehearsalTests : IDisposable
{
    private readonly string _home = Directory.CreateTempSubdirectory("redoubt-test-").FullName;

    public RehearsalTests()
    {
        Directory.CreateDirectory(Path.Combine(_home, "etc"));
        File.WriteAllText(
            Path.Combine(_home, "etc", "redoubt.conf"),
            """
            <redoubt_config>
              <command><name>drop</name><executable>firewall-drop</executable><timeout_allowed>yes</timeout_allowed></command>
              <command><name>lock</name><executable>disable-account</executable></command>
              <command><name>own</name><executable>own</executable></command>
              <active-response><command>drop</command><location>local,group:web</location><rules_id>5710</rules_id><timeout>600</timeout></active-response>
              <active-response><command>lock</command><location>server</location><level>8</level><mode>observe</mode></active-response>
              <active-response><command>own</command><location>all</location><rules_group>sshd</rules_group></active-response>
            </redoubt_config>
            """
        );
    }

    public void Dispose() => Directory.Delete(_home, recursive: true);

    [Fact]
    public async Task The_list_tells_what_each_does_where_and_when()
    {
        var list = await RunAsync("list", "--json");

        Assert.Equal(0, list.ExitCode);
        var lines = Objects(list.Output);
        Assert.Equal(["drop600", "lock0", "own0"], lines.Select(l => l.GetProperty("name").GetString()));
        Assert.Equal(["local", "group:web"], lines[0].GetProperty("hosts").EnumerateArray().Select(h => h.GetString()));
        Assert.Equal(["enforce", "observe", "enforce"], lines.Select(l => l.GetProperty("mode").GetString()));
    }

    [Theory]
    [InlineData("drop600", "enforcer ok,block enforced,read back read,spare 127.0.0.1 skipped,release released,read back read")]
    [InlineData("drop", "enforcer ok,block enforced,read back read,spare 127.0.0.1 skipped,release released,read back read")]
    [InlineData("route-null", "enforcer ok,block enforced,read back read,spare 127.0.0.1 skipped,release released,read back read")]
    [InlineData("lock", "enforcer ok,run enforced,undo released")]
    public async Task A_rehearsal_tells_each_step_and_leaves_nothing(string name, string steps)
    {
        Assert.SkipUnless(Environment.IsPrivilegedProcess, "needs root to make a private network");
        var accounts = await File.ReadAllTextAsync("/etc/passwd", TestContext.Current.CancellationToken);

        var test = await RunAsync("test", name, "--json");

        Assert.True(test.ExitCode == 0, test.ToString());
        var told = Objects(test.Output);
        Assert.Equal(
            steps,
            string.Join(',', told.Select(s => $"{s.GetProperty("step").GetString()} {s.GetProperty("outcome").GetString()}"))
        );
        Assert.All(told, s => Assert.True(s.GetProperty("ok").GetBoolean()));
        Assert.Equal(accounts, await File.ReadAllTextAsync("/etc/passwd", TestContext.Current.CancellationToken));
    }

    [Fact]
    public async Task A_program_that_is_missing_is_a_failed_step_and_exit_code_1()
    {
        Assert.SkipUnless(Environment.IsPrivilegedProcess, "needs root to make a private network");

        var test = await RunAsync("test", "own", "--json");

        Assert.Equal(1, test.ExitCode);
        var last = Objects(test.Output)[^1];
        Assert.Equal(("run", false), (last.GetProperty("step").GetString(), last.GetProperty("ok").GetBoolean()));
        Assert.Contains("active-response", last.GetProperty("detail").GetString(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("nothing", 2, "There is no response 'nothing'")]
    [InlineData("../../bin/sh", 2, "There is no response")]
    [InlineData("restart-wazuh", 1, "is not rehearsed")]
    [InlineData("--odd", 2, "--odd")]
    public async Task What_cannot_be_rehearsed_is_told_in_one_line(string name, int code, string told)
    {
        var test = await RunAsync("test", name);

        Assert.Equal(code, test.ExitCode);
        Assert.Contains(told, test.Error, StringComparison.Ordinal);
    }

    private Task<CommandResult> RunAsync(params string[] words) => Checkout.RunRedoubtAsync(["responses", .. words, "--home", _home]);

    private static JsonElement[] Objects(string output) =>
        [.. output.Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(l => JsonSerializer.Deserialize<JsonElement>(l))];
}
