using Redoubt.Config;
using Redoubt.Model;

namespace Redoubt.Tests.Config;

public class AgentConfReaderTests
{
    private static readonly AgentHost Host = new("web01", "Linux |web01 |6.1.0 |x86_64", "debian, web", []);

    public static TheoryData<string, string, string[]> Diagnostics() => Case.Read("agent-conf.jsonl");

    [Theory, MemberData(nameof(Diagnostics))]
    public void Tells_what_is_wrong_before_it_is_distributed(string name, string text, string[] expect)
    {
        var bag = new DiagnosticBag();

        AgentConfReader.Read(Case.Bytes(text), "agent.conf", null, bag);

        Assert.True(expect.SequenceEqual(bag.All.Select(Case.Short)), $"{name}:\n{string.Join('\n', bag.All)}");
    }

    [Theory]
    [InlineData("", true)]
    [InlineData("name=\"web01\"", true)]
    [InlineData("name=\"^web\"", true)]
    [InlineData("name=\"db01|web01\"", true)]
    [InlineData("name=\"db01\"", false)]
    [InlineData("os=\"linux\"", true)]
    [InlineData("os=\"Windows\"", false)]
    [InlineData("profile=\"web\"", true)]
    [InlineData("profile=\"mail\"", false)]
    [InlineData("os=\"Linux\" profile=\"web\"", true)]
    [InlineData("os=\"Linux\" profile=\"mail\"", false)]
    [InlineData("name=\"!web01\"", false)]
    [InlineData("name=\"!db01\"", true)]
    [InlineData("host=\"db01\"", true)]
    public void A_section_is_for_the_hosts_that_fit_all_its_attributes(string attributes, bool fits)
    {
        var conf = Read(
            $"<agent_config {attributes}><localfile><log_format>syslog</log_format><location>/var/log/x</location></localfile></agent_config>",
            Host
        );

        Assert.Equal(fits ? 1 : 0, conf.LocalFiles.Count);
    }

    [Fact]
    public void Lists_grow_over_the_sections_that_fit_and_the_last_scalar_wins()
    {
        var conf = Read(
            """
            <agent_config><localfile><log_format>syslog</log_format><location>/a</location></localfile><global><active_response_log>legacy</active_response_log></global></agent_config>
            <agent_config name="other"><localfile><log_format>syslog</log_format><location>/b</location></localfile></agent_config>
            <agent_config name="web"><localfile><log_format>json</log_format><location>/c</location></localfile><global><active_response_log>both</active_response_log></global></agent_config>
            """,
            Host
        );

        Assert.Equal(["/a", "/c"], conf.LocalFiles.Select(f => f.Location));
        Assert.Equal(ResponseLogChoice.Both, conf.ResponseLog);
    }

    [Fact]
    public void What_is_not_said_leaves_the_host_its_own() => Assert.Null(Read("<agent_config></agent_config>", Host).ResponseLog);

    [Fact]
    public void Every_beginning_of_a_good_file_is_read_without_an_exception()
    {
        var bytes = Case.Bytes(
            "<!-- g --><agent_config os=\"Linux\" name='w|x'><localfile><log_format>syslog</log_format><location>/a</location></localfile></agent_config>"
        );

        for (var length = 0; length <= bytes.Length; length++)
            AgentConfReader.Read(bytes[..length], "agent.conf", Host, new DiagnosticBag());
    }

    [Theory]
    [InlineData("logcollector.remote_commands=1\n", 2)]
    [InlineData("# logcollector.remote_commands=1\n", 1)]
    [InlineData("logcollector.remote_commands=1\nlogcollector.remote_commands = 0\n", 1)]
    [InlineData("", 1)]
    [InlineData(null, 1)]
    public void Commands_of_the_manager_run_only_where_the_owner_of_the_host_says_so(string? options, int sources)
    {
        var folder = Directory.CreateTempSubdirectory("rdt-internal-");
        try
        {
            var file = Path.Combine(folder.FullName, "local_internal_options.conf");
            if (options is not null)
                File.WriteAllText(file, options);

            var bag = new DiagnosticBag();
            var conf = AgentConfReader.Read(
                Case.Bytes(
                    "<agent_config><localfile><log_format>command</log_format><command>df -P</command></localfile><localfile><log_format>syslog</log_format><location>/x</location></localfile></agent_config>"
                ),
                "agent.conf",
                Host,
                bag,
                InternalOptions.TakesRemoteCommands(file)
            );

            Assert.Equal(sources, conf.LocalFiles.Count);
            Assert.Equal(sources == 1, bag.All.Any(d => d.Code == "CONF0074"));
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    private static AgentConf Read(string text, AgentHost host)
    {
        var bag = new DiagnosticBag();
        var conf = AgentConfReader.Read(Case.Bytes(text), "agent.conf", host, bag);
        Assert.False(bag.HasErrors, string.Join('\n', bag.All));
        return conf;
    }
}
