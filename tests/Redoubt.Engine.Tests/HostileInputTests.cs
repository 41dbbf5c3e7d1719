using System.Text;
using Redoubt.Engine;
using Redoubt.Model;

namespace Redoubt.Tests.Engine;

public class HostileInputTests
{
    private const string Decoders = """
        <decoder name="app"><program_name>^app$</program_name></decoder>
        <decoder name="app-fields"><parent>app</parent><regex>user (\S+) from (\S+)</regex><order>user, srcip</order></decoder>
        <decoder name="json"><prematch>^{\s*"</prematch><plugin_decoder>JSON_Decoder</plugin_decoder></decoder>
        <decoder name="pf"><prematch>^rule \d+</prematch><plugin_decoder>PF_Decoder</plugin_decoder></decoder>
        <decoder name="sonic"><prematch>^id=\S+ sn=</prematch><plugin_decoder>SonicWall_Decoder</plugin_decoder></decoder>
        <decoder name="sym"><prematch>^\d+,\d</prematch><plugin_decoder>SymantecWS_Decoder</plugin_decoder></decoder>
        <decoder name="ossec"><prematch>^Alert Level:</prematch><plugin_decoder>OSSECAlert_Decoder</plugin_decoder></decoder>
        """;

    private const string Rules =
        EngineHarness.Root
        + """
            <rule id="100" level="3"><regex>\S+</regex><description>$(user) $(srcip) $(a.b)</description></rule>
            <rule id="101" level="5" frequency="4" timeframe="60"><if_matched_sid>100</if_matched_sid><same_field>a</same_field><description>c</description></rule>
            </group>
            """;

    public static TheoryData<string> Lines =>
        [
            "Dec 29 10:00:01 host app[12]: user x from 192.0.2.7",
            "2024-04-16T21:51:02.123456+02:00 host app: user x",
            "[Time 2006.12.28 15:53:55 UTC] [Facility auth] [Sender sshd] [PID 483] [Message error] [Level 3] [Host h]",
            "01/28/1979-09:13:16.240702  [**] hello",
            "1140804070.368  11623 127.0.0.1 TCP_MISS/200 hello",
            "Dec 29 10:00:01 host auth|security:info prog[9]: hello",
            """{"a":{"b":1.5e3,"c":[1,"x",{"k":null}]},"srcip":"1.2.3.4","e":"\u00e9\ud83d\ude00\n","t":true,"n":null}""",
            "rule 3/(match) pass out on xl0: 1.2.3.4.1514 > 5.6.7.8.53: udp",
            "id=a sn=b pri=5 c=32 m=98 n=1 src=1.2.3.4:80:X dst=5.6.7.8:90:Y proto=tcp/http",
            "1,2,10=u,11=1.2.3.4,60=http://x",
            "Alert Level: 3; Rule: 100 - x; Location: a->b; srcip: 1.2.3.4; user: u; text",
        ];

    [Theory]
    [MemberData(nameof(Lines))]
    public void Every_prefix_of_a_good_line_is_answered(string line)
    {
        var engine = new EngineHarness(Decoders, Rules);
        var bytes = Encoding.UTF8.GetBytes(line);
        for (var length = 0; length <= bytes.Length; length++)
            engine.Send(bytes[..length]).ToAlert();

        Assert.Equal(bytes.Length + 1, engine.Engine.Counters.Received);
    }

    [Theory]
    [MemberData(nameof(Lines))]
    public void Broken_bytes_anywhere_in_a_good_line_are_answered(string line)
    {
        var engine = new EngineHarness(Decoders, Rules);
        var random = new Random(3);
        var bytes = Encoding.UTF8.GetBytes(line);
        for (var i = 0; i < 2_000; i++)
        {
            var broken = bytes.ToArray();
            for (var n = random.Next(1, 5); n > 0; n--)
                broken[random.Next(broken.Length)] = (byte)random.Next(256);

            engine.Send(broken).ToAlert();
        }

        Assert.Equal(2_000, engine.Engine.Counters.Received);
    }

    [Theory]
    [InlineData("a")]
    [InlineData("\0")]
    [InlineData("[")]
    [InlineData("{\"a\":")]
    [InlineData("{\"a\":[")]
    [InlineData("Dec 29 10:00:01 ")]
    [InlineData("user x from ")]
    public void A_line_of_a_megabyte_is_answered(string piece)
    {
        var engine = new EngineHarness(Decoders, Rules);
        var line = string.Concat(Enumerable.Repeat(piece, (1 << 20) / piece.Length));
        engine.Send(line).ToAlert();
        engine.Send("Dec 29 10:00:01 host app: " + line).ToAlert();
        Assert.Equal(2, engine.Engine.Counters.Received);
    }

    [Fact]
    public void A_line_that_would_cost_too_much_is_cut_short_and_counted()
    {
        var rules = string.Concat(
            Enumerable.Range(100, 40).Select(id => $"<rule id=\"{id}\" level=\"3\"><regex>\\d+x</regex><description>d</description></rule>")
        );
        var engine = new EngineHarness(Decoders, EngineHarness.Root + rules + "</group>");
        var costly = engine.Send(new string('1', 1 << 20));
        Assert.True(costly.Event.IsOverBudget);
        var alert = costly.ToCostAlert();
        Assert.Equal(990001, alert?.Rule?.Id);
        Assert.Contains("rule 1", alert?.Description, StringComparison.Ordinal);
        Assert.Matches("judged in part only; most work: (?:(?:rule 1\\d\\d|decoder [a-z]+)(?:, |$)){3}$", alert?.Description);
        Assert.Equal(1024, alert?.FullLog.Length);
        var ordinary = engine.Send(new string('1', 1 << 16));
        Assert.False(ordinary.Event.IsOverBudget);
        Assert.Null(ordinary.ToCostAlert());
        Assert.Equal(1, engine.Engine.Counters.OverBudget);
    }

    [Theory]
    [InlineData("\0\0\0")]
    [InlineData("Dec 29 10:00:01 host app: user \0 from \u00ff")]
    public void Nul_and_invalid_utf8_are_ordinary_bytes(string line)
    {
        var engine = new EngineHarness(Decoders, Rules);
        Assert.Equal(100, engine.Send(Encoding.Latin1.GetBytes(line)).Rule?.Id);
    }

    [Fact]
    public void Any_arrival_time_is_accepted()
    {
        var engine = new EngineHarness(
            Decoders,
            Rules
                + """
                <group name="x,"><rule id="200" level="5"><if_sid>100</if_sid><time>6 pm - 8:30 am</time><weekday>weekends</weekday><description>t</description></rule></group>
                """
        );
        foreach (var time in new[] { long.MinValue / 2000, -1, 0, 1_700_000_000, long.MaxValue / 2000 })
        {
            engine.Now = time;
            engine.Send("x").ToAlert();
        }

        Assert.Equal(5, engine.Engine.Counters.Received);
    }

    [Fact]
    public void Every_prefix_of_a_rule_file_loads_or_is_refused_with_a_place()
    {
        var bytes = Encoding.UTF8.GetBytes(Rules);
        for (var length = 0; length < bytes.Length; length++)
        {
            var diagnostics = new DiagnosticBag();
            var ruleset = Ruleset.Load(new RulesetSource { Rules = [new RulesetFile("r.xml", bytes[..length])] }, diagnostics);
            Assert.Equal(ruleset is null, diagnostics.HasErrors);
        }
    }

    [Fact]
    public void A_line_whose_rule_is_found_allocates_nothing()
    {
        var engine = new EngineHarness(Decoders, Rules);
        byte[][] lines =
        [
            "Dec 29 10:00:01 host app[12]: user x from 192.0.2.7"u8.ToArray(),
            "{\"a\":{\"b\":1},\"srcip\":\"1.2.3.4\",\"t\":true}"u8.ToArray(),
            "no header at all"u8.ToArray(),
        ];
        for (var i = 0; i < 100; i++)
            Array.ForEach(lines, line => engine.Send(line));

        // What a line costs shows in every round; what happens once, when the runtime puts better code in place, in one.
        var fewest = long.MaxValue;
        for (var round = 0; round < 5; round++)
        {
            var before = GC.GetAllocatedBytesForCurrentThread();
            for (var i = 0; i < 1_000; i++)
            {
                foreach (var line in lines)
                    engine.Send(line);
            }

            fewest = Math.Min(fewest, GC.GetAllocatedBytesForCurrentThread() - before);
        }

        Assert.Equal(0, fewest);
    }
}
