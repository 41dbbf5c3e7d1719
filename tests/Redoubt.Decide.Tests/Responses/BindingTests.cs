using System.Text;
using Redoubt.Decide;
using Redoubt.Model;
using Redoubt.Patterns;

namespace Redoubt.Tests.Decide;

public class BindingTests
{
    // L, G: what is set, and whether it fits; N: whether the id is named. The whole table of how triggers combine.
    public static TheoryData<bool?, bool?, bool, ResponseBinding> Table()
    {
        var rows = new TheoryData<bool?, bool?, bool, ResponseBinding>();
        foreach (var level in new bool?[] { null, true, false })
        {
            foreach (var group in new bool?[] { null, true, false })
            {
                var property = (level, group) switch
                {
                    (null, null) => false,
                    ({ } l, null) => l,
                    (null, { } g) => g,
                    ({ } l, { } g) => l && g,
                };
                rows.Add(level, group, false, property ? ResponseBinding.ByProperty : ResponseBinding.None);
                rows.Add(level, group, true, ResponseBinding.ById);
            }
        }

        return rows;
    }

    [Theory, MemberData(nameof(Table))]
    public void Level_and_group_together_or_the_id(bool? level, bool? group, bool named, ResponseBinding expected)
    {
        var response = Response() with
        {
            Level = level switch
            {
                null => 0,
                true => 10,
                false => 11,
            },
            RulesGroup = group switch
            {
                null => null,
                true => Pattern("sshd,"),
                false => Pattern("web,"),
            },
            RuleIds = named ? new HashSet<int> { 1, 5712 } : [],
        };

        Assert.Equal(expected, response.BindingTo(Rule(5712, 10, "syslog,sshd,authentication_failures,")));
    }

    [Fact]
    public void Scenario_21_A_rule_of_level_0_is_never_bound() =>
        Assert.Equal(
            ResponseBinding.None,
            (
                Response() with
                {
                    RuleIds = new HashSet<int> { 5700 },
                    RulesGroup = Pattern("sshd"),
                }
            ).BindingTo(Rule(5700, 0, "sshd,"))
        );

    [Fact]
    public void Scenario_21_A_rule_that_wants_no_response_is_never_bound() =>
        Assert.Equal(
            ResponseBinding.None,
            (
                Response() with
                {
                    RuleIds = new HashSet<int> { 5700 },
                    Level = 1,
                }
            ).BindingTo(Rule(5700, 10, "sshd,") with { NoResponse = true })
        );

    [Theory]
    [InlineData("sshd", "sshd_dos,", true)]
    [InlineData("sshd,", "sshd_dos,", false)]
    [InlineData("SSHD,", "syslog,sshd,", true)]
    [InlineData("sshd,web", "sshd,web,", true)]
    [InlineData("sshd,web", "web,sshd,", false)]
    [InlineData("web|sshd", "syslog,sshd,", true)]
    public void The_group_is_one_pattern_on_the_whole_group_string(string pattern, string groups, bool isBound) =>
        Assert.Equal(
            isBound,
            (Response() with { RulesGroup = Pattern(pattern) }).BindingTo(Rule(1, 3, groups)) == ResponseBinding.ByProperty
        );

    internal static ActiveResponseOptions Response(string executable = "firewall-drop") =>
        new()
        {
            Command = new CommandOptions
            {
                Name = executable,
                Executable = executable,
                TimeoutAllowed = true,
            },
            Hosts = ResponseHosts.Local,
        };

    internal static RuleSummary Rule(int id, int level, string groups) =>
        new()
        {
            Id = id,
            Level = level,
            Description = "x",
            GroupString = groups,
        };

    private static OsRegex Pattern(string text) =>
        OsRegex.Parse(Encoding.UTF8.GetBytes(text), out var problem) ?? throw new FormatException(problem);
}
