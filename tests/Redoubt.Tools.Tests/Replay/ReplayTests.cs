using System.Text.Json;

namespace Redoubt.Tests.Tools.Replay;

public class ReplayTests : TemporaryFolder
{
    [Fact]
    public async Task Alerts_and_decisions_are_printed_in_order_and_a_summary_last()
    {
        var log = Write("auth.log", SshLog.Attack("198.51.100.7", 9));

        var result = await Tool.RunAsync("replay", "--json", "--home", Home("enforce"), "--year", "2026", "--timezone", "UTC", log);

        var objects = result.Ends(0).Objects;
        Assert.Equal(
            [.. Enumerable.Repeat("alert", 8), "decision", "alert", "summary"],
            objects.Select(o => o.GetProperty("type").GetString())
        );
        var alert = objects[7];
        Assert.Equal("2026-03-01T10:00:07.000+0000", alert.GetProperty("timestamp").GetString());
        Assert.Equal(log, alert.GetProperty("location").GetString());
        var decision = objects[8];
        Assert.Equal(alert.GetProperty("id").GetString(), decision.GetProperty("alert_id").GetString());
        Assert.Equal(alert.GetProperty("timestamp").GetString(), decision.GetProperty("time").GetString());
        Assert.Equal(5763, decision.GetProperty("rule").GetInt32());
        Assert.Equal("drop600", decision.GetProperty("response").GetString());
        Assert.Equal("198.51.100.7", decision.GetProperty("target").GetString());
        Assert.Equal("000", Assert.Single(decision.GetProperty("hosts").EnumerateArray()).GetString());
        Assert.Equal(600, decision.GetProperty("seconds").GetInt64());
        Assert.Equal("decided", decision.GetProperty("state").GetString());
        Assert.Equal(JsonValueKind.Null, decision.GetProperty("reason").ValueKind);
        Assert.Equal(
            [9L, 9, 9, 9, 1, 8],
            new[] { "lines", "decoded", "matched", "alerts", "decisions", "seconds" }.Select(n => objects[^1].GetProperty(n).GetInt64())
        );
    }

    [Theory]
    [InlineData("observe", "127.0.0.1", "observed", "observe mode")]
    [InlineData("enforce", "198.51.100.0/24", "skipped", "white_list 198.51.100.0/24")]
    public async Task A_decision_says_why_it_changes_nothing(string mode, string whiteList, string state, string reason)
    {
        var log = Write("auth.log", SshLog.Attack("198.51.100.7", 8));

        var result = await Tool.RunAsync("replay", "--json", "--home", Home(mode, whiteList), log);

        var decision = Assert.Single(result.Ends(0).Objects, o => o.GetProperty("type").GetString() == "decision");
        Assert.Equal(state, decision.GetProperty("state").GetString());
        Assert.Equal(reason, decision.GetProperty("reason").GetString());
    }

    [Fact]
    public async Task The_same_input_gives_the_same_bytes_for_any_number_of_workers()
    {
        var log = Write("mixed.log", SshLog.Mixed(6_000));
        var home = Home("enforce");
        var seen = new List<(string Output, string Json, string Log)>();

        foreach (var workers in new[] { "1", "1", "2", "5" })
        {
            var output = At("out" + seen.Count);
            var result = await Tool.RunAsync(
                "replay",
                "--json",
                "--home",
                home,
                "--year",
                "2026",
                "--workers",
                workers,
                "--out",
                output,
                log
            );
            result.Ends(0);
            seen.Add((result.Output, All(output, "json"), All(output, "log")));
        }

        Assert.Equal(
            6_000,
            seen[0].Output.Split('\n')[^2] is var last ? JsonDocument.Parse(last).RootElement.GetProperty("lines").GetInt32() : 0
        );
        Assert.True(seen[0].Output.Contains("\"decision\"", StringComparison.Ordinal), "The log must lead to decisions.");
        Assert.All(seen, s => Assert.True(s == seen[0], "The outputs differ."));
    }

    [Fact]
    public async Task Records_are_those_that_are_printed()
    {
        var log = Write("mixed.log", SshLog.Mixed(2_000));
        var output = At("out");

        var result = await Tool.RunAsync("replay", "--json", "--home", Home("enforce"), "--year", "2026", "--out", output, log);

        var printed = result
            .Ends(0)
            .Output.Split('\n')
            .Where(l => l.StartsWith("{\"type\":\"alert\",", StringComparison.Ordinal))
            .Select(l => "{" + l["{\"type\":\"alert\",".Length..]);
        Assert.Equal(printed, All(output, "json").Split('\n', StringSplitOptions.RemoveEmptyEntries));
        Assert.Contains("** Alert ", All(output, "log"), StringComparison.Ordinal);
        Assert.False(Directory.Exists(Path.Combine(output, "archives")));
    }

    [Fact]
    public async Task Archives_are_written_where_the_configuration_asks_for_them()
    {
        Write(
            "home/etc/redoubt.conf",
            "<redoubt_config><global><logall>yes</logall><logall_json>yes</logall_json></global></redoubt_config>"
        );
        var log = Write("some.log", "Mar  1 10:00:00 web01 cron[2]: (root) CMD (true)\nno header\n");
        var output = At("out");

        (await Tool.RunAsync("replay", "--home", At("home"), "--out", output, log)).Ends(0);

        Assert.Equal(2, File.ReadAllLines(Path.Combine(output, "archives/archives.log")).Length);
        Assert.Equal(2, File.ReadAllLines(Path.Combine(output, "archives/archives.json")).Length);
    }

    [Fact]
    public async Task Standard_input_is_read_and_files_keep_their_order()
    {
        var first = Write("1", SshLog.Attack("198.51.100.7", 4));
        var input = System.Text.Encoding.UTF8.GetBytes(SshLog.Attack("198.51.100.7", 4));

        var result = await Tool.RunAsync(input, "replay", "--json", "--location", "/var/log/auth.log", first, "-");

        var objects = result.Ends(0).Objects;
        Assert.Equal(9, objects.Count(o => o.GetProperty("type").GetString() is "alert" or "decision"));
        Assert.All(
            objects.Where(o => o.GetProperty("type").GetString() == "alert"),
            o => Assert.Equal("/var/log/auth.log", o.GetProperty("location").GetString())
        );
    }

    [Fact]
    public async Task People_see_a_table_and_the_budget()
    {
        var log = Write("auth.log", SshLog.Attack("198.51.100.7", 8) + SshLog.Attack("198.51.100.8", 8));

        var result = await Tool.RunAsync("replay", "--home", Home("enforce"), "--year", "2026", "--timezone", "UTC", "--budget", log);

        result.Ends(0);
        Assert.Matches(@"(?m)^  alerts +16   100\.0 %$", result.Output);
        Assert.Matches(@"(?m)^  decisions +2   2 would be carried out$", result.Output);
        Assert.Matches(@"(?m)^2 +5763 +10 +sshd", result.Output);
        Assert.Matches(@"(?m)^  peak +2   new blocks in the minute of 2026-03-01 10:00:00$", result.Output);
        Assert.Empty(result.Error);
    }

    [Fact]
    public async Task A_target_whose_block_is_over_counts_again_in_the_budget()
    {
        var later = SshLog.Attack("198.51.100.7", 8).Replace(" 10:", " 11:", StringComparison.Ordinal);
        var log = Write("auth.log", SshLog.Attack("198.51.100.7", 16) + later);

        var result = await Tool.RunAsync("replay", "--json", "--home", Home("enforce"), "--budget", log);

        var budget = result.Ends(0).Objects[^1].GetProperty("budget");
        Assert.Equal(1, budget.GetProperty("targets").GetInt32());
        Assert.Equal(2, budget.GetProperty("new_blocks").GetInt32());
        Assert.Equal(1, budget.GetProperty("most_at_once").GetInt32());
    }

    [Fact]
    public async Task A_repeated_offender_is_blocked_longer_and_what_is_over_the_budget_is_only_observed()
    {
        Write(
            "etc/redoubt.conf",
            """
            <redoubt_config>
              <global><repeated_offenders>30</repeated_offenders><block_budget>1</block_budget></global>
              <command><name>drop</name><executable>firewall-drop</executable><timeout_allowed>yes</timeout_allowed></command>
              <active-response><command>drop</command><location>local</location><rules_id>5763</rules_id><timeout>600</timeout></active-response>
            </redoubt_config>
            """
        );
        var later = SshLog.Attack("198.51.100.7", 8).Replace(" 10:", " 11:", StringComparison.Ordinal);
        var log = Write("auth.log", SshLog.Attack("198.51.100.7", 8) + SshLog.Attack("198.51.100.8", 8) + later);

        var result = await Tool.RunAsync("replay", "--json", "--home", Folder, "--budget", log);

        var decisions = result.Ends(0).Objects.Where(o => o.GetProperty("type").GetString() == "decision").ToList();
        Assert.Equal(
            [("198.51.100.7", "decided", 0, 600), ("198.51.100.8", "observed", 0, 600), ("198.51.100.7", "decided", 1, 1800)],
            decisions.Select(d =>
                (
                    d.GetProperty("target").GetString()!,
                    d.GetProperty("state").GetString()!,
                    d.GetProperty("step").GetInt32(),
                    d.GetProperty("seconds").GetInt32()
                )
            )
        );
        Assert.Contains("more than 1 new targets a minute", decisions[1].GetProperty("reason").GetString(), StringComparison.Ordinal);
        Assert.Equal(1, result.Objects[^1].GetProperty("budget").GetProperty("held_back").GetInt32());
    }

    [Theory]
    [InlineData(1)]
    [InlineData(3)]
    public async Task Garbage_is_counted_and_harms_nothing(int workers)
    {
        var garbage = new byte[300_000];
        new Random(3).NextBytes(garbage);
        var log = Write("garbage", garbage);

        var result = await Tool.RunAsync("replay", "--json", "--out", At("out"), "--workers", $"{workers}", log);

        var lines = garbage.Count(b => b == '\n') + (garbage[^1] == '\n' ? 0 : 1);
        Assert.Equal(lines, result.Ends(0).Objects[^1].GetProperty("lines").GetInt32());
    }

    [Theory]
    [InlineData(Unreachable, "missing.log")]
    [InlineData(Unreachable, ".")]
    [InlineData(Usage)]
    [InlineData(Usage, "log", "--nonsense")]
    [InlineData(Usage, "log", "--workers", "0")]
    [InlineData(Usage, "log", "--workers", "many")]
    [InlineData(Usage, "log", "--format", "poetry")]
    [InlineData(Usage, "log", "--timezone", "Nowhere/Town")]
    [InlineData(Usage, "log", "--year", "12")]
    [InlineData(Usage, "log", "--home", ".", "--rules", ".")]
    [InlineData(Unreachable, "log", "--home", "missing")]
    [InlineData(Unreachable, "log", "--rules", "missing")]
    [InlineData(Unreachable, "log", "--out", "log/below")]
    public async Task Wrong_use_ends_with_a_message(int code, params string[] words)
    {
        Write("log", "a line\n");
        string[] paths = ["missing.log", ".", "log", "missing", "log/below"];

        var result = await Tool.RunAsync(["replay", .. words.Select(w => paths.Contains(w) ? At(w) : w)]);

        result.Ends(code);
        Assert.InRange(result.Error.Split('\n', StringSplitOptions.RemoveEmptyEntries).Length, 1, 4);
    }

    [Fact]
    public async Task Alerts_of_another_run_are_not_mixed_with_new_ones()
    {
        var log = Write("auth.log", SshLog.Attack("198.51.100.7", 1));
        (await Tool.RunAsync("replay", "--out", At("out"), log)).Ends(0);
        var before = All(At("out"), "json");

        (await Tool.RunAsync("replay", "--out", At("out"), log)).Ends(Usage);

        Assert.Equal(before, All(At("out"), "json"));
    }

    [Fact]
    public async Task Rules_that_do_not_load_end_the_replay()
    {
        Write("rules/bad.xml", "<group name=\"x\"><rule id=\"1\"></rule></group>");

        var result = await Tool.RunAsync("replay", "--rules", At("rules"), Write("log", "x\n"));

        result.Ends(Refused);
        Assert.Contains("bad.xml:1", result.Error, StringComparison.Ordinal);
    }

    private static string All(string folder, string extension) =>
        string.Concat(
            Directory
                .EnumerateFiles(folder, "ossec-alerts-*." + extension, SearchOption.AllDirectories)
                .Order(StringComparer.Ordinal)
                .Select(File.ReadAllText)
        );
}
