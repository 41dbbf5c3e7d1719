using Redoubt.Engine;

namespace Redoubt.Tests.Engine.Match;

public class ConditionTests
{
    [Fact]
    public void An_alert_names_the_techniques_and_tactics_of_its_rule()
    {
        var engine = new EngineHarness(
            string.Empty,
            EngineHarness.Root
                + "<rule id=\"100\" level=\"3\"><match>x</match><mitre><id>T1110.001</id><id>T1078</id><id>T9999</id></mitre>"
                + "<description>d</description></rule></group>"
        );

        var rule = engine.Send("x").Rule!;

        Assert.Equal(["T1110.001", "T1078", "T9999"], rule.MitreIds);
        Assert.Equal(["Password Guessing", "Valid Accounts"], rule.MitreTechniques);
        Assert.Equal(["Credential Access", "Defense Evasion", "Persistence", "Privilege Escalation", "Initial Access"], rule.MitreTactics);
    }

    private const string Decoders = """
        <decoder name="app"><program_name>^app$</program_name></decoder>
        <decoder name="app-fields"><parent>app</parent><regex>ip=(\S+) u=(\S+) a=(\S+)</regex><order>srcip, user, action</order></decoder>
        """;

    [Theory]
    [InlineData("<srcip>192.0.2.0/24</srcip>", "192.0.2.7", true)]
    [InlineData("<srcip>192.0.2.0/255.255.255.0</srcip>", "192.0.2.7", true)]
    [InlineData("<srcip>192.0.2.0/24</srcip>", "192.0.3.7", false)]
    [InlineData("<srcip>2001:db8::/32</srcip>", "2001:db8::7", true)]
    [InlineData("<srcip>0.0.0.0/0</srcip>", "2001:db8::7", false)]
    [InlineData("<srcip negate=\"yes\">192.0.2.0/24</srcip>", "no-address", true)]
    [InlineData("<srcip>any</srcip>", "192.0.2.7", true)]
    [InlineData("<list field=\"srcip\" lookup=\"address_match_key\">etc/lists/bad</list>", "192.0.2.7", true)]
    [InlineData("<list field=\"srcip\" lookup=\"address_match_key\">etc/lists/bad</list>", "192.0.3.7", false)]
    [InlineData("<list field=\"srcip\" lookup=\"match_key\">etc/lists/bad</list>", "198.51.100.7", true)]
    [InlineData("<list field=\"srcip\" lookup=\"not_match_key\">etc/lists/bad</list>", "192.0.2.7", true)]
    [InlineData("<list field=\"srcip\" lookup=\"address_match_key_value\" check_value=\"net\">etc/lists/bad</list>", "192.0.2.7", true)]
    [InlineData("<list field=\"srcip\" lookup=\"address_match_key_value\" check_value=\"net\">etc/lists/bad</list>", "198.51.100.7", false)]
    [InlineData("<url>x</url>", "192.0.2.7", false)]
    [InlineData("<url negate=\"yes\">x</url>", "192.0.2.7", false)]
    [InlineData("<user>ANN</user>", "192.0.2.7", true)]
    [InlineData("<action>drop</action>", "192.0.2.7", true)]
    [InlineData("<action>DROP</action>", "192.0.2.7", false)]
    [InlineData("<action type=\"osmatch\">DROP</action>", "192.0.2.7", true)]
    [InlineData("<match>!drop</match>", "192.0.2.7", false)]
    [InlineData("<match negate=\"yes\">!drop</match>", "192.0.2.7", true)]
    [InlineData("<location>test.log$</location>", "192.0.2.7", true)]
    [InlineData("<hostname>^host$</hostname>", "192.0.2.7", true)]
    [InlineData("<time>9 am - 11 am</time>", "192.0.2.7", true)]
    [InlineData("<time>!9 am - 11 am</time>", "192.0.2.7", false)]
    [InlineData("<time>23:00 - 10:13</time>", "192.0.2.7", true)]
    [InlineData("<time>23:00 - 10:12</time>", "192.0.2.7", false)]
    [InlineData("<weekday>tuesday</weekday>", "192.0.2.7", true)]
    [InlineData("<weekday>weekends</weekday>", "192.0.2.7", false)]
    public void A_condition_decides_whether_the_rule_matches(string condition, string source, bool matches)
    {
        // 2023-11-14 was a Tuesday; the line arrives at 10:13 in a zone twelve hours behind the 22:13 of UTC.
        var zone = TimeZoneInfo.CreateCustomTimeZone("test", TimeSpan.FromHours(-12), "test", "test");
        var engine = new EngineHarness(
            Decoders,
            EngineHarness.Root
                + $"<rule id=\"100\" level=\"3\"><decoded_as>app</decoded_as>{condition}<description>d</description></rule></group>",
            new EngineOptions { TimeZone = zone }
        );
        Assert.Equal(matches ? 100 : 0, engine.RuleOf($"Jan  1 00:00:00 host app: ip={source} u=ann a=drop"));
    }

    [Theory]
    [InlineData(Compatibility.Best, 0)]
    [InlineData(Compatibility.Strict, 100)]
    public void All_lists_of_a_rule_count_but_in_strict_mode_only_the_last_two(Compatibility compatibility, int rule)
    {
        const string Known = "<list field=\"srcip\">etc/lists/bad</list>";
        const string Unknown = "<list field=\"action\">etc/lists/bad</list>";
        var engine = new EngineHarness(
            Decoders,
            EngineHarness.Root
                + $"<rule id=\"100\" level=\"3\"><decoded_as>app</decoded_as>{Unknown}{Known}{Known}<description>d</description></rule></group>",
            compatibility: compatibility
        );
        Assert.Equal(rule, engine.RuleOf("Jan  1 00:00:00 host app: ip=198.51.100.7 u=ann a=drop"));
    }

    [Fact]
    public void Check_diff_matches_when_the_text_changed()
    {
        var engine = new EngineHarness(
            Decoders,
            EngineHarness.Root
                + """
                <rule id="100" level="3"><match>^ossec: output: 'ports'</match><check_diff /><description>ports changed</description></rule></group>
                """
        );
        Assert.Equal(0, engine.RuleOf("ossec: output: 'ports':\n22"));
        Assert.Equal(0, engine.RuleOf("ossec: output: 'ports':\n22"));
        var alert = engine.Send("ossec: output: 'ports':\n22\n80").ToAlert();
        Assert.Equal(100, alert.Rule?.Id);
        Assert.Equal("ossec: output: 'ports':\n22"u8.ToArray(), alert.PreviousLog);
        Assert.Equal(0, engine.RuleOf("ossec: output: 'ports':\n22\n80"));
    }

    [Fact]
    public void What_a_rule_writes_down_keeps_another_one_quiet()
    {
        var engine = new EngineHarness(
            Decoders,
            EngineHarness.Root
                + """
                <rule id="100" level="3"><decoded_as>app</decoded_as><match>known</match><ignore>srcip</ignore><description>writes</description></rule>
                <rule id="101" level="2"><decoded_as>app</decoded_as><check_if_ignored>srcip</check_if_ignored><description>asks</description></rule></group>
                """
        );
        Assert.True(engine.Send("Jan  1 00:00:00 host app: ip=1.1.1.1 u=ann a=drop").IsAlert);
        Assert.True(engine.Send("Jan  1 00:00:00 host app: ip=1.1.1.1 u=ann a=drop known").IsAlert);
        Assert.False(engine.Send("Jan  1 00:00:00 host app: ip=1.1.1.1 u=ann a=drop").IsAlert);
        Assert.True(engine.Send("Jan  1 00:00:00 host app: ip=2.2.2.2 u=ann a=drop").IsAlert);
    }

    [Fact]
    public void Options_change_whether_an_alert_is_made()
    {
        var engine = new EngineHarness(
            Decoders,
            EngineHarness.Root
                + """
                <rule id="100" level="3"><match>quiet</match><options>no_log</options><description>d</description></rule>
                <rule id="101" level="1"><match>loud</match><options>log_alert</options><description>d</description></rule>
                <rule id="102" level="1"><match>small</match><description>d</description></rule></group>
                """,
            new EngineOptions { LogAlertLevel = 3 }
        );
        Assert.False(engine.Send("quiet").IsAlert);
        Assert.True(engine.Send("loud").IsAlert);
        Assert.False(engine.Send("small").IsAlert);
    }

    [Fact]
    public void An_alert_has_its_fields_in_order_and_its_description_filled_in()
    {
        var engine = new EngineHarness(
            Decoders,
            EngineHarness.Root
                + """
                <rule id="100" level="3"><decoded_as>app</decoded_as><group>pci_dss_1.2,web,</group><description>$(user) did $(action)$(nothing)</description></rule></group>
                """
        );
        var alert = engine.Send("Jan  1 00:00:00 host app: ip=1.1.1.1 u=ann a=drop").ToAlert();
        Assert.Equal("ann did drop", alert.Description);
        Assert.Equal(["action", "srcip", "dstuser"], alert.Fields.Select(f => f.Name));
        Assert.Equal([false, false, true], alert.Fields.Select(f => f.ClientText));
        Assert.Equal(["test", "web"], alert.Rule!.Groups);
        Assert.Equal("1.2", Assert.Single(alert.Rule.Compliance).Value[0]);
        Assert.Same(engine.Ruleset.Rules.Single(r => r.Id == 100), alert.Rule);
    }
}
