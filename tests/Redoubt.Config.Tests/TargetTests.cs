using Redoubt.Collect;
using Redoubt.Config;
using Redoubt.Model;

namespace Redoubt.Tests.Config;

/// <summary>Where lines go: <c>socket</c>, <c>target</c>, <c>out_format</c>.</summary>
public class TargetTests
{
    private const string Socket =
        "<socket><name>box</name><location>/run/box.sock</location><mode>tcp</mode><prefix>from here: </prefix></socket>";

    [Fact]
    public void Lines_go_to_the_manager_unless_targets_say_otherwise()
    {
        var configuration = Read(Socket + File("") + "<socket><name>b</name><location>queue/b</location></socket>", out var bag);

        Assert.Empty(bag.All);
        Assert.Equal(["agent"], configuration.LocalFiles[0].Targets);
        Assert.Equal(
            [
                new OutputSocketOptions
                {
                    Name = "box",
                    Path = "/run/box.sock",
                    IsStream = true,
                    Prefix = "from here: ",
                },
                new OutputSocketOptions { Name = "b", Path = "queue/b" },
            ],
            configuration.Sockets
        );
    }

    [Fact]
    public void A_form_without_a_target_is_for_all_that_have_none_of_their_own()
    {
        var file = Read(
            File("<target>agent, box,agent</target><out_format>a $(log)</out_format><out_format target=\"box\">b $(log)</out_format>")
                + Socket,
            out var bag
        ).LocalFiles[0];

        Assert.Empty(bag.All);
        Assert.Equal(["agent", "box"], file.Targets);
        Assert.Equal(("a $(log)", "b $(log)"), (file.FormatFor("agent")!.Text, file.FormatFor("box")!.Text));
        Assert.Null(Read(File(""), out _).LocalFiles[0].FormatFor("agent"));
    }

    [Theory]
    [InlineData("<target>nobody</target>", "CONF0078")]
    [InlineData("<target>Agent</target>", "CONF0078")]
    [InlineData("<target> , </target>", "CONF0011")]
    [InlineData("<out_format target=\"box\">$(log)</out_format>", "CONF0078")]
    [InlineData("<out_format></out_format>", "CONF0079")]
    [InlineData("<out_format>$(log</out_format>", "CONF0079")]
    [InlineData("<out_format>$(user)</out_format>", "CONF0079")]
    [InlineData("<out_format>$(log %Y)</out_format>", "CONF0079")]
    [InlineData("<ignore_binaries>maybe</ignore_binaries>", "CONF0011")]
    public void A_wrong_target_or_form_is_an_error(string element, string code)
    {
        Read(Socket + File(element), out var bag);

        Assert.Equal((code, Severity.Error), Assert.Single(bag.All) is var d ? (d.Code, d.Severity) : default);
    }

    [Theory]
    [InlineData("<location>/a</location>", "CONF0076")]
    [InlineData("<name>a</name>", "CONF0076")]
    [InlineData("<name>agent</name><location>/a</location>", "CONF0077")]
    [InlineData("<name>box</name><location>/a</location>", "CONF0077")]
    [InlineData("<name>a,b</name><location>/a</location>", "CONF0077")]
    [InlineData("<name>a</name><location>/a</location><mode>sctp</mode>", "CONF0011")]
    [InlineData("<name>a</name><location>/a</location><port>1</port>", "CONF0010")]
    public void A_wrong_socket_is_an_error(string elements, string code)
    {
        Read($"{Socket}<socket>{elements}</socket>", out var bag);

        Assert.Equal((code, Severity.Error), Assert.Single(bag.All) is var d ? (d.Code, d.Severity) : default);
    }

    [Fact]
    public void A_path_that_the_kernel_would_not_take_is_an_error()
    {
        Read($"<socket><name>a</name><location>/{new string('a', 107)}</location></socket>", out var bag);

        Assert.Equal("CONF0076", Assert.Single(bag.All).Code);
    }

    [Fact]
    public void Agent_conf_may_name_the_hosts_sockets_and_make_none()
    {
        var host = new AgentHost("web01", "Linux", "", [new OutputSocketOptions { Name = "box", Path = "/run/box.sock" }]);
        Assert.Empty(Shared(File("<target>box</target>"), host));
        Assert.Equal("CONF0078", Assert.Single(Shared(File("<target>other</target>"), host)).Code);

        // The manager does not know the sockets of its hosts.
        Assert.Empty(Shared(File("<target>other</target>"), null));
        Assert.Equal(("CONF0071", Severity.Warning), Assert.Single(Shared(Socket, host)) is var d ? (d.Code, d.Severity) : default);
    }

    private static string File(string elements) =>
        $"<localfile><log_format>syslog</log_format><location>/var/log/a</location>{elements}</localfile>";

    private static IReadOnlyList<Diagnostic> Shared(string sections, AgentHost? host)
    {
        var bag = new DiagnosticBag();
        AgentConfReader.Read(Case.Bytes($"<agent_config>{sections}</agent_config>"), "agent.conf", host, bag);
        return bag.All;
    }

    private static Configuration Read(string sections, out DiagnosticBag bag)
    {
        bag = new DiagnosticBag();
        return ConfigurationReader.Read(Case.Bytes($"<redoubt_config>{sections}</redoubt_config>"), "redoubt.conf", bag);
    }
}
