using System.Text;
using Redoubt.Engine;
using Redoubt.Model;

namespace Redoubt.Tests.Engine.Loading;

/// <summary>Which decoders are proven to take the source from what the daemon wrote, and which rules their events reach.</summary>
public sealed class SourceProofTests
{
    private const string Decoders = """
        <decoder name="left"><program_name>^left$</program_name></decoder>
        <decoder name="left"><parent>left</parent><regex>^from (\S+) says</regex><order>srcip</order></decoder>
        <decoder name="open"><program_name>^open$</program_name></decoder>
        <decoder name="open-child"><parent>open</parent><prematch>^Failed</prematch><regex offset="after_prematch">from (\S+) port</regex><order>srcip</order></decoder>
        <decoder name="chain"><prematch>^Chain: </prematch></decoder>
        <decoder name="chain-1"><parent>chain</parent><prematch offset="after_parent">^user \S+ </prematch><regex offset="after_prematch">^at (\S+)</regex><order>srcip</order></decoder>
        <decoder name="none"><program_name>^none$</program_name><regex>user (\S+)</regex><order>user</order></decoder>
        """;

    private const string Rules =
        EngineHarness.Root
        + """
            <rule id="100" level="3"><decoded_as>left</decoded_as><description>d</description></rule>
            <rule id="101" level="3"><decoded_as>open</decoded_as><description>d</description></rule>
            <rule id="102" level="5"><if_sid>101</if_sid><match>x</match><description>d</description></rule>
            <rule id="103" level="5"><if_sid>100</if_sid><match>x</match><description>d</description></rule>
            <rule id="104" level="5"><match>anything</match><description>d</description></rule>
            <rule id="105" level="5"><if_sid>100,101</if_sid><match>y</match><description>d</description></rule>
            </group>
            """;

    [Theory]
    [InlineData("left", true)]
    [InlineData("open-child", false)]
    [InlineData("chain-1", true)]
    public void A_decoder_is_proven_or_an_example_tells_why_not(string decoder, bool isProven)
    {
        var source = Assert.Single(EngineHarness.LoadOrFail(Decoders, Rules).SourceReadings(), s => s.Decoder == decoder);
        Assert.Equal(isProven, source.IsProven);
        Assert.Equal(isProven, source.Example is null);
    }

    [Fact]
    public void A_decoder_without_a_source_is_not_asked() =>
        Assert.DoesNotContain(EngineHarness.LoadOrFail(Decoders, Rules).SourceReadings(), s => s.Decoder == "none");

    [Theory]
    [InlineData(100, false)]
    [InlineData(101, true)]
    [InlineData(102, true)]
    [InlineData(103, false)]
    [InlineData(104, true)]
    [InlineData(105, true)]
    [InlineData(999, false)]
    public void A_rule_is_ambiguous_when_an_event_of_such_a_decoder_can_reach_it(int rule, bool isAmbiguous)
    {
        var ruleset = EngineHarness.LoadOrFail(Decoders, Rules);
        Assert.Equal(isAmbiguous ? ["open-child"] : [], ruleset.UnprovenSources(rule).Select(s => s.Decoder));
    }

    [Theory]
    [InlineData(true, true, true)]
    [InlineData(true, false, false)]
    [InlineData(false, true, false)]
    public void It_is_an_error_for_what_came_with_the_program(bool isShipped, bool provesSources, bool isRefused)
    {
        var diagnostics = new DiagnosticBag();
        var ruleset = Ruleset.Load(
            new RulesetSource
            {
                Decoders = [new RulesetFile("d.xml", Encoding.UTF8.GetBytes(Decoders)) { IsShipped = isShipped }],
                Rules = [new RulesetFile("r.xml", Encoding.UTF8.GetBytes(Rules))],
                ProvesSources = provesSources,
            },
            diagnostics
        );
        Assert.Equal(isRefused, ruleset is null);
        if (isRefused)
            Assert.Equal(("DEC0026", 4), (Assert.Single(diagnostics.All).Code, diagnostics.All[0].Line));
        else
            Assert.Empty(diagnostics.All);
    }
}
