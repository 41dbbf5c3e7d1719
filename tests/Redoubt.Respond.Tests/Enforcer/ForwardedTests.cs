using System.Net;
using System.Net.Sockets;
using Redoubt.Respond;
using Redoubt.Tests.Respond.Lab;

namespace Redoubt.Tests.Respond.Enforcer;

/// <summary>A published port of a container, played by a DNAT to a second namespace behind the protected host.</summary>
public class ForwardedTests
{
    private static CancellationToken Cancellation => Deadline.Token;

    [Fact]
    public async Task A_blocked_source_reaches_no_published_port_and_its_open_connection_is_cut()
    {
        using var network = new Network();
        using var container = new Namespace();
        Publish(network.Host, container);
        using var home = new Home();
        await using var process = await EnforcerProcess.StartAsync(network.Host, home.Path);
        await using var client = await EnforcerClient.ConnectAsync(home.SocketPath, Cancellation);
        using var listener = container.Inside(() =>
        {
            var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
            socket.Bind(new IPEndPoint(IPAddress.Any, 80));
            socket.Listen();
            return socket;
        });

        using var open = Connect(network, "10.77.0.6");
        using var served = await listener.AcceptAsync(Cancellation);
        Assert.Equal("10.77.0.6", ((IPEndPoint)served.RemoteEndPoint!).Address.ToString());
        await served.SendAsync("hello"u8.ToArray(), Cancellation);
        Assert.Equal(5, await open.ReceiveAsync(new byte[16], Cancellation));

        var block = await client.SendAsync(
            new EnforceRequest
            {
                Verb = EnforceVerb.Block,
                Target = "10.77.0.6",
                DurationMilliseconds = 60_000,
            },
            Cancellation
        );
        Assert.Equal(EnforceOutcome.Enforced, block.Outcome);
        Assert.True(block.ConnectionsForgotten >= 1, $"connections forgotten: {block.ConnectionsForgotten}");

        // What it sends on the open connection no longer arrives; another source is served as before.
        await open.SendAsync("more"u8.ToArray(), Cancellation);
        using var bystander = Connect(network, "10.77.0.7");
        using var servedBystander = await listener.AcceptAsync(Cancellation);
        await bystander.SendAsync("fine"u8.ToArray(), Cancellation);
        Assert.Equal(4, await servedBystander.ReceiveAsync(new byte[16], Cancellation));
        Assert.Equal(0, served.Available);

        // A new connection of the blocked source is not even begun.
        var refused = Assert.Throws<SocketException>(() => Connect(network, "10.77.0.6", sendTries: 1));
        Assert.Equal(SocketError.TimedOut, refused.SocketErrorCode);
    }

    /// <summary>What a container engine sets up: an own link, forwarding, and a DNAT from the host's port 8080.</summary>
    private static void Publish(Namespace host, Namespace container)
    {
        host.Ip("link", "add", "br0", "type", "veth", "peer", "name", "eth0", "netns", container.Name);
        host.Ip("addr", "add", "172.30.0.1/24", "dev", "br0");
        host.Ip("link", "set", "br0", "up");
        container.Ip("addr", "add", "172.30.0.2/24", "dev", "eth0");
        container.Ip("link", "set", "eth0", "up");
        container.Ip("route", "add", "default", "via", "172.30.0.1");
        Tool.Run("ip", "netns", "exec", host.Name, "sh", "-c", "echo 1 > /proc/sys/net/ipv4/ip_forward");
        host.NftScript(
            """
            table ip engine {
              chain published { type nat hook prerouting priority -100;
                tcp dport 8080 dnat to 172.30.0.2:80
              }
            }

            """
        );
    }

    private static Socket Connect(Network network, string from, int sendTries = 4) =>
        network.Attacker.Inside(() =>
        {
            const int TcpSynCount = 7;
            var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
            socket.SetRawSocketOption((int)SocketOptionLevel.Tcp, TcpSynCount, BitConverter.GetBytes(sendTries));
            socket.Bind(new IPEndPoint(IPAddress.Parse(from), 0));
            socket.Connect(IPAddress.Parse("10.77.0.1"), 8080);
            return socket;
        });
}
