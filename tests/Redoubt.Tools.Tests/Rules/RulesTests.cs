using System.Text.Json;

namespace Redoubt.Tests.Tools.Rules;

public class RulesTests : TemporaryFolder
{
    [Theory]
    [InlineData(new[] { "--id", "5763" }, "5763")]
    [InlineData(new[] { "--id", "5700-5701" }, "5700 5701")]
    [InlineData(new[] { "--level", "14-", "--group", "sshd" }, "5707 5714")]
    [InlineData(new[] { "--file", "sshd", "brute force from" }, "5712 5719 5763")]
    public async Task A_list_holds_the_rules_that_were_asked_for(string[] words, string expected)
    {
        var result = await Tool.RunAsync(["rules", "list", "--json", .. words]);

        Assert.Equal(expected, string.Join(' ', result.Ends(0).Objects.Select(o => o.GetProperty("id").GetInt32())));
    }

    [Theory]
    [InlineData(Refused, "list", "--group", "no_such_group")]
    [InlineData(Usage, "list", "--level", "high")]
    [InlineData(Usage, "list", "--level", "9-3")]
    [InlineData(Usage, "list", "--id", "-")]
    [InlineData(Refused, "show", "999999")]
    [InlineData(Usage, "show")]
    [InlineData(Usage, "show", "ssh")]
    [InlineData(Refused, "tree", "999999")]
    [InlineData(Usage, "tree", "--depth", "0")]
    [InlineData(Unreachable, "test", "/no/such/file.ini")]
    [InlineData(Usage, "test")]
    [InlineData(Usage, "test", "--nonsense")]
    [InlineData(Usage, "list", "--nonsense")]
    public async Task What_is_not_there_or_makes_no_sense_is_told(int code, params string[] words)
    {
        var result = await Tool.RunAsync(["rules", .. words]);

        result.Ends(code);
        Assert.NotEmpty(result.Error);
    }

    [Fact]
    public async Task A_rule_is_told_in_words_with_what_it_inherits_and_leads_to()
    {
        var result = await Tool.RunAsync("rules", "show", "5763", "--home", Home("enforce"));

        result.Ends(0);
        Assert.Matches(@"(?m)^Rule 5763 \(level 10\) sshd: brute force", result.Output);
        Assert.Matches(@"(?m)^  file +\S*0300-sshd\.xml:\d+$", result.Output);
        Assert.Matches(@"(?m)^  mitre +T1110 ", result.Output);
        Assert.Matches(@"(?m)^  frequency +8 events within 120 s, this one included: events of rule 5760, same srcip$", result.Output);
        Assert.Matches(@"(?m)^  place +if_matched_sid 5760$", result.Output);
        Assert.Matches(@"(?m)^    decoded_as +the decoder is 'sshd'$", result.Output);
        Assert.Matches(@"(?m)^  response +drop on the host of the line, for 10m 00s, bound by its group$", result.Output);
    }

    [Fact]
    public async Task A_rule_whose_source_a_client_may_have_written_is_called_ambiguous()
    {
        Write(
            "etc/decoders/local_app.xml",
            """
            <decoder name="app"><program_name>^app$</program_name></decoder>
            <decoder name="app-user"><parent>app</parent><regex>from (\S+) port</regex><order>srcip</order></decoder>
            """
        );
        Write(
            "etc/rules/local_app.xml",
            """
            <group name="app,"><rule id="100100" level="10"><decoded_as>app</decoded_as><description>refused</description></rule></group>
            """
        );
        Write(
            "etc/redoubt.conf",
            """
            <redoubt_config>
              <command><name>drop</name><executable>firewall-drop</executable></command>
              <active-response><command>drop</command><location>local</location><rules_id>100100,5712</rules_id></active-response>
            </redoubt_config>
            """
        );

        var show = await Tool.RunAsync("rules", "show", "100100", "--home", Folder);
        var proven = await Tool.RunAsync("rules", "show", "5712", "--home", Folder, "--json");
        var check = await Tool.RunAsync("check", "--home", Folder, "--json");

        Assert.Matches(@"(?m)^  ambiguous +decoder app-user may take a client's text", show.Ends(0).Output);
        Assert.False(Assert.Single(proven.Ends(0).Objects).GetProperty("is_ambiguous").GetBoolean());
        var note = Assert.Single(check.Ends(0).Objects, o => o.GetProperty("code").GetString() == "CONF0054");
        Assert.Contains("drop is bound to rule 100100,", note.GetProperty("problem").GetString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Every_kind_of_condition_has_its_words()
    {
        Write("lists/bad", "192.0.2.7:x\n");
        Write(
            "rules/1.xml",
            """
            <group name="test,">
            <rule id="1" level="0"><category>syslog</category><description>root</description></rule>
            <rule id="100" level="3" maxsize="10" ignore="60"><category>syslog</category>
              <match>a|b</match><regex negate="yes">^c\d</regex><program_name type="pcre2">^x$</program_name>
              <srcip>10.0.0.0/8</srcip><srcip negate="yes">192.0.2.1</srcip><user>root</user><field name="a.b">^1$</field><action>drop</action>
              <time>6 pm - 8:30 am</time><weekday>weekends</weekday><list field="srcip" lookup="address_match_key">etc/lists/bad</list>
              <compiled_rule>is_simple_http_request</compiled_rule><if_fts /><check_diff />
              <options>no_log,</options><description>d</description></rule>
            </group>
            """.Replace("no_log,", "no_log", StringComparison.Ordinal)
        );
        Directory.CreateDirectory(At("decoders"));

        var result = await Tool.RunAsync(
            "rules",
            "show",
            "--json",
            "--decoders",
            At("decoders"),
            "--rules",
            At("rules"),
            "--lists",
            At("lists"),
            "100"
        );

        var needs = result
            .Ends(0)
            .Objects[0]
            .GetProperty("needs")
            .EnumerateArray()
            .ToDictionary(n => n.GetProperty("option").GetString()!, n => n.GetProperty("words").GetString()!);
        Assert.Equal("the log matches 'a|b' (osmatch)", needs["match"]);
        Assert.Equal(@"the log does not match '^c\d' (osregex)", needs["regex"]);
        Assert.Equal("program_name matches '^x$' (pcre2)", needs["program_name"]);
        Assert.Equal("srcip is in 10.0.0.0/8 or anything but 192.0.2.1", needs["srcip"]);
        Assert.Equal("user matches 'root' (osmatch)", needs["user"]);
        Assert.Equal("a.b matches '^1$' (osregex)", needs["field"]);
        Assert.Equal("action is 'drop'", needs["action"]);
        Assert.Equal("the time of day is between 18:00 and 08:30", needs["time"]);
        Assert.Equal("the day is Sunday or Saturday", needs["weekday"]);
        Assert.Equal("srcip is an address of etc/lists/bad", needs["list"]);
        Assert.Equal("the log has 10 bytes or more", needs["maxsize"]);
        Assert.Equal("the built-in test 'is_simple_http_request' holds", needs["compiled_rule"]);
        Assert.Contains("if_fts", needs.Keys);
        Assert.Contains("check_diff", needs.Keys);
        Assert.Equal(60, result.Objects[0].GetProperty("ignore").GetInt32());
    }

    [Fact]
    public async Task A_tree_is_indented_below_its_root()
    {
        var result = await Tool.RunAsync("rules", "tree", "5716");

        Assert.Equal(
            [
                "5716 [5] sshd",
                "  5720 [10] if_matched_sid",
                "  5760 [5] if_sid",
                "    5763 [10] if_matched_sid",
                "    877800 [9] if_matched_sid",
                "    877801 [9] if_matched_sid",
            ],
            result
                .Ends(0)
                .Output.Split('\n', StringSplitOptions.RemoveEmptyEntries)
                .Select(l => l[..l.IndexOf(':', StringComparison.Ordinal)])
        );
        Assert.Single((await Tool.RunAsync("rules", "tree", "--depth", "1", "--json", "5716")).Ends(0).Objects);
    }
}
