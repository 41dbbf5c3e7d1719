using Redoubt.Config;
using Redoubt.Decide;
using Redoubt.Model;

namespace Redoubt.Tests.Config;

public class ConfigurationReaderTests
{
    public static TheoryData<string, string, string[]> Diagnostics() => Case.Read("diagnostics.jsonl");

    [Theory, MemberData(nameof(Diagnostics))]
    public void Tells_what_is_wrong_and_where(string name, string text, string[] expect)
    {
        var bag = new DiagnosticBag();

        ConfigurationReader.Read(Case.Bytes(text), "redoubt.conf", bag);

        Assert.True(expect.SequenceEqual(bag.All.Select(Case.Short)), $"{name}:\n{string.Join('\n', bag.All)}");
        Assert.All(bag.All, d => Assert.Equal("redoubt.conf", d.File));
        Assert.All(bag.All.Where(d => d.Severity == Severity.Error), d => Assert.NotEmpty(d.Fix));
    }

    [Fact]
    public void The_seed_is_one_configuration_of_two_roots()
    {
        var configuration = Read(File.ReadAllText(Path.Combine(Case.Folder, "seed.conf")));

        Assert.True(configuration.Global is { JsonOutput: true, EmailNotification: false, LogAll: true, LogAllJson: false });
        Assert.Equal(["127.0.0.1", "^localhost.localdomain$"], configuration.Decide.Allowlist.Entries);
        var response = Assert.Single(configuration.Decide.Responses);
        Assert.Equal("firewall-drop1800", response.InternalName);
        Assert.Equal("firewall-drop", response.Command.Executable);
        Assert.Equal(ResponseHosts.Local, response.Hosts);
        Assert.Equal([5712], response.RuleIds);
        Assert.Equal(ResponseMode.Enforce, response.Mode);
        Assert.False(configuration.Executor.Disabled);
        Assert.Equal([60, 120, 180], configuration.Executor.Ladder.Minutes);
        var file = Assert.Single(configuration.LocalFiles);
        Assert.True(file is { Location: "/var/ossec/logs/active-responses.log", Format: "syslog", OnlyFutureEvents: true });
    }

    [Fact]
    public void Every_beginning_of_a_good_file_is_read_without_an_exception()
    {
        var bytes = File.ReadAllBytes(Path.Combine(Case.Folder, "seed.conf"));

        for (var length = 0; length <= bytes.Length; length++)
            ConfigurationReader.Read(bytes[..length], "redoubt.conf", new DiagnosticBag());
    }

    [Fact]
    public void Every_single_damaged_byte_of_a_good_file_is_read_without_an_exception()
    {
        var bytes = File.ReadAllBytes(Path.Combine(Case.Folder, "seed.conf"));
        foreach (var damage in new byte[] { 0, (byte)'<', (byte)'>', 0xFF })
        {
            for (var at = 0; at < bytes.Length; at++)
            {
                var damaged = (byte[])bytes.Clone();
                damaged[at] = damage;
                ConfigurationReader.Read(damaged, "redoubt.conf", new DiagnosticBag());
            }
        }
    }

    [Fact]
    public void A_missing_file_gives_defaults_and_a_note()
    {
        var bag = new DiagnosticBag();

        var configuration = ConfigurationReader.ReadFile(Path.Combine(Case.Folder, "no-such.conf"), bag);

        Assert.Equal("0:0 note CONF0001", Case.Short(Assert.Single(bag.All)));
        Assert.True(
            configuration.Global is { JsonOutput: true, AlertsLog: true, LogAlertLevel: 1, EmailAlertLevel: 7, Mode: ResponseMode.Enforce }
        );
    }

    [Fact]
    public void A_file_that_cannot_be_read_is_an_error()
    {
        var bag = new DiagnosticBag();

        ConfigurationReader.ReadFile(Case.Folder, bag);

        Assert.Equal("0:0 error CONF0002 1103", Case.Short(Assert.Single(bag.All)));
    }

    [Fact]
    public void Of_several_global_sections_the_last_scalar_wins_and_lists_grow()
    {
        var configuration = Read(
            """
            <ossec_config><global><logall>yes</logall><memory_size>4096</memory_size><white_list>10.0.0.1</white_list></global></ossec_config>
            <redoubt_config><GLOBAL><LogAll>no</LogAll><allow_list>10.0.0.2</allow_list></GLOBAL></redoubt_config>
            """
        );

        Assert.True(configuration.Global is { LogAll: false, MemorySize: 4096 });
        Assert.Equal(["10.0.0.1", "10.0.0.2"], configuration.Decide.Allowlist.Entries);
    }

    [Fact]
    public void Options_of_ours_reach_their_stage()
    {
        var configuration = Read(
            """
            <ossec_config><global><mode>observe</mode><compatibility>strict</compatibility><active_response_log>both</active_response_log>
            <agents_disconnection_time>15m</agents_disconnection_time></global><alerts><log_alert_level>3</log_alert_level><email_alert_level>12</email_alert_level></alerts>
            <client><server><address>10.0.0.4</address></server><config-profile> debian, web </config-profile></client></ossec_config>
            """
        );

        Assert.Equal(ResponseMode.Observe, configuration.Decide.Mode);
        Assert.True(
            configuration.Global
                is { StrictCompatibility: true, ResponseLog: ResponseLogChoice.Both, LogAlertLevel: 3, EmailAlertLevel: 12 }
        );
        Assert.Equal(TimeSpan.FromMinutes(15), configuration.Global.AgentsDisconnectionTime);
        Assert.Equal("debian, web", configuration.Client.ConfigProfile);
    }

    [Fact]
    public void Without_a_ruleset_section_the_shipped_and_the_own_rules_are_read()
    {
        var ruleset = Read("<ossec_config></ossec_config>").Ruleset;

        Assert.Equal(["ruleset/rules", "etc/rules"], ruleset.Rules.Select(r => r.Path));
        Assert.Equal(["0215-policy_rules.xml"], ruleset.RuleExcludes);
    }

    [Fact]
    public void A_ruleset_section_that_names_only_lists_keeps_the_default_rules_and_excludes()
    {
        var ruleset = Read("<ossec_config><ruleset><list>etc/lists/a</list></ruleset></ossec_config>").Ruleset;

        Assert.Equal(["ruleset/rules", "etc/rules"], ruleset.Rules.Select(r => r.Path));
        Assert.Equal(["0215-policy_rules.xml"], ruleset.RuleExcludes);
        Assert.Equal(["etc/lists/a"], ruleset.Lists);
    }

    [Fact]
    public void A_ruleset_section_names_its_folders_files_patterns_and_excludes()
    {
        var ruleset = Read(
            """
            <ossec_config><ruleset><decoder_dir>d</decoder_dir><decoder_include>one.xml</decoder_include><decoder_exclude>x.xml</decoder_exclude></ruleset>
            <ruleset><rule_dir pattern="_rules.xml$">r</rule_dir><rule_exclude>y.xml</rule_exclude></ruleset></ossec_config>
            """
        ).Ruleset;

        Assert.Equal([new RulesetPath("d", true), new RulesetPath("one.xml", false)], ruleset.Decoders);
        Assert.Equal([new RulesetPath("r", true, "_rules.xml$")], ruleset.Rules);
        Assert.Equal(["x.xml"], ruleset.DecoderExcludes);
        Assert.Equal(["y.xml"], ruleset.RuleExcludes);
    }

    private static Configuration Read(string text)
    {
        var bag = new DiagnosticBag();
        var configuration = ConfigurationReader.Read(Case.Bytes(text), "redoubt.conf", bag);
        Assert.True(bag.All.All(d => d.Severity == Severity.Note), string.Join('\n', bag.All));
        return configuration;
    }
}
