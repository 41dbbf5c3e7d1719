using System.Text;
using System.Text.Json;
using Redoubt.Model;

namespace Redoubt.Tests.Record;

public class AlertJsonTests
{
    [Theory]
    [InlineData(0, false)]
    [InlineData(1, false)]
    [InlineData(2, true)]
    [InlineData(11, true)]
    public void Earlier_lines_are_shown_from_two_on(int count, bool shown) =>
        Assert.Equal(
            shown,
            Read(Samples.Plain with { PreviousLines = [.. Enumerable.Repeat("x"u8.ToArray(), count)] })
                .TryGetProperty("previous_output", out _)
        );

    [Fact]
    public void A_rule_can_leave_out_the_line_and_the_archive_keeps_it()
    {
        var alert = Samples.Plain with { Rule = Samples.Rule with { NoFullLog = true } };

        Assert.False(Read(alert).TryGetProperty("full_log", out _));
        Assert.Equal("a line", Read(alert, withFullLog: true).GetProperty("full_log").GetString());
    }

    [Fact]
    public void A_rule_can_leave_out_its_counter() =>
        Assert.False(
            Read(Samples.Plain with { Rule = Samples.Rule with { NoCounter = true } })
                .GetProperty("rule")
                .TryGetProperty("firedtimes", out _)
        );

    [Fact]
    public void Level_0_is_not_written() =>
        Assert.False(
            Read(Samples.Plain with { Rule = Samples.Rule with { Level = 0 } }).GetProperty("rule").TryGetProperty("level", out _)
        );

    [Theory]
    [InlineData(6, null, false)]
    [InlineData(7, null, true)]
    [InlineData(3, true, true)]
    [InlineData(12, false, false)]
    public void A_mail_is_for_the_level_or_as_the_rule_says(int level, bool? option, bool mail) =>
        Assert.Equal(
            mail,
            Read(Samples.Plain with { Rule = Samples.Rule with { Level = level, MailOverride = option } })
                .GetProperty("rule")
                .GetProperty("mail")
                .GetBoolean()
        );

    [Fact]
    public void The_agent_beside_the_manager_has_the_managers_name_and_no_address()
    {
        var agent = Read(Samples.Plain with { Agent = new AgentIdentity("000", "x", "192.0.2.1") }).GetProperty("agent");

        Assert.Equal("keep", agent.GetProperty("name").GetString());
        Assert.False(agent.TryGetProperty("ip", out _));
    }

    [Fact]
    public void An_agent_of_unknown_address_has_none() =>
        Assert.False(
            Read(Samples.Plain with { Agent = Samples.Shop with { Address = null } }).GetProperty("agent").TryGetProperty("ip", out _)
        );

    [Fact]
    public void Labels_stand_in_the_agent_with_dots_as_objects()
    {
        var agent = Samples.Shop with { Labels = [new("aws.id", "i-1"), new("aws.zone", "a\"b"), new("env", "live"), new("nothing", "")] };

        Assert.Equal(
            """{"id":"007","name":"shop","ip":"192.0.2.5","labels":{"aws":{"id":"i-1","zone":"a\"b"},"env":"live"}}""",
            Read(Samples.Plain with { Agent = agent }).GetProperty("agent").GetRawText()
        );
        Assert.False(Read(Samples.Plain).GetProperty("agent").TryGetProperty("labels", out _));
    }

    [Fact]
    public void What_is_empty_is_left_out()
    {
        var record = Read(Samples.Plain with { Fields = [Samples.Static("srcip", string.Empty), Samples.Nested("a.b", string.Empty)] });

        Assert.False(record.TryGetProperty("data", out _));
        Assert.False(record.TryGetProperty("predecoder", out _));
        Assert.Empty(record.GetProperty("decoder").EnumerateObject());
    }

    [Fact]
    public void A_suspicion_is_told_in_a_place_of_ours() =>
        Assert.Equal(
            "two sources",
            Read(Samples.Plain with { Suspicion = "two sources" }).GetProperty("redoubt").GetProperty("suspicion").GetString()
        );

    [Fact]
    public void Invalid_UTF_8_becomes_a_replacement_character() =>
        Assert.Equal("a\uFFFDb", Read(Samples.Plain with { FullLog = [(byte)'a', 0xFF, (byte)'b'] }).GetProperty("full_log").GetString());

    [Fact]
    public void Every_control_character_survives_and_the_record_stays_one_line()
    {
        var line = Enumerable.Range(0, 32).Select(c => (byte)c).Append((byte)0x7F).Append((byte)'"').Append((byte)'\\').ToArray();

        var record = Samples.Json.Format(Samples.Plain with { FullLog = line, Description = "\n", Location = "\r" });

        Assert.DoesNotContain((byte)'\n', record);
        Assert.DoesNotContain((byte)'\r', record);
        Assert.Equal(Encoding.UTF8.GetString(line), JsonDocument.Parse(record).RootElement.GetProperty("full_log").GetString());
    }

    [Fact]
    public void Text_of_other_scripts_is_written_as_it_is() =>
        Assert.Contains(
            "Zoë 日本 <&'+",
            Encoding.UTF8.GetString(Samples.Json.Format(Samples.Plain with { FullLog = Encoding.UTF8.GetBytes("Zoë 日本 <&'+") }))
        );

    [Fact]
    public void A_line_of_1_MB_is_written_whole() =>
        Assert.Equal(
            1 << 20,
            Read(Samples.Plain with { FullLog = [.. Enumerable.Repeat((byte)'a', 1 << 20)] }).GetProperty("full_log").GetString()!.Length
        );

    [Theory]
    [InlineData("a.b=1 a.c=2 d=3", """{"a":{"b":"1","c":"2"},"d":"3"}""")]
    [InlineData("a.b.c=1 x=2 a.b.d=3", """{"a":{"b":{"c":"1","d":"3"}},"x":"2"}""")]
    [InlineData("a=1 a=2", """{"a":"2"}""")]
    [InlineData("a=1 a.b=2", """{"a":"1","a.b":"2"}""")]
    [InlineData("a.b=1 a.c.d=2 a=3", """{"a":"3","a.b":"1","a.c":{"d":"2"}}""")]
    [InlineData("x.a=1 x.a.b=2", """{"x":{"a":"1","a.b":"2"}}""")]
    [InlineData(".a=1 b.=2 .=3", """{".a":"1","b.":"2",".":"3"}""")]
    [InlineData("a..b=1", """{"a":{".b":"1"}}""")]
    public void Names_are_nested_at_their_dots_and_no_value_is_lost(string fields, string data)
    {
        var alert = Samples.Plain with
        {
            Fields = [.. fields.Split(' ').Select(f => f.Split('=')).Select(f => Samples.Nested(f[0], f[1]))],
        };

        Assert.Equal(data, Read(alert).GetProperty("data").GetRawText());
    }

    [Fact]
    public void A_static_field_is_never_nested() =>
        Assert.Equal(
            """{"a.b":"1"}""",
            Read(Samples.Plain with { Fields = [Samples.Static("a.b", "1")] }).GetProperty("data").GetRawText()
        );

    [Fact]
    public void A_name_of_ten_thousand_dots_does_no_harm()
    {
        var name = string.Join('.', Enumerable.Repeat("a", 10_000));

        var data = Read(Samples.Plain with { Fields = [Samples.Nested(name, "1")] }).GetProperty("data").GetRawText();

        Assert.EndsWith("\"1\"" + new string('}', data.Count(c => c == '{')), data);
    }

    [Theory]
    [InlineData("""["a",1,true,null,{"b":[]}]""", """["a",1,true,null,{"b":[]}]""")]
    [InlineData("[ 1 , 2 ]", "[1,2]")]
    [InlineData("[1,", "\"[1,\"")]
    [InlineData("not json", "\"not json\"")]
    [InlineData("""["\u0041\n"]""", """["A\n"]""")]
    public void A_list_is_written_as_one_and_what_is_none_as_text(string value, string written) =>
        Assert.Equal(
            written,
            Read(Samples.Plain with { Fields = [Samples.Nested("a", value) with { IsJsonArray = true }] })
                .GetProperty("data")
                .GetProperty("a")
                .GetRawText()
        );

    [Fact]
    public void A_list_with_half_a_surrogate_pair_or_invalid_UTF_8_does_no_harm()
    {
        foreach (var value in new[] { "[\"\\ud800\"]"u8.ToArray(), [(byte)'[', (byte)'"', 0xFF, (byte)'"', (byte)']'], [0xFF] })
        {
            var alert = Samples.Plain with { Fields = [new AlertField("a", value, true, true, false), Samples.Nested("b", "after")] };

            Assert.Equal("after", Read(alert).GetProperty("data").GetProperty("b").GetString());
        }
    }

    [Fact]
    public void The_time_has_the_offset_of_its_zone()
    {
        var west = TimeZoneInfo.CreateCustomTimeZone("w", -new TimeSpan(3, 30, 0), "w", "w");

        Assert.Equal("2026-07-01T06:45:30.123-0330", Redoubt.Record.AlertJson.Timestamp(Samples.Noon, west));
        Assert.Equal("2026-07-01T10:15:30.123+0000", Redoubt.Record.AlertJson.Timestamp(Samples.Noon, TimeZoneInfo.Utc));
    }

    private static JsonElement Read(Alert alert, bool withFullLog = false) =>
        JsonDocument.Parse(Samples.Json.Format(alert, withFullLog), new JsonDocumentOptions { MaxDepth = 200 }).RootElement;
}
