using System.Text;
using System.Text.Json;
using Redoubt.Respond;

namespace Redoubt.Tests.Respond.ResponseLog;

public class ResponseLinesTests
{
    private static readonly DateTimeOffset Now = new(2026, 11, 4, 10, 15, 30, TimeSpan.Zero);

    private static readonly ResponseEntry Entry = new()
    {
        Action = ResponseAction.Add,
        Program = "firewall-drop",
        Target = "10.0.0.6",
        AlertDocument = """{ "rule" : { "level":10, "id":"5712" }, "data":{"srcip":"10.0.0.6"} }""",
        AlertId = "1795515330.10452",
        RuleId = 5712,
        ExtraArguments = ["--zone", "dmz"],
        OriginName = "node01",
        RemainingMilliseconds = 1_800_000,
        Took = TimeSpan.FromMicroseconds(412),
    };

    [Fact]
    public void A_block_is_logged_as_the_programs_of_version_4_2_log_it_and_its_result_stands_at_the_end() =>
        Assert.Equal(
            """
            2026/11/04 10:15:30 active-response/bin/firewall-drop: Starting
            2026/11/04 10:15:30 active-response/bin/firewall-drop: {"version":1,"origin":{"name":"node01","module":"wazuh-execd"},"command":"add","parameters":{"extra_args":["--zone","dmz"],"alert":{"rule":{"level":10,"id":"5712"},"data":{"srcip":"10.0.0.6"}},"program":"active-response/bin/firewall-drop"}}
            2026/11/04 10:15:30 active-response/bin/firewall-drop: {"version":1,"origin":{"name":"firewall-drop","module":"active-response"},"command":"check_keys","parameters":{"keys":["10.0.0.6"]}}
            2026/11/04 10:15:30 active-response/bin/firewall-drop: {"version":1,"origin":{"name":"node01","module":"wazuh-execd"},"command":"continue","parameters":{"extra_args":["--zone","dmz"],"alert":{"rule":{"level":10,"id":"5712"},"data":{"srcip":"10.0.0.6"}},"program":"active-response/bin/firewall-drop"}}
            2026/11/04 10:15:30 active-response/bin/firewall-drop: {"version":1,"command":"result","action":"add","status":"ok","target":"10.0.0.6","alert_id":"1795515330.10452","rule_id":"5712","ttl":1800,"until":"2026-11-04T10:45:30Z","duration_ms":0.412,"error":null}
            2026/11/04 10:15:30 active-response/bin/firewall-drop: Ended

            """,
            Lines(Entry)
        );

    [Fact]
    public void A_trigger_for_a_blocked_target_is_logged_as_aborted()
    {
        var lines = Lines(Entry with { Action = ResponseAction.Refresh });
        Assert.Contains("\"command\":\"add\"", lines, StringComparison.Ordinal);
        Assert.Contains("\"command\":\"abort\"", lines, StringComparison.Ordinal);
        Assert.Contains("\"action\":\"refresh\",\"status\":\"ok\"", lines, StringComparison.Ordinal);
        Assert.EndsWith(": Aborted\n", lines, StringComparison.Ordinal);
    }

    [Fact]
    public void A_release_is_logged_with_the_document_of_the_block()
    {
        var lines = Lines(Entry with { Action = ResponseAction.Delete, RemainingMilliseconds = 0 }).Split('\n');
        Assert.Equal(5, lines.Length);
        Assert.EndsWith(": Starting", lines[0], StringComparison.Ordinal);
        Assert.Contains(
            "\"command\":\"delete\",\"parameters\":{\"extra_args\":[\"--zone\",\"dmz\"],\"alert\":{\"rule\"",
            lines[1],
            StringComparison.Ordinal
        );
        Assert.Contains("\"action\":\"delete\",\"status\":\"ok\"", lines[2], StringComparison.Ordinal);
        Assert.Contains("\"ttl\":null,\"until\":null", lines[2], StringComparison.Ordinal);
        Assert.EndsWith(": Ended", lines[3], StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(ResponseAction.Add, "\"action\":\"add\",\"status\":\"failed\"")]
    [InlineData(ResponseAction.Skip, "\"action\":\"skip\",\"status\":\"whitelisted\"")]
    internal void What_was_not_done_leaves_its_result_alone_and_no_add(ResponseAction action, string words)
    {
        var entry = Entry with { Action = action, Error = "EPERM (not permitted)", Form = ResponseLogForm.Both };
        var lines = Lines(entry).Split('\n');
        Assert.Equal(3, lines.Length);
        Assert.Contains(words, lines[0], StringComparison.Ordinal);
        Assert.Contains("\"error\":\"EPERM (not permitted)\"", lines[0], StringComparison.Ordinal);
        Assert.DoesNotContain("\"command\":\"add\"", lines[0], StringComparison.Ordinal);
        Assert.DoesNotContain(" add ", lines[1], StringComparison.Ordinal);
        Assert.DoesNotContain("/active-response/bin/", lines[1], StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(0, "Wed Nov  4 10:15:30 UTC 2026 /var/redoubt/active-response/bin/firewall-drop add - 10.0.0.6 1795515330.10452 5712\n")]
    [InlineData(180, "Wed Nov  4 13:15:30 +03 2026 /var/redoubt/active-response/bin/firewall-drop add - 10.0.0.6 1795515330.10452 5712\n")]
    [InlineData(
        -210,
        "Wed Nov  4 06:45:30 -0330 2026 /var/redoubt/active-response/bin/firewall-drop add - 10.0.0.6 1795515330.10452 5712\n"
    )]
    public void The_legacy_form_is_that_of_date_and_the_arguments(int offsetMinutes, string line) =>
        Assert.Equal(line, Lines(Entry with { Form = ResponseLogForm.Legacy }, Now.ToOffset(TimeSpan.FromMinutes(offsetMinutes))));

    [Fact]
    public void The_legacy_form_of_a_release_by_a_person_has_dashes() =>
        Assert.Equal(
            "Wed Nov  4 10:15:30 UTC 2026 /var/redoubt/active-response/bin/default-firewall-drop delete - fd00::6 - -\n",
            Lines(
                Entry with
                {
                    Form = ResponseLogForm.Legacy,
                    Action = ResponseAction.Delete,
                    Program = "default-firewall-drop",
                    Target = "fd00::6",
                    AlertId = null,
                    RuleId = 0,
                }
            )
        );

    [Fact]
    public void Both_forms_come_one_after_the_other_and_none_writes_nothing()
    {
        Assert.Equal(7, Lines(Entry with { Form = ResponseLogForm.Both }).Split('\n', StringSplitOptions.RemoveEmptyEntries).Length);
        Assert.Empty(Lines(Entry with { Form = ResponseLogForm.None }));
    }

    [Fact]
    public void Every_line_is_one_line_of_valid_JSON_within_its_limit_whatever_the_alert_holds()
    {
        string[] alerts =
        [
            """{"full_log":"a\nb\r\u2028\u0000 \"quoted\" \\ \ud83d\ude00"}""",
            """{"full_log":"half \ud800 pair","\udc00":"x"}""",
            "{\"full_log\":\"" + new string('x', 200_000) + "\",\"previous_output\":\"" + new string('y', 200_000) + "\"}",
            "{\"full_log\":\"" + string.Concat(Enumerable.Repeat("\\u0001", 60_000)) + "\",\"data\":{\"srcip\":\"10.0.0.6\"}}",
            "{\"data\":{\"srcip\":\"10.0.0.6\",\"x\":\"" + new string('z', 300_000) + "\"}}",
            "{" + string.Join(',', Enumerable.Range(0, 40_000).Select(i => $"\"k{i}\":{i}")) + "}",
            "{\n  \"pretty\" : [ 1,\n 2 ]\n}",
        ];
        foreach (var alert in alerts)
        {
            Assert.True(AlertText.IsObject(alert));
            var arguments = Enumerable.Repeat(new string('\u0001', 2047), 64).ToArray();
            foreach (
                var line in Lines(Entry with { AlertDocument = alert, ExtraArguments = arguments })
                    .Split('\n', StringSplitOptions.RemoveEmptyEntries)
            )
            {
                Assert.StartsWith("2026/11/04 10:15:30 active-response/bin/firewall-drop: ", line, StringComparison.Ordinal);
                var text = line["2026/11/04 10:15:30 active-response/bin/firewall-drop: ".Length..];
                if (text is "Starting" or "Ended")
                    continue;

                Assert.InRange(Encoding.UTF8.GetByteCount(text), 1, ResponseDocument.MaxBytes);
                using var document = JsonDocument.Parse(text);
                Assert.Equal(1, document.RootElement.GetProperty("version").GetInt32());
            }
        }
    }

    private static string Lines(ResponseEntry entry, DateTimeOffset? now = null) =>
        Encoding.UTF8.GetString(ResponseLines.Write(entry, "/var/redoubt", now ?? Now));
}
