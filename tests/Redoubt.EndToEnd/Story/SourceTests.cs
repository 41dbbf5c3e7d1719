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

    private async Task SendAsync(LabHost from, SocketType type, string line) =>
        await from.InNetworkAsync(() =>
        {
            using var socket = new Socket(AddressFamily.InterNetwork, type, type == SocketType.Dgram ? ProtocolType.Udp : ProtocolType.Tcp);
            socket.Connect(new IPEndPoint(Net.Manager.IPv4, 514));
            return socket.Send(Encoding.UTF8.GetBytes(line + "\n"));
        });
}
