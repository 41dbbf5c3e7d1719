using Redoubt.Model;

namespace Redoubt.Tests.Engine.Loading;

public class DiagnosticTests
{
    private const string Decoder = "<decoder name=\"app\"><program_name>^app$</program_name></decoder>";

    [Theory]
    [InlineData("<decoder><prematch>x</prematch></decoder>", "DEC0002")]
    [InlineData("<decoder name=\"a\"><bogus/></decoder>", "DEC0003")]
    [InlineData("<decoder name=\"a\"></decoder>", "DEC0012")]
    [InlineData("<decoder name=\"a\"><prematch>x</prematch><regex>(x)</regex></decoder>", "DEC0013")]
    [InlineData("<decoder name=\"a\"><prematch>((x))</prematch></decoder>", "DEC0018")]
    [InlineData("<decoder name=\"a\"><prematch type=\"pcre2\">(x</prematch></decoder>", "DEC0018")]
    [InlineData("<decoder name=\"a\"><parent>nobody</parent></decoder>", "DEC0021")]
    [InlineData("<decoder name=\"a\"><prematch>x</prematch><type>odd</type></decoder>", "DEC0019")]
    [InlineData("<rule id=\"1\" level=\"1\"/>", "DEC0020")]
    public void A_faulty_decoder_is_refused(string xml, string code)
    {
        var diagnostics = new DiagnosticBag();
        Assert.Null(EngineHarness.Load(xml, EngineHarness.Root + "</group>", diagnostics));
        var error = Assert.Single(diagnostics.All, d => d.Severity == Severity.Error && d.Code == code);
        Assert.Equal(("d.xml", 1), (error.File, error.Line));
        Assert.NotEmpty(error.Fix);
    }

    [Theory]
    [InlineData("<rule id=\"100\" level=\"3\"><bogus/><description>d</description></rule>", "RULE0048")]
    [InlineData("<rule id=\"100\" level=\"17\"><description>d</description></rule>", "RULE0050")]
    [InlineData("<rule id=\"0\" level=\"3\"><description>d</description></rule>", "RULE0050")]
    [InlineData("<rule level=\"3\"><description>d</description></rule>", "RULE0045")]
    [InlineData("<rule id=\"100\" level=\"3\" odd=\"1\"><description>d</description></rule>", "RULE0044")]
    [InlineData("<rule id=\"100\" level=\"3\"><match>x</match></rule>", "RULE0041")]
    [InlineData("<rule id=\"100\" level=\"3\"></rule>", "RULE0040")]
    [InlineData("<rule id=\"100\" level=\"3\"><decoded_as>nobody</decoded_as><description>d</description></rule>", "RULE0020")]
    [InlineData("<rule id=\"100\" level=\"3\"><same_srcip/><description>d</description></rule>", "RULE0042")]
    [InlineData("<rule id=\"100\" level=\"3\" frequency=\"4\"><description>d</description></rule>", "RULE0042")]
    [InlineData("<rule id=\"100\" level=\"3\"><regex>(</regex><description>d</description></rule>", "RULE0011")]
    [InlineData("<rule id=\"100\" level=\"3\"><srcip>10.6</srcip><description>d</description></rule>", "RULE0025")]
    [InlineData("<rule id=\"100\" level=\"3\"><time>25 - 26</time><description>d</description></rule>", "RULE0026")]
    [InlineData("<rule id=\"100\" level=\"3\"><weekday>!monday</weekday><description>d</description></rule>", "RULE0027")]
    [InlineData("<rule id=\"100\" level=\"3\"><category>odd</category><description>d</description></rule>", "RULE0046")]
    [InlineData("<rule id=\"100\" level=\"3\"><options>odd</options><description>d</description></rule>", "RULE0061")]
    [InlineData(
        "<rule id=\"100\" level=\"3\"><list field=\"srcip\" lookup=\"odd\">etc/lists/bad</list><description>d</description></rule>",
        "RULE0030"
    )]
    [InlineData("<rule id=\"100\" level=\"3\"><field name=\"srcip\">x</field><description>d</description></rule>", "RULE0023")]
    [InlineData("<rule id=\"100\" level=\"3\"><match negate=\"maybe\">x</match><description>d</description></rule>", "RULE0013")]
    [InlineData("<decoder/>", "RULE0072")]
    public void A_faulty_rule_is_refused(string xml, string code)
    {
        var diagnostics = new DiagnosticBag();
        Assert.Null(EngineHarness.Load(Decoder, EngineHarness.Root + "\n" + xml + "</group>", diagnostics));
        var error = Assert.Single(diagnostics.All, d => d.Severity == Severity.Error && d.Code == code);
        Assert.Equal(("r.xml", 4), (error.File, error.Line));
        Assert.NotEmpty(error.Fix);
    }

    [Theory]
    [InlineData("<rule id=\"100\" level=\"3\"><if_sid>99</if_sid><description>d</description></rule>", "7617 7619")]
    [InlineData("<rule id=\"100\" level=\"3\"><if_sid>x</if_sid><description>d</description></rule>", "7618")]
    [InlineData("<rule id=\"100\" level=\"3\"><if_group>nothing</if_group><description>d</description></rule>", "7610")]
    [InlineData("<rule id=\"100\" level=\"3\"><if_level>x</if_level><description>d</description></rule>", "7609")]
    [InlineData("<rule id=\"100\" level=\"3\"><category>squid</category><description>d</description></rule>", "7611")]
    [InlineData("<rule id=\"100\" level=\"3\"><if_matched_sid>99</if_matched_sid><description>d</description></rule>", "7620")]
    [InlineData("<rule id=\"100\" level=\"3\"><list field=\"srcip\">etc/lists/none</list><description>d</description></rule>", "7616")]
    [InlineData("<rule id=\"1\" level=\"3\"><description>d</description></rule>", "7612")]
    [InlineData("<rule id=\"100\" level=\"3\" overwrite=\"yes\"><description>d</description></rule>", "7613")]
    public void A_rule_that_cannot_be_placed_is_left_out_with_a_warning(string xml, string codes)
    {
        var diagnostics = new DiagnosticBag();
        Assert.NotNull(EngineHarness.Load(Decoder, EngineHarness.Root + xml + "</group>", diagnostics));
        Assert.Equal(codes, string.Join(' ', diagnostics.All.Select(d => d.WazuhCode)));
    }

    [Theory]
    [InlineData("<rule id=\"100\" level=\"3\"><match type=\"pcre2\">(a+)+b</match><description>d</description></rule>", "RULE0087")]
    [InlineData(
        "<rule id=\"100\" level=\"5\"><if_sid>1</if_sid><description>d</description></rule>"
            + "<rule id=\"101\" level=\"3\"><if_sid>1</if_sid><match>x</match><description>d</description></rule>",
        "RULE0088"
    )]
    [InlineData(
        "<rule id=\"100\" level=\"3\"><decoded_as>app</decoded_as><description>d</description></rule>"
            + "<rule id=\"101\" level=\"3\"><if_sid>100</if_sid><decoded_as>other</decoded_as><description>d</description></rule>",
        "RULE0089"
    )]
    public void What_is_accepted_but_doubtful_is_noted(string rules, string code)
    {
        var diagnostics = new DiagnosticBag();
        var decoders = Decoder + "<decoder name=\"other\"><program_name>^other$</program_name></decoder>";
        Assert.NotNull(EngineHarness.Load(decoders, EngineHarness.Root + "\n" + rules + "</group>", diagnostics));
        var note = Assert.Single(diagnostics.All);
        Assert.Equal((Severity.Note, code, "r.xml", 4), (note.Severity, note.Code, note.File, note.Line));
        Assert.NotEmpty(note.Fix);
    }

    [Fact]
    public void A_shared_child_that_one_of_its_parents_lets_through_is_not_noted()
    {
        var diagnostics = new DiagnosticBag();
        var rules =
            "<rule id=\"100\" level=\"3\"><decoded_as>app</decoded_as><description>d</description></rule>"
            + "<rule id=\"101\" level=\"3\"><match>y</match><description>d</description></rule>"
            + "<rule id=\"102\" level=\"3\"><if_sid>100, 101</if_sid><decoded_as>other</decoded_as><description>d</description></rule>";
        var decoders = Decoder + "<decoder name=\"other\"><program_name>^other$</program_name></decoder>";
        Assert.NotNull(EngineHarness.Load(decoders, EngineHarness.Root + rules + "</group>", diagnostics));
        Assert.Empty(diagnostics.All);
    }

    [Fact]
    public void All_problems_are_told_at_once()
    {
        var diagnostics = new DiagnosticBag();
        EngineHarness.Load(
            "<decoder name=\"a\"><bogus/></decoder><decoder name=\"b\"><odd/></decoder>",
            EngineHarness.Root + "<rule id=\"100\" level=\"99\"><odd/></rule></group>",
            diagnostics
        );
        Assert.InRange(diagnostics.All.Count(d => d.Severity == Severity.Error), 5, 20);
    }
}
