using Redoubt.App.Rules;
using Redoubt.Config;
using Redoubt.Decide;
using Redoubt.Engine;
using Redoubt.Model;

namespace Redoubt.Tests.Manager;

/// <summary>The manager, <c>replay</c> and <c>explain</c> make their stages of one configuration in one way.</summary>
public class StagesTests
{
    private const string Text = """
        <ossec_config>
          <global><white_list>10.0.0.7</white_list><compatibility>strict</compatibility></global>
          <alerts><log_alert_level>5</log_alert_level></alerts>
          <command><name>block</name><executable>firewall-drop</executable><timeout_allowed>yes</timeout_allowed></command>
          <active-response><command>block</command><location>local</location><rules_id>990001</rules_id></active-response>
        </ossec_config>
        """;

    private readonly Configuration _configuration = ConfigurationReader.Read(
        System.Text.Encoding.UTF8.GetBytes(Text),
        "redoubt.conf",
        new DiagnosticBag()
    );

    [Fact]
    public void A_response_can_be_bound_to_a_rule_of_the_program_itself()
    {
        var ruleset = Ruleset.Load(RulesetFiles.OfFolders([], [], null, Compatibility.Best, new DiagnosticBag()), new DiagnosticBag())!;

        var decider = _configuration.ForResponses(ruleset, allowed: []);

        Assert.True(decider.HasResponse(OwnRules.CostlyLine.Id));
        Assert.False(decider.HasResponse(OwnRules.BudgetExceeded.Id));
    }

    [Fact]
    public void The_command_line_wins_over_the_configuration_and_levels_reach_the_engine()
    {
        Assert.Equal(Compatibility.Strict, _configuration.CompatibilityOr(null));
        Assert.Equal(Compatibility.Best, _configuration.CompatibilityOr(Compatibility.Best));
        Assert.Equal(5, _configuration.ForEngine(TimeZoneInfo.Utc).LogAlertLevel);
    }
}
