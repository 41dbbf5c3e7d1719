using System.Text;
using Redoubt.Engine;
using Redoubt.Model;

namespace Redoubt.Tests.Hostile;

/// <summary>Good inputs of every kind, and an engine whose rules look at all of them.</summary>
internal static class Samples
{
    private const string Decoders = """
        <decoder name="app"><program_name>^app$</program_name></decoder>
        <decoder name="app-fields"><parent>app</parent><prematch>^user</prematch><regex offset="after_prematch">(\S+) from (\S+)|(\w+)$</regex>
          <order>user, srcip, url</order><fts>name, user</fts></decoder>
        <decoder name="app-more"><parent>app</parent><prematch type="pcre2">(?i)^get</prematch>
          <regex type="pcre2">(\d+)(x)?([a-z]+)?</regex><order>id, status, extra.field</order><accumulate /></decoder>
        <decoder name="json"><prematch>^{\s*"</prematch><plugin_decoder>JSON_Decoder</plugin_decoder></decoder>
        <decoder name="pf"><prematch>^rule \d+</prematch><plugin_decoder>PF_Decoder</plugin_decoder></decoder>
        <decoder name="sonic"><prematch>^id=\S+ sn=</prematch><plugin_decoder>SonicWall_Decoder</plugin_decoder></decoder>
        <decoder name="sym"><prematch>^\d+,\d</prematch><plugin_decoder>SymantecWS_Decoder</plugin_decoder></decoder>
        <decoder name="ossec"><prematch>^Alert Level:</prematch><plugin_decoder>OSSECAlert_Decoder</plugin_decoder></decoder>
        """;

    private const string Rules = """
        <var name="N">60</var>
        <group name="test,">
        <rule id="1" level="0" noalert="1"><category>syslog</category><description>root</description></rule>
        <rule id="7" level="0" noalert="1"><category>ossec</category><description>root</description></rule>
        <rule id="100" level="3"><regex>\S+</regex><description>$(user) $(srcip) $(a.b)</description><mitre><id>T1110</id></mitre></rule>
        <rule id="101" level="5" frequency="4" timeframe="$N" ignore="10"><if_matched_sid>100</if_matched_sid><same_field>a</same_field>
          <description>c</description></rule>
        <rule id="102" level="6"><if_sid>100</if_sid><srcip>10.0.0.0/8</srcip><srcip>2001:db8::/32</srcip><description>d</description></rule>
        <rule id="103" level="4"><if_sid>100</if_sid><list field="srcip" lookup="address_match_key_value" check_value="^bad">etc/lists/bad</list>
          <description>e</description></rule>
        <rule id="104" level="2"><if_sid>100</if_sid><match>^a|b$|c</match><field name="a.b" type="pcre2">^\d+$</field><if_fts />
          <time>6 pm - 8:30 am</time><description>f</description></rule>
        <rule id="105" level="1"><if_sid>7</if_sid><field name="win.system.eventID">^4625$</field><description>g</description></rule>
        </group>
        """;

    public static byte[] DecoderFile { get; } = Encoding.UTF8.GetBytes(Decoders);

    public static byte[] RuleFile { get; } = Encoding.UTF8.GetBytes(Rules);

    public static byte[] ListText { get; } = "10.0.:bad net\n198.51.100.7:bad host\n\"a:b\":\"c\"\nkey:\n"u8.ToArray();

    /// <summary>Lines of each header form and each decoder.</summary>
    public static byte[][] Lines { get; } =
        Array.ConvertAll(
            [
                "Dec 29 10:00:01 host app[12]: user x from 10.2.3.4",
                "Dec 29 10:00:01 host app: GET 12xabc",
                "M\u00e4r 29 10:00:01 host app: user x",
                "2015-04-16 21:51:02,805 host app: hello",
                "2007-06-14T15:48:55-04:00 host app: hello",
                "2022-12-19T15:02:53.288+00:00 host app[9] hello",
                "2009-05-22T09:36:46.214994-07:00 2001:db8::7 app: hello",
                "2009-05-22T09:36:46.214994Z host app: user x from 10.1.1.1",
                "2015 Dec 29 10:00:01 host app: hello",
                "2021-04-21 10:16:09.404756-0700 host app: hello",
                "Mon Apr 17 18:27:14 2006 1 64 host",
                "01/28-09:13:16.240702  [**] hello",
                "01/28/1979-09:13:16.240702  [**] hello",
                "[Fri Feb 11 18:06:35 2004] [warn] hello",
                "[Time 2006.12.28 15:53:55 UTC] [Facility auth] [Sender app] [PID 483] [Message user x from y] [Level 3] [Host h]",
                "1140804070.368  11623 127.0.0.1 TCP_MISS/200 hello",
                "Dec 29 10:00:01 host auth|security:info prog[9]: hello",
                "Dec 29 10:00:01 host sshd: [ID 800047 auth.info] hello",
                """{"a":{"b":1.5e3,"c":[1,"x",{"k":null}]},"srcip":"1.2.3.4","e":"\u00e9\ud83d\ude00\n","t":true,"n":null,"user":"u"}""",
                "rule 3/(match) pass out on xl0: 1.2.3.4.1514 > 5.6.7.8.53: udp",
                "id=a sn=b pri=5 c=32 m=98 n=1 src=1.2.3.4:80:X dst=5.6.7.8:90:Y proto=tcp/http",
                "1,2,10=u,11=1.2.3.4,60=http://x",
                "Alert Level: 3; Rule: 100 - x; Location: a->b; srcip: 1.2.3.4; user: u; text",
                """{"Message":"m","Event":"<Event xmlns='x'><System><Provider Name='P' Guid='{1}'/><EventID>4625</EventID><Level>0</Level></System><EventData><Data Name='User'>u &amp; v</Data><Data>w</Data></EventData></Event>"}""",
            ],
            Encoding.UTF8.GetBytes
        );

    public static AnalysisEngine NewEngine() =>
        new(
            Load(DecoderFile, RuleFile, "etc/lists/bad", ListText, new DiagnosticBag()) ?? throw new InvalidOperationException("The samples do not load."),
            new EngineOptions { HostName = "manager" }
        );

    /// <summary>An engine without memory over the same rules.</summary>
    public static AnalysisEngine NewEngineSharing(AnalysisEngine other) => new(other.Ruleset, new EngineOptions { HostName = "manager" });

    public static Ruleset? Load(byte[] decoders, byte[] rules, string listName, byte[] list, DiagnosticBag diagnostics) =>
        Ruleset.Load(
            new RulesetSource
            {
                Decoders = [new RulesetFile("d.xml", decoders)],
                Rules = [new RulesetFile("r.xml", rules)],
                Lists = [new RulesetFile(listName, list)],
            },
            diagnostics
        );

    /// <summary>Sends bytes as a line, and makes the alert whether or not one is due.</summary>
    public static Alert Send(AnalysisEngine engine, byte[] line, LineKind kind = LineKind.Log) =>
        engine
            .Analyse(
                new LogLine
                {
                    Text = line,
                    ArrivalUnixMilliseconds = 1_700_000_000_000,
                    Agent = new AgentIdentity("000", "manager", null),
                    Location = "/var/log/test.log",
                    Kind = kind,
                }
            )
            .ToAlert();
}
