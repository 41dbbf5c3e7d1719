using Redoubt.Config;
using Redoubt.Decide;
using Redoubt.Model;

namespace Redoubt.Tests.Config;

public class ResponseSectionTests
{
    private const string Command =
        "<command><name>drop</name><executable>firewall-drop</executable><timeout_allowed>yes</timeout_allowed></command>";

    [Theory]
    [InlineData("local", ResponseHosts.Local)]
    [InlineData("server", ResponseHosts.Server)]
    [InlineData("analysisd", ResponseHosts.Server)]
    [InlineData("analysis-server", ResponseHosts.Server)]
    [InlineData("AS", ResponseHosts.Server)]
    [InlineData("all", ResponseHosts.All)]
    [InlineData("Any", ResponseHosts.All)]
    [InlineData("server,all", ResponseHosts.Server | ResponseHosts.All)]
    [InlineData(" local , group:web ", ResponseHosts.Local | ResponseHosts.Group)]
    [InlineData("last", ResponseHosts.Server)]
    [InlineData("local server", ResponseHosts.Local | ResponseHosts.Server)]
    public void Places_are_united(string location, ResponseHosts hosts) =>
        Assert.Equal(hosts, One($"<location>{location}</location><rules_id>1</rules_id>").Hosts);

    [Fact]
    public void Names_of_groups_keep_their_case() =>
        Assert.Equal(["Web", "db"], One("<location>GROUP:Web,group:db</location><rules_id>1</rules_id>").GroupNames);

    [Fact]
    public void Agent_ids_get_three_digits_and_000_is_left_out() =>
        Assert.Equal(
            ["003", "1234"],
            One("<location>defined-agent</location><agent_id>3, 0,1234</agent_id><rules_id>1</rules_id>").AgentIds
        );

    [Fact]
    public void A_response_for_agent_000_alone_is_dropped() =>
        Assert.Empty(Read("<location>defined-agent</location><agent_id>000</agent_id><rules_id>1</rules_id>"));

    [Fact]
    public void A_response_keeps_its_other_places_when_agent_000_is_left_out() =>
        Assert.Equal(
            ResponseHosts.Local,
            One("<location>local,defined-agent</location><agent_id>000</agent_id><rules_id>1</rules_id>").Hosts
        );

    [Theory]
    [InlineData("5710, 5712,,5720", new[] { 5710, 5712, 5720 })]
    [InlineData("5710;5712", new[] { 5710 })]
    [InlineData("5710x,5712", new[] { 5710 })]
    [InlineData(" 5710\n\t5712 ", new[] { 5710, 5712 })]
    [InlineData("x5710", new int[0])]
    public void Rule_ids_are_read_up_to_the_first_strange_character(string text, int[] ids) =>
        Assert.Equal(ids, One($"<location>local</location><rules_id>{text}</rules_id>").RuleIds.Order());

    [Theory]
    [InlineData("0", 0)]
    [InlineData("90", 90)]
    [InlineData("90s", 90)]
    [InlineData("30m", 1800)]
    [InlineData("12h", 43_200)]
    [InlineData("7d", 604_800)]
    [InlineData(" 2w ", 1_209_600)]
    public void A_timeout_is_in_seconds_or_has_a_unit(string text, long seconds) =>
        Assert.Equal(seconds, One($"<location>local</location><level>5</level><timeout>{text}</timeout>").TimeoutSeconds);

    [Fact]
    public void A_timeout_is_0_where_the_command_allows_none()
    {
        var response = Assert.Single(
            ReadAll(
                """
                <command><name>restart</name><executable>restart-wazuh</executable></command>
                <active-response><command>restart</command><location>local</location><level>3</level><timeout>60</timeout></active-response>
                """
            ).Decide.Responses
        );

        Assert.Equal("restart0", response.InternalName);
    }

    [Fact]
    public void Arguments_are_split_at_single_blanks_and_the_program_keeps_its_own()
    {
        var response = Assert.Single(
            ReadAll(
                """
                <command><name>drop</name><executable>/sub/my drop</executable><extra_args>--zone  dmz -4</extra_args></command>
                <active-response><command>drop</command><location>local</location><level>3</level></active-response>
                """
            ).Decide.Responses
        );

        Assert.Equal("sub/my drop", response.Command.Executable);
        Assert.Equal(["--zone", "dmz", "-4"], response.Command.ExtraArguments);
    }

    [Fact]
    public void A_disabled_section_is_out_and_leaves_the_others_alone()
    {
        foreach (var order in new[] { "yes,no", "no,yes" })
        {
            var sections = order
                .Split(',')
                .Select(d =>
                    $"<active-response><command>drop</command><location>local</location><rules_id>1</rules_id><disabled>{d}</disabled></active-response>"
                );

            var configuration = ReadAll(Command + string.Concat(sections));

            Assert.Single(configuration.Decide.Responses);
            Assert.False(configuration.Executor.Disabled);
        }
    }

    [Fact]
    public void A_section_of_executor_settings_alone_switches_the_executor_off() =>
        Assert.True(ReadAll("<active-response><disabled>yes</disabled><ca_store>x</ca_store></active-response>").Executor.Disabled);

    [Fact]
    public void Of_several_executor_settings_the_first_counts()
    {
        var executor = ReadAll(
            """
            <active-response><disabled>no</disabled><repeated_offenders>30,60</repeated_offenders></active-response>
            <active-response><disabled>yes</disabled><repeated_offenders>5</repeated_offenders></active-response>
            """
        ).Executor;

        Assert.False(executor.Disabled);
        Assert.Equal([30, 60], executor.Ladder.Minutes);
    }

    [Theory]
    [InlineData("12h", 43_200)]
    [InlineData("0", 0)]
    [InlineData("soon", null)]
    public void The_time_after_which_an_offender_starts_anew_is_configured(string text, int? seconds)
    {
        var executor = ReadAll(
            $"<active-response><repeated_offenders>30</repeated_offenders><reset_after>{text}</reset_after></active-response>",
            out var bag
        ).Executor;

        Assert.Equal(seconds, (int?)executor.Ladder.ResetAfter?.TotalSeconds);
        Assert.Equal(seconds is null, bag.HasErrors);
    }

    [Theory]
    [InlineData("7", 7)]
    [InlineData("7 days", 7)]
    [InlineData("1d", 1)]
    [InlineData("0", 0)]
    [InlineData("400", null)]
    [InlineData("-1", null)]
    [InlineData("week", null)]
    public void Recent_logins_are_protected_for_days(string text, int? days)
    {
        var configuration = ReadAll($"<global><protect_recent_logins>{text}</protect_recent_logins></global>", out var bag);

        Assert.Equal(days ?? 0, configuration.Decide.Logins.ProtectDays);
        Assert.Equal(days is null, bag.HasErrors);
    }

    [Fact]
    public void The_manager_has_a_ladder_and_a_limit_for_those_who_logged_in()
    {
        var options = ReadAll(
            "<global><repeated_offenders>30, 60</repeated_offenders><reset_after>30d</reset_after><block_budget_logins>25</block_budget_logins></global>"
        ).Decide;

        Assert.Equal([30, 60], options.Ladder.Minutes);
        Assert.Equal(TimeSpan.FromDays(30), options.Ladder.ResetAfter);
        Assert.Equal(25, options.Logins.BlockedPercent);
    }

    [Fact]
    public void Of_six_offender_steps_five_are_kept() =>
        Assert.Equal(
            [1, 2, 3, 4, 5],
            ReadAll("<active-response><repeated_offenders>1,2,3,4,5,6</repeated_offenders></active-response>").Executor.Ladder.Minutes
        );

    [Fact]
    public void Offenders_beside_a_response_are_read_for_the_executor()
    {
        var configuration = ReadAll(
            Command
                + "<active-response><command>drop</command><location>local</location><rules_id>1</rules_id><repeated_offenders>60</repeated_offenders></active-response>"
        );

        Assert.Single(configuration.Decide.Responses);
        Assert.Equal([60], configuration.Executor.Ladder.Minutes);
    }

    [Fact]
    public void A_section_without_triggers_never_binds()
    {
        var response = One("<location>local</location>");

        Assert.Equal(
            ResponseBinding.None,
            response.BindingTo(
                new RuleSummary
                {
                    Id = 1,
                    Level = 15,
                    Description = "x",
                    GroupString = "a,",
                }
            )
        );
    }

    [Fact]
    public void One_place_twice_is_read_once()
    {
        const string file = "<localfile><log_format>syslog</log_format><location>/var/log/auth.log</location></localfile>";

        Assert.Single(ReadAll(file + file).LocalFiles);
    }

    private static ActiveResponseOptions One(string elements) => Assert.Single(Read(elements));

    private static IReadOnlyList<ActiveResponseOptions> Read(string elements) =>
        ReadAll($"{Command}<active-response><command>drop</command>{elements}</active-response>").Decide.Responses;

    private static Configuration ReadAll(string sections, out DiagnosticBag bag)
    {
        bag = new DiagnosticBag();
        return ConfigurationReader.Read(
            System.Text.Encoding.UTF8.GetBytes($"<redoubt_config>{sections}</redoubt_config>"),
            "ossec.conf",
            bag
        );
    }

    private static Configuration ReadAll(string sections)
    {
        var bag = new DiagnosticBag();
        var configuration = ConfigurationReader.Read(Case.Bytes($"<ossec_config>{sections}</ossec_config>"), "redoubt.conf", bag);
        Assert.False(bag.HasErrors, string.Join('\n', bag.All));
        return configuration;
    }
}
