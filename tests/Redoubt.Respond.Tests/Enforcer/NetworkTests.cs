using System.Net;
using System.Net.Sockets;
using Redoubt.Respond;
using Redoubt.Tests.Respond.Lab;

namespace Redoubt.Tests.Respond.Enforcer;

/// <summary>What a block does to packets, connections and other people's tables.</summary>
public class NetworkTests(RunningEnforcer enforcer) : IClassFixture<RunningEnforcer>
{
    private const string Foreign = """
        table inet foreign {
          set mine { type ipv4_addr; elements = { 10.77.0.7 } }
          chain input { type filter hook input priority 0; policy accept; ct state established,related accept; ip saddr 192.0.2.1 drop; }
        }
        """;

    private Network Network => enforcer.Network;

    [Theory]
    [InlineData("10.77.0.6", "10.77.0.1", "10.77.0.6")]
    [InlineData("10.77.0.6", "10.77.0.1", "10.77.0.4/30")]
    [InlineData("fd77::6", "fd77::1", "fd77::6")]
    public async Task Scenario_62_and_63_Every_packet_of_a_blocked_source_is_lost_until_it_is_released(
        string source,
        string host,
        string target
    )
    {
        Assert.NotNull(enforcer.Client);
        Assert.Equal(3, PingFrom(source, host));

        Assert.Equal(EnforceOutcome.Enforced, (await enforcer.BlockAsync(target)).Outcome);
        Assert.Equal(0, PingFrom(source, host));

        await enforcer.ReleaseAsync(target);
        Assert.Equal(3, PingFrom(source, host));
    }

    [Theory]
    [InlineData("10.77.0.6", "10.77.0.1", false)]
    [InlineData("fd77::6", "fd77::1", false)]
    [InlineData("10.77.0.6", "10.77.0.1", true)]
    public async Task Scenario_62_An_open_connection_of_the_source_is_ended(string source, string host, bool throughMappedListener)
    {
        Assert.NotNull(enforcer.Client);
        var cancellation = Deadline.Token;
        using var listener = Network.Host.Inside(() =>
            Listen(throughMappedListener ? IPAddress.IPv6Any : IPAddress.Parse(host), throughMappedListener)
        );
        var port = ((IPEndPoint)listener.LocalEndPoint!).Port;
        using var client = Connect(source, new IPEndPoint(IPAddress.Parse(host), port));
        using var bystander = Connect(source[..^1] + "7", new IPEndPoint(IPAddress.Parse(host), port));
        using var served = await listener.AcceptAsync(cancellation);
        using var servedBystander = await listener.AcceptAsync(cancellation);

        var reply = await enforcer.BlockAsync(source);
        Assert.Equal((EnforceOutcome.Enforced, null, 1), (reply.Outcome, reply.Reason, reply.SocketsClosed));

        var ended = await Assert.ThrowsAsync<SocketException>(() =>
            served.ReceiveAsync(new byte[1], SocketFlags.None, cancellation).AsTask()
        );
        Assert.Equal(SocketError.ConnectionAborted, ended.SocketErrorCode);

        await bystander.SendAsync(new byte[1], SocketFlags.None, cancellation);
        Assert.Equal(1, await servedBystander.ReceiveAsync(new byte[1], SocketFlags.None, cancellation));
        await enforcer.ReleaseAsync(source);
    }

    [Fact]
    public async Task A_connection_that_the_host_itself_opened_to_the_target_is_ended_too()
    {
        Assert.NotNull(enforcer.Client);
        var cancellation = Deadline.Token;
        using var listener = Network.Attacker.Inside(() => Listen(IPAddress.Parse("10.77.0.7"), dual: false));
        using var outgoing = Network.Host.Inside(() =>
        {
            var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
            socket.Connect(listener.LocalEndPoint!);
            return socket;
        });

        Assert.Equal(1, (await enforcer.BlockAsync("10.77.0.7")).SocketsClosed);
        await Assert.ThrowsAsync<SocketException>(() => outgoing.ReceiveAsync(new byte[1], SocketFlags.None, cancellation).AsTask());
        await enforcer.ReleaseAsync("10.77.0.7");
    }

    [Fact]
    public async Task Tracked_connections_are_forgotten_and_foreign_tables_stay_as_they_are()
    {
        Assert.NotNull(enforcer.Client);
        Network.Host.NftScript(Foreign);
        Assert.Equal(3, PingFrom("10.77.0.6", "10.77.0.1"));
        var before = Network.Host.Nft("list", "table", "inet", "foreign");

        var reply = await enforcer.BlockAsync("10.77.0.6");
        Assert.Equal(EnforceOutcome.Enforced, reply.Outcome);
        Assert.SkipWhen(!Directory.Exists("/proc/sys/net/netfilter"), "this kernel has no connection tracking");
        Assert.InRange(reply.ConnectionsForgotten, 1, 100);
        Assert.Equal(0, PingFrom("10.77.0.6", "10.77.0.1"));

        await enforcer.SendAsync(new EnforceRequest { Verb = EnforceVerb.Clear });
        Assert.Equal(before, Network.Host.Nft("list", "table", "inet", "foreign"));
        Network.Host.Nft("delete", "table", "inet", "foreign");
    }

    [Fact]
    public async Task Scenario_66_The_administrators_own_rule_for_the_address_stays_when_the_block_ends()
    {
        Assert.NotNull(enforcer.Client);
        Network.Host.NftScript(
            """
            table inet mine {
              set bad { type ipv4_addr; elements = { 10.77.0.7 } }
              chain in { type filter hook input priority 0; ip saddr @bad drop; ip saddr 10.77.0.7 drop; }
            }
            """
        );
        var before = Network.Host.Nft("list", "table", "inet", "mine");

        await enforcer.BlockAsync("10.77.0.7");
        await enforcer.ReleaseAsync("10.77.0.7");

        Assert.Equal(before, Network.Host.Nft("list", "table", "inet", "mine"));
        Assert.Equal(0, PingFrom("10.77.0.7", "10.77.0.1"));
        Network.Host.Nft("delete", "table", "inet", "mine");
    }

    [Theory]
    [InlineData("delete table inet redoubt")]
    [InlineData("flush ruleset")]
    [InlineData("flush chain inet redoubt prerouting")]
    [InlineData("add table inet redoubt { flags dormant; }")]
    [InlineData("insert rule inet redoubt prerouting accept")]
    [InlineData("delete chain inet redoubt prerouting; add chain inet redoubt prerouting { type filter hook prerouting priority 10; }")]
    public async Task A_table_that_somebody_has_taken_away_or_bent_is_put_right_by_the_next_block(string damage)
    {
        Assert.NotNull(enforcer.Client);
        await enforcer.BlockAsync("10.77.0.7");
        Network.Host.NftScript(damage.Replace("; add", "\nadd", StringComparison.Ordinal) + "\n");

        var reply = await enforcer.BlockAsync("10.77.0.6");
        Assert.True(reply.Outcome == EnforceOutcome.Enforced, reply.Reason);
        Assert.Equal(0, PingFrom("10.77.0.6", "10.77.0.1"));

        // Whoever came first, this block or the repair by itself: the one before is in the kernel again, too.
        Assert.True(await Eventually.HoldsAsync(async () => (await enforcer.ReadAsync("10.77.0.7")).RemainingMilliseconds > 0));
        Assert.Null((await enforcer.BlockAsync("10.77.0.6")).Reason);
        await enforcer.SendAsync(new EnforceRequest { Verb = EnforceVerb.Clear });
        Assert.Equal(3, PingFrom("10.77.0.6", "10.77.0.1"));
    }

    [Fact]
    public async Task Scenario_62_Forwarded_traffic_is_dropped_before_its_address_is_translated()
    {
        Assert.NotNull(enforcer.Client);
        await enforcer.BlockAsync("10.77.0.6");

        // The hook comes before translation (-100) and tracking (-200): nothing published behind this host can be reached.
        Assert.Contains("hook prerouting priority raw", Network.Host.Nft("list", "table", "inet", "redoubt"), StringComparison.Ordinal);
        await enforcer.ReleaseAsync("10.77.0.6");
    }

    private int PingFrom(string source, string host)
    {
        // Which of its addresses the attacker uses is decided by its preferred source.
        var family = source.Contains(':', StringComparison.Ordinal) ? "-6" : "-4";
        Network.Attacker.Ip(family, "route", "replace", host, "dev", "eth0", "src", source);
        return Network.Ping(host);
    }

    private static Socket Listen(IPAddress address, bool dual)
    {
        var socket = new Socket(address.AddressFamily, SocketType.Stream, ProtocolType.Tcp);
        if (dual)
            socket.DualMode = true;
        socket.Bind(new IPEndPoint(address, 0));
        socket.Listen();
        return socket;
    }

    private Socket Connect(string from, IPEndPoint to) =>
        Network.Attacker.Inside(() =>
        {
            var socket = new Socket(to.AddressFamily, SocketType.Stream, ProtocolType.Tcp);
            socket.Bind(new IPEndPoint(IPAddress.Parse(from), 0));
            socket.Connect(to);
            return socket;
        });
}
