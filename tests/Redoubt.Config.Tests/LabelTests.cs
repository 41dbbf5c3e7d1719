using Redoubt.Config;
using Redoubt.Model;

namespace Redoubt.Tests.Config;

public class LabelTests
{
    [Fact]
    public void A_label_is_hidden_by_its_attribute_or_its_name()
    {
        var labels = Read(
            "<label key=\"env\">live</label><label key=\"rack\" hidden=\"yes\">7</label><label key=\"_id\">x</label><label key=\"a\" hidden=\"no\">b</label>",
            out var diagnostics
        );

        Assert.Empty(diagnostics.All);
        Assert.Equal(new HostLabel("live", IsHidden: false), labels["env"]);
        Assert.Equal(new HostLabel("7", IsHidden: true), labels["rack"]);
        Assert.Equal(new HostLabel("x", IsHidden: true), labels["_id"]);
        Assert.False(labels["a"].IsHidden);
    }

    [Theory]
    [InlineData("<label key=\"a\" hidden=\"maybe\">b</label>", "CONF0011")]
    [InlineData("<label>b</label>", "CONF0085")]
    [InlineData("<tag>b</tag>", "CONF0010")]
    public void What_makes_no_sense_is_an_error(string label, string code)
    {
        Read(label, out var diagnostics);

        Assert.Equal((code, Severity.Error), Assert.Single(diagnostics.All) is var d ? (d.Code, d.Severity) : default);
    }

    private static IReadOnlyDictionary<string, HostLabel> Read(string labels, out DiagnosticBag diagnostics)
    {
        diagnostics = new DiagnosticBag();
        var text = $"<redoubt_config><labels>{labels}</labels></redoubt_config>";
        return ConfigurationReader.Read(Case.Bytes(text), "redoubt.conf", diagnostics).Labels;
    }
}
