using System.Net.Sockets;
using System.Text;
using Redoubt.Lab;

namespace Redoubt.Tests.EndToEnd.Story;

/// <summary>Lines of a host that go to other programs of it.</summary>
public class TargetTests : LabTest
{
    [Fact]
    public async Task Lines_go_to_the_manager_and_to_another_program_each_in_its_form()
    {
        var path = Path.Combine(Net.Folder, "box.sock");
        using var box = new Socket(AddressFamily.Unix, SocketType.Dgram, ProtocolType.Unspecified)
        {
            ReceiveTimeout = (int)Soon.TotalMilliseconds,
        };
        box.Bind(new UnixDomainSocketEndPoint(path));
        await Net.Agent.MustRunAsync("chmod", "666", path);
        var log = Path.Combine(Net.Folder, "app.log");
        await File.WriteAllTextAsync(log, string.Empty);

        var redoubt = await DeployAsync(
            new DeploymentOptions
            {
                Agent = $"""
                <socket><name>box</name><location>{path}</location><prefix>app: </prefix></socket>
                <localfile>
                  <log_format>syslog</log_format>
                  <location>{log}</location>
                  <target>agent,box</target>
                  <out_format target="agent">$(timestamp) $(hostname) app: $(log)</out_format>
                  <out_format target="box">$(host_ip) $(base_location) "$(json_log)"</out_format>
                </localfile>
                """,
            }
        );
        await File.AppendAllTextAsync(log, "say \"a\"\n");

        var buffer = new byte[200];
        Assert.Equal("app: 10.0.0.5 app.log \"say \\\"a\\\"\"", Encoding.UTF8.GetString(buffer, 0, box.Receive(buffer)));
        var archived = await Wait.ForLineAsync(
            redoubt.ArchivesLog,
            l => l.Contains("say \"a\"", StringComparison.Ordinal),
            "the line is in the archive",
            Soon
        );
        Assert.Matches(@"app\.log [A-Z][a-z]{2} [ \d]\d \d\d:\d\d:\d\d agent app: say ""a""$", archived);
    }

    [Fact]
    public async Task A_target_that_is_no_socket_ends_the_start_with_its_line()
    {
        var redoubt = await Deployment.PrepareAsync(
            Net,
            new DeploymentOptions
            {
                Agent = "<localfile><log_format>syslog</log_format><location>/a</location><target>box</target></localfile>",
            }
        );
        await using var ending = redoubt;

        var started = await Net.Agent.RunAsync(Checkout.Redoubt, "agent", "--home", redoubt.AgentHome, "--manager", "10.0.0.4");

        Assert.NotEqual(0, started.ExitCode);
        Assert.Matches(@"redoubt\.conf:\d+:\d+: .*CONF0078", started.Error);
    }
}
