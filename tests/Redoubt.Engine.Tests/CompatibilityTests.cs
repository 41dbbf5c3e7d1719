using Redoubt.Engine;
using Redoubt.Model;

namespace Redoubt.Tests.Engine;

/// <summary>Where the answers differ from the original's, or differ between the two modes: rows of docs/compat/engine.md.</summary>
public sealed class CompatibilityTests
{
    private const string Logins = """
        <decoder name="app"><program_name>^app$</program_name></decoder>
        <decoder name="app-users"><parent>app</parent><regex>from (\S+) to (\S+) at (\S+)</regex><order>srcuser, dstuser, srcip</order></decoder>
        """;

    [Theory]
    [InlineData(Compatibility.Best, "from ann to 198.51.100.7 at 192.0.2.1", 100)]
    [InlineData(Compatibility.Best, "from 198.51.100.7 to ann at 192.0.2.1", 0)]
    [InlineData(Compatibility.Strict, "from ann to 198.51.100.7 at 192.0.2.1", 0)]
    [InlineData(Compatibility.Strict, "from 198.51.100.7 to ann at 192.0.2.1", 100)]
    public void The_user_of_a_list_is_the_target_but_in_strict_mode_the_source(Compatibility compatibility, string log, int rule)
    {
        const string rules =
            EngineHarness.Root
            + "<rule id=\"100\" level=\"3\"><list field=\"user\" lookup=\"match_key\">etc/lists/bad</list><description>d</description></rule></group>";

        Assert.Equal(rule, new EngineHarness(Logins, rules, compatibility: compatibility).RuleOf("Dec 29 10:00:01 host app[1]: " + log));
    }

    [Fact]
    public void A_line_of_a_SonicWall_changes_its_own_category_and_no_later_one()
    {
        const string decoders =
            "<decoder name=\"sonic\"><prematch>^id=\\S+ sn=</prematch><plugin_decoder>SonicWall_Decoder</plugin_decoder></decoder>";
        const string rules = """
            <group name="test,">
            <rule id="1" level="3"><category>syslog</category><description>syslog</description></rule>
            <rule id="2" level="3"><category>ids</category><description>ids</description></rule>
            </group>
            """;
        var engine = new EngineHarness(decoders, rules);

        Assert.Equal(2, engine.RuleOf("id=firewall sn=001 time=\"2026-11-24 10:00:00\" fw=192.0.2.1 pri=1 c=32 m=82 msg=\"scan\""));
        Assert.Equal(1, engine.RuleOf("id=firewall sn=001 time=\"2026-11-24 10:00:01\" fw=192.0.2.1 pri=1 c=16 m=82 msg=\"hello\""));
    }

    [Fact]
    public void Lines_of_other_agents_are_passed_over_by_if_matched_regex()
    {
        const string rules =
            EngineHarness.Root
            + """
                <rule id="100" level="3"><match>refused</match><description>d</description></rule>
                <rule id="101" level="10" frequency="3" timeframe="60"><if_matched_regex>refused</if_matched_regex><description>d</description></rule>
                </group>
                """;
        var engine = new EngineHarness(string.Empty, rules);
        var other = new AgentIdentity("002", "web2", null);
        int From(AgentIdentity agent)
        {
            engine.Agent = agent;
            return engine.RuleOf("refused");
        }

        Assert.Equal(100, From(EngineHarness.Manager));
        Assert.Equal(100, From(other));
        Assert.Equal(100, From(other));
        Assert.Equal(100, From(EngineHarness.Manager));
        Assert.Equal(101, From(EngineHarness.Manager));
    }

    [Fact]
    public void Fired_times_are_counted_on_after_the_full_hour()
    {
        const string rules =
            EngineHarness.Root + "<rule id=\"100\" level=\"3\"><match>x</match><description>d</description></rule></group>";
        var engine = new EngineHarness(string.Empty, rules);
        engine.Send("x");
        engine.Now += 2 * 3_600;

        Assert.Equal(2, engine.Send("x").FiredTimes);
    }

    [Theory]
    [InlineData("<decoder name=\"only\"><prematch>^only </prematch></decoder>", "only x")]
    [InlineData("<decoder name=\"only\"><program_name>^only$</program_name></decoder>", "Dec 29 10:00:01 host only[1]: x")]
    public void Decoders_of_one_kind_alone_can_be_named(string decoders, string line)
    {
        const string rules =
            EngineHarness.Root + "<rule id=\"100\" level=\"3\"><decoded_as>only</decoded_as><description>d</description></rule></group>";

        Assert.Equal(100, new EngineHarness(decoders, rules).RuleOf(line));
    }
}
