using Redoubt.Model;
using Redoubt.Respond;
using Redoubt.Respond.Scripts;

namespace Redoubt.Tests.Respond.Scripts;

/// <summary>The contracts between executor and response program (active-response.md 2.4, 2.5 and 7).</summary>
public sealed class ContractTests : IAsyncDisposable
{
    // Answers as the stock programs of 4.2 do, and keeps every line it got.
    private const string Keyed = """
        #!/bin/sh
        read -r first
        printf '%s\n' "$first" >> lines
        case "$first" in *'"command":"delete"'*) exit 0;; esac
        printf '{"version":1,"origin":{"name":"keyed","module":"active-response"},"command":"check_keys","parameters":{"keys":["10.0.0.6"]}}\n'
        read -r second
        printf '%s\n' "$second" >> lines
        """;

    private const string Document =
        """{"version":1,"origin":{"name":"node01","module":"wazuh-execd"},"command":"COMMAND","parameters":{"extra_args":["--zone","dmz"],"alert":ALERT,"program":"active-response/bin/keyed"}}""";

    private readonly Programs programs = new();

    public ValueTask DisposeAsync() => programs.DisposeAsync();

    [Fact]
    public async Task Scenario_39_A_program_of_4_2_gets_the_document_and_its_answers_byte_for_byte()
    {
        programs.Put("keyed", Keyed);
        static EnforceRequest WithArguments(EnforceRequest r) => r with { ExtraArguments = ["--zone", "dmz"] };

        var added = await programs.RunAsync("keyed", with: WithArguments);
        var undone = await programs.UndoAsync("keyed", with: WithArguments);

        Assert.Equal((EnforceOutcome.Enforced, 0, "keyed-10.0.0.6", true), (added.Outcome, added.ExitCode, added.Key, added.NeedsUndo));
        Assert.Equal(EnforceOutcome.Released, undone.Outcome);
        var expected = new[] { "add", "continue", "delete" }.Select(c => Line(c) + "\n");
        Assert.Equal(string.Concat(expected), programs.Text("lines"));
    }

    [Fact]
    public async Task Scenario_40_A_program_without_output_ran_once_and_leaves_nothing_to_undo()
    {
        programs.Put("quiet", "#!/bin/sh\necho once >> runs\n");

        var reply = await programs.RunAsync("quiet");

        Assert.Equal((EnforceOutcome.Enforced, false, null), (reply.Outcome, reply.NeedsUndo, reply.Key));
        Assert.Equal("once\n", programs.Text("runs"));
    }

    [Theory]
    [InlineData("banner", "echo hello; ")]
    [InlineData("long", "head -c 9000 /dev/zero | tr '\\0' x; echo; ")]
    [InlineData("json", "echo '{\"command\":\"other\"}'; ")]
    [InlineData("wrong", "echo '{\"command\":\"check_keys\",\"parameters\":{\"keys\":7}}'; ")]
    public async Task Scenario_43_A_banner_before_the_keys_costs_no_second_target_its_response(string name, string says)
    {
        programs.Put(name, $"#!/bin/sh\nread -r first\n{says}read -r second\nprintf '%s\\n' \"$second\" >> seconds\n");

        var first = await programs.RunAsync(name, "10.0.0.6");
        var second = await programs.RunAsync(name, "10.0.0.7");

        Assert.Equal(($"{name}-10.0.0.6", $"{name}-10.0.0.7"), (first.Key, second.Key));
        Assert.Contains("no list of keys", first.Reason, StringComparison.Ordinal);
        Assert.Equal(2, programs.Text("seconds").Split("\"command\":\"continue\"").Length - 1);
    }

    [Fact]
    public async Task Scenario_44_A_second_trigger_of_an_active_key_is_aborted_and_renewed()
    {
        programs.Put("keyed", Keyed);

        await programs.RunAsync("keyed");
        var again = await programs.RunAsync("keyed", milliseconds: 7_200_000);
        await programs.UndoAsync("keyed");
        await programs.RunAsync("keyed");

        Assert.Equal((EnforceOutcome.Enforced, true, 7_200_000), (again.Outcome, again.NeedsUndo, again.RemainingMilliseconds));
        Assert.Equal(
            ["add", "continue", "add", "abort", "delete", "add", "continue"],
            programs.Text("lines").Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(CommandOf)
        );
    }

    [Fact]
    public async Task Without_a_timeout_nothing_is_remembered_and_every_trigger_continues()
    {
        programs.Put("keyed", Keyed);

        await programs.RunAsync("keyed", milliseconds: 0);
        await programs.RunAsync("keyed", milliseconds: 0);

        Assert.Equal(
            ["add", "continue", "add", "continue"],
            programs.Text("lines").Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(CommandOf)
        );
    }

    [Fact]
    public async Task A_key_that_two_targets_hold_is_undone_with_the_last_of_them()
    {
        programs.Put("shared", Keyed.Replace("\"10.0.0.6\"", "\"alice\"", StringComparison.Ordinal));

        await programs.RunAsync("shared", "10.0.0.6");
        await programs.RunAsync("shared", "10.0.0.7");
        var first = await programs.UndoAsync("shared", "10.0.0.6");
        var last = await programs.UndoAsync("shared", "10.0.0.7");

        Assert.Equal((EnforceOutcome.Released, EnforceOutcome.Released), (first.Outcome, last.Outcome));
        Assert.Equal(
            ["add", "continue", "add", "abort", "delete"],
            programs.Text("lines").Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(CommandOf)
        );
    }

    [Fact]
    public async Task An_enforcer_that_was_started_anew_learns_what_is_in_force()
    {
        programs.Put("keyed", Keyed);

        await programs.SendAsync(EnforceVerb.Hold, "keyed", "10.0.0.6", 0, r => r with { Key = "keyed-10.0.0.6" });
        await programs.RunAsync("keyed");

        Assert.Equal(["add", "abort"], programs.Text("lines").Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(CommandOf));
    }

    [Fact]
    public async Task Scenario_46_A_legacy_script_gets_its_words_and_its_log_line_appears()
    {
        programs.Put(
            "block.sh",
            """
            #!/bin/sh
            LOCAL=`dirname $0`
            cd $LOCAL
            cd ../
            PWD=`pwd`
            echo "`date` $0 $1 $2 $3 $4 $5 $6 $7 $8" >> ${PWD}/../logs/active-responses.log
            for word in "$0" "$@"; do printf '%s\n' "$word" >> ../words; done
            """
        );
        static EnforceRequest WithUser(EnforceRequest r) => r with { User = "alice", ExtraArguments = ["--zone", "dm z"] };

        Directory.CreateDirectory(Path.Join(programs.Home, "logs"));
        var added = await programs.RunAsync("block.sh");
        await programs.UndoAsync("block.sh", with: WithUser);

        var path = $"{programs.Home}/active-response/bin/block.sh";
        Assert.Equal((EnforceOutcome.Enforced, true), (added.Outcome, added.NeedsUndo));
        Assert.Equal(
            [
                path,
                "add",
                "-",
                "10.0.0.6",
                "1795515330.10452",
                "5712",
                "(web01)",
                "10.0.0.5->/var/log/auth.log",
                "-",
                "-",
                path,
                "delete",
                "alice",
                "10.0.0.6",
                "1795515330.10452",
                "5712",
                "(web01)",
                "10.0.0.5->/var/log/auth.log",
                "-",
                "--zone",
                "dm z",
            ],
            File.ReadAllLines(Path.Join(programs.Home, "words"))
        );
        Assert.Matches(
            @"^[A-Z][a-z]{2} [A-Z][a-z]{2} [ \d]\d \d\d:\d\d:\d\d \S+ \d{4} "
                + System.Text.RegularExpressions.Regex.Escape(path)
                + @" add - 10\.0\.0\.6 1795515330\.10452 5712 \(web01\) 10\.0\.0\.5->/var/log/auth\.log -$",
            programs.LogLines[0]
        );
    }

    [Fact]
    public async Task A_legacy_script_for_a_key_in_force_is_not_run_again_but_renewed()
    {
        programs.Put("block.sh", "#!/bin/sh\necho $1 >> runs\n");

        await programs.RunAsync("block.sh");
        var again = await programs.RunAsync("block.sh");
        await programs.RunAsync("block.sh", "10.0.0.7");
        await programs.UndoAsync("block.sh");
        await programs.RunAsync("block.sh");

        Assert.Equal((EnforceOutcome.Enforced, true), (again.Outcome, again.NeedsUndo));
        Assert.Equal("add\nadd\ndelete\nadd\n", programs.Text("runs"));
    }

    [Fact]
    public async Task A_script_of_that_name_that_speaks_json_is_answered_in_json()
    {
        programs.Put("speaks.sh", Keyed);

        var added = await programs.RunAsync("speaks.sh");
        await programs.RunAsync("speaks.sh");

        Assert.Equal("speaks.sh-10.0.0.6", added.Key);
        Assert.Equal(
            ["add", "continue", "add", "abort"],
            programs.Text("lines").Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(CommandOf)
        );
    }

    [Theory]
    [InlineData(ScriptProtocol.Json, "plain.sh", "0 words, 1 line")]
    [InlineData(ScriptProtocol.Arguments, "plain", "9 words, 0 lines")]
    [InlineData(ScriptProtocol.Auto, "plain.bat", "9 words, 1 line")]
    public async Task The_protocol_of_the_command_overrides_what_the_name_says(ScriptProtocol protocol, string name, string gets)
    {
        programs.Put(
            name,
            "#!/bin/sh\nif read -r line; then lines='1 line'; else lines='0 lines'; fi\nprintf '%s words, %s' $# \"$lines\" > gets\n"
        );

        var reply = await programs.RunAsync(name, with: r => r with { Protocol = protocol });

        Assert.Equal(EnforceOutcome.Enforced, reply.Outcome);
        Assert.Equal(gets, programs.Text("gets"));
    }

    [Fact]
    public async Task Scenario_47_Hostile_text_reaches_a_program_unchanged_and_starts_nothing()
    {
        const string hostile = "a'b\"c;$(touch x)`touch x`\n|& ../ * \\ é";
        programs.Put("words.sh", "#!/bin/sh\nprintf '%s' \"$2\" > user\nprintf '%s' \"$AR_USER\" > variable\ncat > document\n");
        var alert = System.Text.Json.JsonSerializer.Serialize(new Dictionary<string, string> { ["full_log"] = hostile });

        // cat reads to the end, so the conversation must not wait for keys: the older contract gives no line to wait for.
        var reply = await programs.RunAsync(
            "words.sh",
            with: r => r with { User = hostile, AlertDocument = alert, Protocol = ScriptProtocol.Arguments }
        );

        Assert.Equal(EnforceOutcome.Enforced, reply.Outcome);
        Assert.Equal((hostile, hostile), (programs.Text("user"), programs.Text("variable")));
        Assert.Empty(programs.Text("document"));
        Assert.False(programs.Has("x"));
    }

    [Fact]
    public async Task Scenario_25_An_alert_over_64_KiB_arrives_as_valid_json_with_a_mark()
    {
        programs.Put("keep", "#!/bin/sh\nread -r line\nprintf '%s' \"$line\" > document\n");
        var alert = $$$"""{"data":{"srcip":"10.0.0.6"},"full_log":"{{{new string('é', 100_000)}}}"}""";

        var reply = await programs.RunAsync("keep", with: r => r with { AlertDocument = alert });

        Assert.Equal(EnforceOutcome.Enforced, reply.Outcome);
        Assert.InRange(new FileInfo(Path.Join(programs.Home, "document")).Length, 40 * 1024, 64 * 1024);
        using var document = System.Text.Json.JsonDocument.Parse(programs.Text("document"));
        Assert.True(document.RootElement.GetProperty("parameters").GetProperty("alert").GetProperty("truncated").GetBoolean());
    }

    [Fact]
    public async Task The_environment_is_that_of_the_contract_and_nothing_else()
    {
        programs.Put("env", "#!/bin/sh\n/usr/bin/env > variables\npwd >> variables\nls -l /proc/self/fd | grep -c pipe >> variables\n");

        await programs.RunAsync("env", with: r => r with { User = "alice" });

        var names = File.ReadAllLines(Path.Join(programs.Home, "variables"));
        Assert.Contains(programs.Home, names);
        Assert.All(
            names.Where(n => n.Contains('=', StringComparison.Ordinal)),
            n =>
                Assert.Matches(
                    "^(PATH|HOME|LANG|TZ|PWD|OLDPWD|SHLVL|_|AR_(ACTION=add|SRCIP=10.0.0.6|USER=alice|ALERT_ID=1795515330.10452|RULE_ID=5712|AGENT_ID=001|AGENT_NAME=web01|FILENAME=|TIMEOUT=1800)$)",
                    n
                )
        );
        Assert.Equal(9, names.Count(n => n.StartsWith("AR_", StringComparison.Ordinal)));
    }

    private static string Line(string command) =>
        Document.Replace("COMMAND", command, StringComparison.Ordinal).Replace("ALERT", Programs.Alert, StringComparison.Ordinal);

    private static string CommandOf(string line) =>
        System.Text.Json.JsonDocument.Parse(line).RootElement.GetProperty("command").GetString()!;
}
