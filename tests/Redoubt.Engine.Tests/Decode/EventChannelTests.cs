using System.Text;
using Redoubt.Model;

namespace Redoubt.Tests.Engine.Decode;

public class EventChannelTests
{
    private const string Rules =
        EngineHarness.Root
        + """
            <rule id="600" level="3"><category>ossec</category><decoded_as>windows_eventchannel</decoded_as>
              <field name="win.system.eventID">^4625$</field><description>$(win.eventdata.targetUserName)</description></rule>
            </group>
            """;

    private const string Event = """
        <Event xmlns='http://schemas.microsoft.com/win/2004/08/events/event'><System><Provider Name='Security-Auditing' Guid='{1}'/>
        <EventID>4625</EventID><Level>0</Level><Keywords>0x8010000000000000</Keywords><TimeCreated SystemTime='2024-01-01T00:00:00Z'/>
        <Execution ProcessID='4' ThreadID='8'/><Channel>Security</Channel><Computer>pc</Computer><Security/></System>
        <EventData><Data Name='TargetUserName'>ann &amp; &lt;bob&gt;</Data><Data Name='Empty'></Data><Data Name='Dash'>-</Data>
        <Data>one</Data><Data>two</Data></EventData></Event>
        """;

    [Fact]
    public void A_windows_event_becomes_fields_and_meets_its_rule()
    {
        var engine = new EngineHarness(string.Empty, Rules);
        var alert = engine.Send(Envelope(Event), LineKind.EventChannel).ToAlert();
        Assert.Equal(600, alert.Rule?.Id);
        Assert.Equal("windows_eventchannel", alert.Decoder);
        Assert.Equal("ann & <bob>", alert.Description);
        Assert.Equal("Security-Auditing", Value("win.system.providerName"));
        Assert.Equal("AUDIT_FAILURE", Value("win.system.severityValue"));
        Assert.Equal("4", Value("win.system.processID"));
        Assert.Equal("\"Failed.\r\nTwice.\"", Value("win.system.message"));
        Assert.Equal("one, two", Value("win.eventdata.data"));
        Assert.Null(alert.Field("win.eventdata.dash"));
        Assert.Null(alert.Field("win.eventdata.empty"));

        string? Value(string name) => alert.Field(name) is { } field ? Encoding.UTF8.GetString(field.Value) : null;
    }

    [Fact]
    public void Other_sections_have_their_own_names()
    {
        var engine = new EngineHarness(string.Empty, Rules);
        var alert = engine
            .Send(
                Envelope(
                    "<Event><System><EventID>1</EventID></System><UserData><Operation_Started xmlns='x'><ProviderName>p</ProviderName></Operation_Started></UserData></Event>"
                ),
                LineKind.EventChannel
            )
            .ToAlert();
        Assert.Equal("p"u8.ToArray(), alert.Field("win.operation_Started.providerName")?.Value);
    }

    [Fact]
    public void Every_prefix_of_a_windows_event_is_answered()
    {
        var engine = new EngineHarness(string.Empty, Rules);
        var bytes = Envelope(Event);
        for (var length = 0; length <= bytes.Length; length++)
            engine.Send(bytes[..length], LineKind.EventChannel).ToAlert();

        for (var length = 0; length <= Event.Length; length++)
            engine.Send(Envelope(Event[..length]), LineKind.EventChannel).ToAlert();

        Assert.Equal(bytes.Length + Event.Length + 2, engine.Engine.Counters.Received);
    }

    private static byte[] Envelope(string xml) =>
        Encoding.UTF8.GetBytes($$"""{"Message":"Failed.\r\nTwice.","Event":"{{xml.Replace("\n", "\\n", StringComparison.Ordinal)}}"}""");
}
