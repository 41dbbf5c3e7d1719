using System.Text;
using System.Text.Json;

namespace Redoubt.Tests.Tools.Explain;

public class ExplainTests : TemporaryFolder
{
    private static readonly string Line = SshLog.Failure("198.51.100.7");

    [Fact]
    public async Task A_line_is_explained_with_chain_near_misses_and_what_would_follow()
    {
        var output = (await Tool.RunAsync("explain", "--home", Home("enforce"), Line)).Ends(0).Output;

        Assert.Contains("\n    5700 (level 0) Lines of sshd.\n      5716 (level 5) ", output, StringComparison.Ordinal);
        Assert.Matches(@"(?m)^        5760 \(level 5\) .*<- the line's rule$", output);
        Assert.Matches(@"(?m)^    frequency +7 earlier events within 120 s \(events of rule 5760, same srcip\); so far 0$", output);
        Assert.Matches(@"(?m)^  not +sshd-invalid-user \(child of sshd\) 0300-sshd\.xml:\d+: prematch '.*' does not match$", output);
        Assert.Matches(@"(?m)^  would follow +rule 5763: drop on the host of the line", output);
        Assert.Matches(@"(?m)^  allowlist +no entry protects 198\.51\.100\.7$", output);
        Assert.Matches(@"(?m)^  never-block +this host may block 198\.51\.100\.7$", output);
    }

    [Fact]
    public async Task What_this_host_never_blocks_is_told_beside_the_allowlist()
    {
        var output = (await Tool.RunAsync("explain", "--home", Home("enforce"), SshLog.Failure("127.0.0.9"))).Ends(0).Output;
        Assert.Matches(@"(?m)^  never-block +this host never blocks it: 127\.0\.0\.9 .*loopback$", output);

        var json = (await Tool.RunAsync("explain", "--home", Home("enforce"), "--json", SshLog.Failure("127.0.0.9"))).Ends(0).Output;
        Assert.Contains("loopback", JsonDocument.Parse(json).RootElement.GetProperty("never_block").GetString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_eighth_line_shows_the_response_with_its_exact_command()
    {
        var input = Encoding.UTF8.GetBytes(SshLog.Attack("198.51.100.7", 8));

        var output = (await Tool.RunAsync(input, "explain", "--home", Home("enforce"), "--logged-time", "-")).Ends(0).Output;

        Assert.Matches(@"(?m)^    frequency +7 earlier .*; so far 6$", output);
        Assert.Matches(@"(?m)^  window +5763 fires: 7 earlier events within 120 s", output);
        Assert.Contains("  drop600 against 198.51.100.7 on 000: decided\n", output, StringComparison.Ordinal);
        Assert.Matches(@"(?m)^  command +nft add element inet redoubt block4 \{ 198\.51\.100\.7 timeout 600s \}$", output);
    }

    [Fact]
    public async Task A_protected_source_is_told()
    {
        var input = Encoding.UTF8.GetBytes(SshLog.Attack("198.51.100.7", 8));

        var output = (await Tool.RunAsync(input, "explain", "--home", Home("enforce", "198.51.100.7"))).Ends(0).Output;

        Assert.Contains("skipped (white_list 198.51.100.7)", output, StringComparison.Ordinal);
        Assert.Contains("198.51.100.7 is protected by white_list 198.51.100.7", output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_first_condition_that_failed_is_named_with_what_is_there()
    {
        Write(
            "rules/1.xml",
            """
            <group name="test,">
            <rule id="1" level="0"><category>syslog</category><description>root</description></rule>
            <rule id="100" level="3"><match>first</match><hostname>^db</hostname><description>near</description></rule>
            <rule id="101" level="3"><match>second</match><description>far</description></rule>
            <rule id="102" level="3"><match>first</match><user>root</user><description>lacks a field</description></rule>
            </group>
            """
        );
        Directory.CreateDirectory(At("decoders"));

        var result = await Tool.RunAsync(
            "explain",
            "--json",
            "--decoders",
            At("decoders"),
            "--rules",
            At("rules"),
            "Mar  1 10:00:00 web01 app: the first line"
        );

        var rules = Assert
            .Single(result.Ends(0).Objects)
            .GetProperty("rules")
            .EnumerateArray()
            .ToDictionary(r => r.GetProperty("id").GetInt32());
        Assert.Equal("hostname matches '^db' (osmatch); it is 'web01'", rules[100].GetProperty("reason").GetString());
        Assert.Equal(1, rules[100].GetProperty("held").GetInt32());
        Assert.Equal("match", rules[101].GetProperty("failed").GetString());
        Assert.Equal("user matches 'root' (osmatch); the line has no user", rules[102].GetProperty("reason").GetString());
        Assert.True(rules[1].GetProperty("final").GetBoolean());
    }

    [Fact]
    public async Task Programs_get_everything_in_one_object()
    {
        var explained = Assert.Single((await Tool.RunAsync("explain", "--json", Line)).Ends(0).Objects);

        Assert.Equal("sshd", explained.GetProperty("decoder").GetString());
        Assert.Equal("198.51.100.7", explained.GetProperty("fields").GetProperty("srcip").GetString());
        Assert.Equal("5760", explained.GetProperty("rule").GetProperty("id").GetString());
        Assert.True(explained.GetProperty("alert").GetBoolean());
        var window = explained
            .GetProperty("rules")
            .EnumerateArray()
            .Single(r => r.GetProperty("id").GetInt32() == 5763)
            .GetProperty("window");
        Assert.Equal((0, 7), (window.GetProperty("counted").GetInt32(), window.GetProperty("needed").GetInt32()));
        Assert.Equal(JsonValueKind.Array, explained.GetProperty("decoders").ValueKind);
    }

    [Fact]
    public async Task Damaged_windows_of_a_home_are_told_and_left_alone()
    {
        var home = Home("enforce");
        var windows = Write("home/queue/windows.bin", "not windows");

        var output = (await Tool.RunAsync("explain", "--home", home, Line)).Ends(0).Output;

        Assert.Contains("are damaged; all counters begin at 0", output, StringComparison.Ordinal);
        Assert.Equal("not windows", File.ReadAllText(windows));
    }

    [Fact]
    public async Task Garbage_is_explained_without_control_bytes_on_the_terminal()
    {
        var garbage = new byte[20_000];
        new Random(5).NextBytes(garbage);

        var result = await Tool.RunAsync([.. garbage, (byte)'\n'], "explain");

        Assert.DoesNotContain(result.Ends(0).Output, c => char.IsControl(c) && c != '\n');
    }

    [Theory]
    [InlineData(Usage, "--nonsense")]
    [InlineData(Usage, "--format", "poetry", "x")]
    [InlineData(Unreachable, "--home", "/no/such/home", "x")]
    public async Task Wrong_use_ends_with_a_message(int code, params string[] words) =>
        Assert.NotEmpty((await Tool.RunAsync(["explain", .. words])).Ends(code).Error);

    [Fact]
    public async Task The_log_tester_shows_the_rules_it_tried()
    {
        var output = (await Tool.RunAsync(Encoding.UTF8.GetBytes(Line + "\n"), "logtest", "-v")).Ends(0).Output;

        Assert.Contains("\n**Rule debugging:\n\tTrying rule: 1 - ", output, StringComparison.Ordinal);
        Assert.Matches(@"\tTrying rule: 5700 - Lines of sshd\.\n\t\t\*Rule 5700 matched\n\t\t\*Trying child rules\n", output);
        Assert.Matches(
            @"\t\t\*Rule 5760 matched\n\t\t\*Trying child rules\n\tTrying rule: 5763 - [^\n]*\n\tTrying rule: 877800 - [^\n]*\n\tTrying rule: 877801 - [^\n]*\n\n\*\*Phase 3",
            output
        );
    }
}
