using Redoubt.Engine;

namespace Redoubt.Tests.Engine.Decode;

public class TwoSidedReadingTests
{
    // Reads from the left, as many decoders in the field do.
    private const string Decoders = """
        <decoder name="app"><program_name>^app$</program_name></decoder>
        <decoder name="app"><parent>app</parent><prematch>^Failed</prematch><regex type="pcre2">from (\S+)</regex><order>srcip</order></decoder>
        <decoder name="app2"><parent>app</parent><prematch>^Refused</prematch><regex type="pcre2">.*from (\S+)</regex><order>srcip</order></decoder>
        <decoder name="app4"><parent>app</parent><prematch>^Unable</prematch><regex>^Unable to talk with (\S+)</regex><order>srcip</order></decoder>
        <decoder name="app5"><parent>app</parent><prematch>^Closed</prematch><regex type="pcre2" offset="after_prematch">\A by \d+ from (\S+)</regex>
          <order>srcip</order></decoder>
        <decoder name="app6"><parent>app</parent><prematch>^Ended</prematch><regex>^Ended \S+ from (\S+)</regex><order>srcip</order></decoder>
        <decoder name="app3"><parent>app</parent><regex type="pcre2">^(\S+) </regex><order>srcip</order></decoder>
        """;

    private const string Rules =
        EngineHarness.Root + "<rule id=\"100\" level=\"3\"><decoded_as>app</decoded_as><description>d</description></rule></group>";

    [Theory]
    [InlineData("Failed password for root from 192.0.2.7 port 22", false)]
    [InlineData("Failed password for root from 203.0.113.9 port 22 ssh2 from 192.0.2.7 port 22", true)]
    [InlineData("Failed password for x from 192.0.2.7 port 1 from 192.0.2.7 port 22", false)]
    [InlineData("Failed password for x from 2001:db8::9 port 1 from 2001:db8::7 port 22", true)]
    [InlineData("Failed password from 192.0.2.7 port 1 from nowhere", false)]
    [InlineData("Refused root from 203.0.113.9 from 192.0.2.7 port 22", false)]
    [InlineData("192.0.2.7 GET /from 203.0.113.9", false)]
    [InlineData("Unable to talk with 192.0.2.7 offers talk with 203.0.113.9", false)]
    [InlineData("Closed by 12 from 192.0.2.7 bye from 203.0.113.9", false)]
    [InlineData("Ended x from 192.0.2.7 bye from 203.0.113.9", true)]
    [InlineData("Failed from host from 192.0.2.7", false)]
    [InlineData("Failed password for xfrom 203.0.113.9 port 22 ssh2 from 192.0.2.7 port 22", true)]
    [InlineData("Refused root from=203.0.113.9 from 192.0.2.7 port 22", false)]
    [InlineData("Failed password for x from 203.0.113.9 from: [192.0.2.7]:22", true)]
    [InlineData("Failed password from 192.0.2.7 port 22, 203.0.113.9, 203.0.113.10", false)]
    [InlineData("Failed password from 192.0.2.7 from 192.0.2.7.", false)]
    [InlineData("Failed password for x-from 203.0.113.9 from 192.0.2.7 port 22", true)]
    [InlineData("Failed password for root from 192.0.2.7 port 22 whence_from 203.0.113.9", false)]
    public void A_line_that_names_two_sources_is_marked(string log, bool isSuspicious)
    {
        var alert = new EngineHarness(Decoders, Rules).Send("Dec 29 10:00:01 host app[1]: " + log).ToAlert();
        Assert.Equal(100, alert.Rule?.Id);
        Assert.Equal(isSuspicious, alert.Suspicion is not null);
    }

    [Fact]
    public void In_strict_compatibility_nobody_looks()
    {
        const string line = "Dec 29 10:00:01 host app[1]: Failed password for root from 203.0.113.9 port 22 ssh2 from 192.0.2.7 port 22";
        Assert.Null(new EngineHarness(Decoders, Rules, compatibility: Compatibility.Strict).Send(line).ToAlert().Suspicion);
    }
}
