using System.Text;

namespace Redoubt.Tests.Ruleset;

/// <summary>The acceptance scenarios of active response that the shipped rules decide (docs/compat/active-response.md).</summary>
public sealed class ScenarioTests
{
    private const string Program = "2026/11/24 10:15:30 active-response/bin/";

    private const string Document =
        """{"version":1,"origin":{"name":"node01","module":"wazuh-execd"},"command":"COMMAND","parameters":{"extra_args":[],"alert":{"rule":{"level":10,"id":"5712"},"id":"1795515330.10452","data":{"srcip":"198.51.100.66"}},"program":"active-response/bin/NAME"}}""";

    [Theory]
    [InlineData("add", 601)]
    [InlineData("delete", 602)]
    public void Scenario_72_The_older_line_of_a_block_is_understood(string action, int rule)
    {
        var alert = Run(
            $"Fri Apr 22 10:15:30 UTC 2016 /var/ossec/active-response/bin/firewall-drop.sh {action} - 10.0.0.6 1461258591.68247 5712"
        );

        Assert.Equal((rule, 3), (alert.Rule?.Id, alert.Rule?.Level));
        Assert.Equal(("10.0.0.6", "1461258591.68247", "5712"), (alert.TextOf("srcip"), alert.TextOf("id"), alert.TextOf("extra_data")));
    }

    [Theory]
    [InlineData("firewall-drop", "add", 651)]
    [InlineData("firewall-drop", "delete", 652)]
    [InlineData("custom", "add", 657)]
    [InlineData("custom", "delete", 657)]
    public void Scenario_73_The_document_of_a_response_is_understood(string name, string command, int rule)
    {
        var text = Document.Replace("COMMAND", command, StringComparison.Ordinal).Replace("NAME", name, StringComparison.Ordinal);
        var alert = Run($"{Program}{name}: {text}");

        Assert.Equal((rule, 3, "198.51.100.66"), (alert.Rule?.Id, alert.Rule?.Level, alert.TextOf("srcip")));
    }

    [Theory]
    [InlineData("Starting")]
    [InlineData("Ended")]
    [InlineData("""{"version":1,"command":"result","action":"add","status":"ok","target":"198.51.100.66","exit_code":0,"stderr":null}""")]
    public void Scenario_73_Other_lines_of_a_response_raise_nothing(string text) =>
        Assert.Equal(0, Run($"{Program}custom: {text}").Rule?.Level);

    [Fact]
    public void Scenario_74_A_firewall_that_is_off_is_noticed()
    {
        var alert = Run(
            Program + """pf: {"message":"Active response may not have an effect","profile":"default","status":"inactive","script":"pf"}"""
        );

        Assert.Equal((658, 5), (alert.Rule?.Id, alert.Rule?.Level));
    }

    private static Model.Alert Run(string line) => ShippedRuleset.Run(ShippedRuleset.NewEngine(), null, Encoding.UTF8.GetBytes(line));
}
