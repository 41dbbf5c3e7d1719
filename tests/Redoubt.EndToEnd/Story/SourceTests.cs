using System.Net;
using System.Net.Sockets;
using System.Text;
using Redoubt.Lab;

namespace Redoubt.Tests.EndToEnd.Story;

public class SourceTests : LabTest
{
    [Theory]
    [InlineData(SocketType.Dgram)]
    [InlineData(SocketType.Stream)]
    public async Task Lines_from_the_network_raise_alerts_and_block_nobody(SocketType type)
    {
        var redoubt = await DeployAsync(
            new DeploymentOptions
            {
                Manager =
                    $"<remote><connection>syslog</connection><protocol>udp,tcp</protocol><allowed-ips>{Net.Agent.IPv4}</allowed-ips></remote>",
            }
        );

        // Who is not allowed is not heard, and who is may say anything about anybody.
        var victim = Net.Attacker.IPv4;
        await SendAsync(Net.Attacker, type, "<34>Oct 11 22:14:15 web1 sshd[1]: Failed password for root from 203.0.113.7 port 22 ssh2");
        foreach (var line in AuthLogLines.Attack(victim).Split('\n', StringSplitOptions.RemoveEmptyEntries))
            await SendAsync(Net.Agent, type, "<34>" + line);

        var alert = await redoubt.WaitForAlertAsync("5712", victim, Soon);
        Assert.Equal(Net.Agent.IPv4.ToString(), alert.GetProperty("location").GetString());
        var skipped = await redoubt.WaitForStateAsync(victim, "skipped", Soon);
        Assert.Contains("network", skipped.GetProperty("hosts")[0].GetProperty("reason").GetString(), StringComparison.Ordinal);
        Assert.Null(await Net.Agent.KernelBlockAsync(victim));
        Assert.DoesNotContain(await redoubt.AlertsAsync(), a => a.ToString().Contains("203.0.113.7", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Lines_from_the_network_count_once_though_the_manager_is_killed()
    {
        var redoubt = await DeployAsync(
            new DeploymentOptions
            {
                Manager =
                    $"<remote><connection>syslog</connection><protocol>tcp</protocol><allowed-ips>{Net.Agent.IPv4}</allowed-ips></remote>",
            }
        );
        const int lines = 400;
        for (var round = 0; round < 2; round++)
        {
            var first = round * lines;
            await SendAsync(
                Net.Agent,
                SocketType.Stream,
                string.Join('\n', Enumerable.Range(first, lines).Select(i => $"<34>Oct 11 22:14:15 web1 app: number {i} of many"))
            );
            await Wait.UntilAsync(
                async () => (await NumbersAsync(redoubt)).Distinct().Count() == first + lines,
                "every line is in the archive",
                Soon
            );
            if (round > 0)
                break;

            await redoubt.Manager.KillAsync();
            await redoubt.StartManagerAsync();
        }

        Assert.Equal(2 * lines, (await NumbersAsync(redoubt)).Count);
    }

    private static async Task<List<string>> NumbersAsync(Deployment redoubt) =>
        [.. (await Wait.LinesAsync(redoubt.ArchivesLog)).Where(l => l.Contains("app: number ", StringComparison.Ordinal))];

    private async Task SendAsync(LabHost from, SocketType type, string line) =>
        await from.InNetworkAsync(() =>
        {
            using var socket = new Socket(AddressFamily.InterNetwork, type, type == SocketType.Dgram ? ProtocolType.Udp : ProtocolType.Tcp);
            socket.Connect(new IPEndPoint(Net.Manager.IPv4, 514));
            return socket.Send(Encoding.UTF8.GetBytes(line + "\n"));
        });
}
