using System.Text;
using Redoubt.Decide;
using Redoubt.Model;
using Redoubt.Patterns;

namespace Redoubt.Tests.Decide;

/// <summary>The acceptance scenarios of active response that the decision decides (docs/compat/active-response.md).</summary>
public class ScenarioTests
{
    private static readonly RuleSummary WebLevel10 = BindingTests.Rule(31100, 10, "web,accesslog,");
    private static readonly RuleSummary WebLevel5 = BindingTests.Rule(31151, 5, "web,accesslog,");
    private static readonly RuleSummary SshLevel5 = BindingTests.Rule(5710, 5, "syslog,sshd,");
    private static readonly RuleSummary SshLevel10 = BindingTests.Rule(5712, 10, "syslog,sshd,");

    [Fact]
    public void Scenario_07_Level_and_group_have_to_fit_together()
    {
        var response = BindingTests.Response() with { Level = 10, RulesGroup = Pattern("sshd") };

        Assert.Empty(Decide(WebLevel10, response));
        Assert.Empty(Decide(SshLevel5, response));
        Assert.Single(Decide(SshLevel10, response));
    }

    [Fact]
    public void Scenario_08_A_rule_named_by_its_id_fits_whatever_level_and_group_say()
    {
        var response = BindingTests.Response() with
        {
            Level = 10,
            RulesGroup = Pattern("sshd"),
            RuleIds = new HashSet<int> { 31151 },
        };

        Assert.Single(Decide(WebLevel5, response));
    }

    [Fact]
    public void Scenario_09_Each_named_rule_runs_the_response()
    {
        var response = BindingTests.Response() with
        {
            RuleIds = new HashSet<int> { 5710, 5712, 5720 },
        };

        foreach (var id in (int[])[5710, 5712, 5720])
            Assert.Single(Decide(BindingTests.Rule(id, 5, "sshd,"), response));
        Assert.Empty(Decide(BindingTests.Rule(5711, 5, "sshd,"), response));
    }

    [Theory]
    [InlineData("10.0.0.0/8", "10.200.1.1", "11.0.0.1")]
    [InlineData("10.0.0.0/255.0.0.0", "10.200.1.1", "11.0.0.1")]
    public void Scenario_30_A_listed_network_is_skipped_and_its_neighbour_is_not(string entry, string listed, string other) =>
        IsSkippedButNot(entry, listed, other);

    [Theory]
    [InlineData("::ffff:10.0.0.6")]
    [InlineData("::FFFF:10.0.0.6")]
    public void Scenario_31_A_mapped_address_is_the_listed_one(string source) => IsSkippedButNot("10.0.0.6", source, "::ffff:10.0.0.60");

    [Fact]
    public void Scenario_32_A_listed_IPv6_prefix_is_skipped_and_its_neighbour_is_not() =>
        IsSkippedButNot("2001:db8::/32", "2001:db8::7", "2001:db9::7");

    [Fact]
    public void Scenario_33_The_loopback_address_hides_in_no_other() => IsSkippedButNot("::1", "::1", "2001:db8::1");

    [Fact]
    public void Scenario_34_A_listed_name_is_the_whole_name()
    {
        var list = List("^scanner.example.org$");

        Assert.Equal("^scanner.example.org$", list.FindProtecting("scanner.example.org", null)?.ToString());
        Assert.Null(list.FindProtecting("scanner.example.org.evil.net", null));
    }

    [Theory]
    [InlineData("disable-account", BlockState.Decided)]
    [InlineData("firewall-drop", BlockState.Skipped)]
    public void Scenario_38_A_listed_source_stops_no_response_against_an_account(string executable, BlockState state)
    {
        var response = BindingTests.Response(executable) with { RuleIds = new HashSet<int> { 5712 } };

        Assert.Equal(state, Assert.Single(Decide(SshLevel10, response, "10.0.0.6", "10.0.0.6")).State);
    }

    [Theory]
    [InlineData("old.sh", ExpectedFields.SourceAddress, "10.0.0.6", null)]
    [InlineData("old.sh", ExpectedFields.User, null, "alice")]
    [InlineData("old.sh", ExpectedFields.None, null, null)]
    [InlineData("old.sh", null, "10.0.0.6", "alice")]
    [InlineData("new", ExpectedFields.None, "10.0.0.6", "alice")]
    [InlineData("firewall-drop.sh", ExpectedFields.User, "10.0.0.6", "alice")]
    public void A_program_of_the_older_contract_gets_what_its_command_expects(
        string executable,
        ExpectedFields? expect,
        string? target,
        string? user
    )
    {
        var response = BindingTests.Response(executable) with { RuleIds = new HashSet<int> { 5712 } };
        response = response with { Command = response.Command with { Expect = expect } };

        var decision = Assert.Single(Decide(SshLevel10, response, "10.0.0.6"));

        Assert.Equal((target, user, BlockState.Decided), (decision.Target?.ToString(), decision.User, decision.State));
    }

    private static void IsSkippedButNot(string entry, string listed, string other)
    {
        var response = BindingTests.Response() with { RuleIds = new HashSet<int> { 5712 } };

        var skipped = Assert.Single(Decide(SshLevel10, response, listed, entry));
        Assert.Equal((BlockState.Skipped, $"white_list {entry}"), (skipped.State, skipped.Reason));
        Assert.Equal(BlockState.Decided, Assert.Single(Decide(SshLevel10, response, other, entry)).State);
    }

    private static IReadOnlyList<Decision> Decide(
        RuleSummary rule,
        ActiveResponseOptions response,
        string source = "192.0.2.6",
        string? entry = null
    )
    {
        var options = new DecideOptions { Responses = [response], Allowlist = entry is null ? Allowlist.Empty : List(entry) };
        return new Decider(options, [rule]).Decide(
            new Alert
            {
                ArrivalUnixMilliseconds = 0,
                Rule = rule,
                Agent = new AgentIdentity("001", "web01", "10.0.0.5"),
                Location = "/var/log/auth.log",
                FullLog = [],
                Fields = [Field("srcip", source), Field("dstuser", "alice")],
            }
        );
    }

    private static AlertField Field(string name, string value) => new(name, Encoding.UTF8.GetBytes(value), false, false, false);

    private static Allowlist List(string entry) =>
        new([AllowlistEntry.TryParse(entry, out var read, out var problem) ? read : throw new FormatException(problem)]);

    private static OsRegex Pattern(string text) =>
        OsRegex.Parse(Encoding.UTF8.GetBytes(text), out var problem) ?? throw new FormatException(problem);
}
