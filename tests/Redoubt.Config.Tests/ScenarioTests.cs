using Redoubt.Config;
using Redoubt.Decide;
using Redoubt.Model;

namespace Redoubt.Tests.Config;

/// <summary>The acceptance scenarios of active response that the configuration decides (docs/compat/active-response.md).</summary>
public class ScenarioTests
{
    private const string Drop =
        "<command><name>drop</name><executable>firewall-drop</executable><timeout_allowed>yes</timeout_allowed></command>";

    private static readonly AgentHost Host = new("web01", "Linux |web01 |6.1.0 |x86_64", "debian, db", []);

    [Fact]
    public void Scenario_01_The_seed_gives_no_error_and_its_line_of_ar_conf()
    {
        var bag = new DiagnosticBag();
        var configuration = ConfigurationReader.Read(File.ReadAllBytes(Path.Combine(Case.Folder, "seed.conf")), "ossec.conf", bag);

        Assert.False(bag.HasErrors, string.Join('\n', bag.All));
        Assert.Equal(
            """
            restart-ossec0 - restart-ossec.sh - 0
            restart-ossec0 - restart-ossec.cmd - 0
            restart-wazuh0 - restart-ossec.sh - 0
            restart-wazuh0 - restart-ossec.cmd - 0
            restart-wazuh0 - restart-wazuh - 0
            restart-wazuh0 - restart-wazuh.exe - 0
            firewall-drop1800 - firewall-drop - 1800

            """.ReplaceLineEndings("\n"),
            ArConf.Text(configuration.Decide.Responses)
        );
    }

    [Theory]
    [InlineData("<active-response>\n<command>nobody</command><location>local</location><rules_id>1</rules_id></active-response>", 1)]
    [InlineData("\n<active-response><command>drop</command><location>local</location><rules_id>1</rules_id></active-response>\n" + Drop, 2)]
    public void Scenario_02_and_03_A_command_that_is_not_defined_before_is_error_1303_with_its_line(string sections, int line)
    {
        var error = Assert.Single(Errors(sections));

        Assert.Equal(("1303", "redoubt.conf", line), (error.WazuhCode, error.File, error.Line));
    }

    [Fact]
    public void Scenario_04_A_timeout_that_the_command_does_not_allow_is_0_with_a_note()
    {
        var (configuration, bag) = Read(
            "<command><name>c</name><executable>c</executable><timeout_allowed>no</timeout_allowed></command>"
                + Response("<timeout>60</timeout>", "c")
        );

        Assert.Equal(0, Assert.Single(configuration.Decide.Responses).TimeoutSeconds);
        Assert.Equal((Severity.Note, "1305"), Assert.Single(bag.All) is var note ? (note.Severity, note.WazuhCode) : default);
    }

    [Theory]
    [InlineData("<level>21</level>")]
    [InlineData("<disabled>maybe</disabled>")]
    public void Scenario_05_A_value_out_of_range_is_error_1235(string element) =>
        Assert.Equal("1235", Assert.Single(Errors(Drop + Response(element))).WazuhCode);

    [Fact]
    public void Scenario_06_A_defined_agent_needs_its_id_and_000_is_left_out_with_a_warning()
    {
        const string section =
            "<active-response><command>drop</command><location>defined-agent</location><rules_id>1</rules_id>{0}</active-response>";

        Assert.Equal("1304", Assert.Single(Errors(Drop + section.Replace("{0}", "", StringComparison.Ordinal))).WazuhCode);

        var (configuration, bag) = Read(Drop + section.Replace("{0}", "<agent_id>000</agent_id>", StringComparison.Ordinal));
        Assert.Empty(configuration.Decide.Responses);
        Assert.Equal((Severity.Warning, "1306"), Assert.Single(bag.All) is var warning ? (warning.Severity, warning.WazuhCode) : default);
    }

    [Fact]
    public void Scenario_09_Rule_ids_are_separated_by_commas_and_blanks()
    {
        var (configuration, _) = Read(Drop + Response("", ids: "5710, 5712,,5720"));

        Assert.Equal([5710, 5712, 5720], Assert.Single(configuration.Decide.Responses).RuleIds.Order());
    }

    [Fact]
    public void Scenario_11_A_later_disabled_section_leaves_the_enabled_one_alone()
    {
        var (configuration, _) = Read(Drop + Response("") + Response("<disabled>yes</disabled>", ids: "2"));

        Assert.Equal([1], Assert.Single(configuration.Decide.Responses).RuleIds);
        Assert.False(configuration.Executor.Disabled);
    }

    [Fact]
    public void Scenario_12_Steps_of_the_ladder_that_are_none_are_named()
    {
        var errors = Errors("<active-response><repeated_offenders>60,x,-5</repeated_offenders></active-response>");

        Assert.Contains(errors, e => e.Problem.Contains('x', StringComparison.Ordinal));
        Assert.Contains(errors, e => e.Problem.Contains("-5", StringComparison.Ordinal));
    }

    [Fact]
    public void Scenario_14_A_section_for_another_profile_is_not_applied()
    {
        const string text =
            "<agent_config os=\"Linux\" profile=\"web\"><localfile><log_format>syslog</log_format><location>/a</location></localfile></agent_config>";

        Assert.Empty(AgentConfReader.Read(Case.Bytes(text), "agent.conf", Host, new DiagnosticBag()).LocalFiles);
        Assert.Single(AgentConfReader.Read(Case.Bytes(text), "agent.conf", Host with { Profile = "web" }, new DiagnosticBag()).LocalFiles);
    }

    [Fact]
    public void Scenario_15_Elements_of_older_versions_change_nothing()
    {
        var (configuration, bag) = Read(
            "<command><name>drop</name><executable>firewall-drop</executable><expect>srcip</expect><timeout_allowed>yes</timeout_allowed></command>"
                + Response("<ca_store>etc/wpk_root.pem</ca_store>")
                + "<active-response><disabled>no</disabled><ca_store>etc/wpk_root.pem</ca_store><ca_verification>yes</ca_verification></active-response>"
        );

        Assert.DoesNotContain(bag.All, d => d.Severity != Severity.Note);
        var response = Assert.Single(configuration.Decide.Responses);
        Assert.Equal(("drop0", ResponseHosts.Local, 0L), (response.InternalName, response.Hosts, response.TimeoutSeconds));
        Assert.False(configuration.Executor.Disabled);
    }

    [Fact]
    public void Scenario_35_An_empty_entry_of_the_white_list_is_an_error() =>
        Assert.Single(Errors("<global><white_list></white_list></global>"));

    [Theory]
    [InlineData("", ScriptProtocol.Auto, 0, null)]
    [InlineData("<protocol>auto</protocol>", ScriptProtocol.Auto, 0, null)]
    [InlineData("<protocol>json</protocol><deadline>90</deadline>", ScriptProtocol.Json, 90, null)]
    [InlineData("<protocol>argv</protocol><deadline>1h</deadline>", ScriptProtocol.Arguments, 3600, null)]
    [InlineData("<expect></expect>", ScriptProtocol.Auto, 0, ExpectedFields.None)]
    [InlineData("<expect>srcip</expect>", ScriptProtocol.Auto, 0, ExpectedFields.SourceAddress)]
    [InlineData("<expect>username, srcip</expect>", ScriptProtocol.Auto, 0, ExpectedFields.SourceAddress | ExpectedFields.User)]
    [InlineData("<expect>user filename</expect>", ScriptProtocol.Auto, 0, ExpectedFields.FileName | ExpectedFields.User)]
    public void A_command_says_how_its_program_is_called(string elements, ScriptProtocol protocol, int deadline, ExpectedFields? expect)
    {
        var (configuration, _) = Read($"<command><name>drop</name><executable>custom.sh</executable>{elements}</command>" + Response(""));

        var command = Assert.Single(configuration.Decide.Responses).Command;
        Assert.Equal((protocol, deadline, expect), (command.Protocol, command.DeadlineSeconds, command.Expect));
    }

    [Theory]
    [InlineData("<protocol>xml</protocol>")]
    [InlineData("<deadline>0</deadline>")]
    [InlineData("<deadline>2h</deadline>")]
    [InlineData("<deadline>soon</deadline>")]
    public void A_command_that_says_it_wrongly_is_an_error(string element) =>
        Assert.Equal(
            "1235",
            Assert
                .Single(Errors($"<command><name>drop</name><executable>custom.sh</executable>{element}</command>" + Response("")))
                .WazuhCode
        );

    private static string Response(string elements, string command = "drop", string ids = "1") =>
        $"<active-response><command>{command}</command><location>local</location><rules_id>{ids}</rules_id>{elements}</active-response>";

    private static (Configuration Configuration, DiagnosticBag Bag) Read(string sections)
    {
        var bag = new DiagnosticBag();
        var configuration = ConfigurationReader.Read(Case.Bytes($"<ossec_config>{sections}</ossec_config>"), "redoubt.conf", bag);
        Assert.False(bag.HasErrors, string.Join('\n', bag.All));
        return (configuration, bag);
    }

    private static Diagnostic[] Errors(string sections)
    {
        var bag = new DiagnosticBag();
        ConfigurationReader.Read(Case.Bytes($"<ossec_config>{sections}</ossec_config>"), "redoubt.conf", bag);
        return [.. bag.All.Where(d => d.Severity == Severity.Error)];
    }
}
