using System.Diagnostics;
using System.Net;
using Redoubt.Lab;

namespace Redoubt.Tests.EndToEnd.Lab;

/// <summary>The lab itself, without Redoubt: what the other tests build on holds.</summary>
public class LabTests : LabTest
{
    [Fact]
    public async Task Every_host_reaches_every_other_by_both_protocols()
    {
        foreach (var to in Net.Hosts)
        {
            Assert.Equal(0, (await Ping.SendAsync(Net.Attacker, to.IPv4, 2)).LossPercent);
            Assert.Equal(0, (await Ping.SendAsync(Net.Attacker, to.IPv6, 2)).LossPercent);
        }
    }

    [Fact]
    public async Task A_host_has_accounts_and_a_name_of_its_own_and_sees_the_shared_folder()
    {
        Assert.Equal("agent\n", await Net.Agent.MustRunAsync("hostname"));
        Assert.Equal("uid=1000(alice) gid=1000(alice) groups=1000(alice)\n", await Net.Agent.MustRunAsync("id", "alice"));
        Assert.Equal("uid=1001(carol) gid=1001(carol) groups=1001(carol),27(sudo)\n", await Net.Agent.MustRunAsync("id", "carol"));

        await Net.Agent.MustRunAsync("touch", Path.Combine(Net.Folder, "from-agent"));

        Assert.True(File.Exists(Path.Combine(Net.Folder, "from-agent")));
        Assert.NotEqual(0, (await Net.Manager.RunAsync("test", "-e", "/var/log/auth.log")).ExitCode);
    }

    [Fact]
    public async Task A_drop_made_by_hand_loses_every_ping_and_is_read_back_with_its_time()
    {
        await Net.Agent.MustRunAsync(
            "nft",
            """
            table inet redoubt {
              set block4 { type ipv4_addr; flags timeout; }
              set net6 { type ipv6_addr; flags interval,timeout; }
              chain prerouting { type filter hook prerouting priority -300; ip saddr @block4 drop; }
            }
            add element inet redoubt block4 { 10.0.0.6 timeout 30m }
            add element inet redoubt net6 { 2001:db8::/64 timeout 60s }
            """
        );

        Assert.Equal(100, (await Ping.SendAsync(Net.Attacker, Net.Agent.IPv4)).LossPercent);
        Assert.Equal(0, (await Ping.SendAsync(Net.Bystander, Net.Agent.IPv4)).LossPercent);
        Assert.Equal(0, (await Ping.SendAsync(Net.Attacker, Net.Agent.IPv6)).LossPercent);
        var block = await Net.Agent.KernelBlockAsync(Net.Attacker.IPv4);
        Assert.Equal("block4", block?.Set);
        Assert.Equal(TimeSpan.FromMinutes(30), block?.Timeout);
        Assert.InRange(block!.Remaining!.Value, TimeSpan.FromMinutes(29), TimeSpan.FromMinutes(30));
        Assert.Contains(await Net.Agent.KernelBlocksAsync(), b => b is { Set: "net6", Target: "2001:db8::/64" });
        Assert.Empty(await Net.Manager.KernelBlocksAsync());
    }

    [Fact]
    public async Task A_password_try_with_an_unknown_user_fails_and_writes_the_lines_of_sshd()
    {
        await using var sshd = await Sshd.StartAsync(Net, Net.Agent);

        var attempt = await new SshClient(Net, Net.Attacker).TryPasswordAsync("oracle", Net.Agent.IPv4);

        Assert.NotEqual(0, attempt.ExitCode);
        await Wait.ForLineAsync(sshd.Log, l => l.Contains("[preauth]", StringComparison.Ordinal), "sshd tells the end", Soon);
        var lines = (await Wait.LinesAsync(sshd.Log)).Where(l => l.Contains("invalid user", StringComparison.OrdinalIgnoreCase)).ToArray();
        Assert.Matches(
            @"^[A-Z][a-z]{2} [ \d]\d \d\d:\d\d:\d\d agent sshd(?:-session)?\[\d+\]: Invalid user oracle from 10\.0\.0\.6 port \d+$",
            lines[0]
        );
        Assert.Matches(@"Failed password for invalid user oracle from 10\.0\.0\.6 port \d+ ssh2$", lines[1]);
        Assert.Matches(@"Connection closed by invalid user oracle 10\.0\.0\.6 port \d+ \[preauth\]$", lines[2]);
        Assert.Equal(3, lines.Length);
    }

    [Fact]
    public async Task Sshd_that_writes_the_file_itself_leaves_out_time_host_and_program()
    {
        await using var sshd = await Sshd.StartAsync(Net, Net.Agent, bare: true);

        await new SshClient(Net, Net.Attacker).TryNothingAsync("oracle", Net.Agent.IPv6);

        var line = await Wait.ForLineAsync(sshd.Log, l => l.Contains("oracle", StringComparison.Ordinal), "sshd names the user", Soon);
        Assert.Matches(@"^Invalid user oracle from fd00:10::6 port \d+\r?$", line);
    }

    [Fact]
    public async Task A_login_by_key_works_and_an_open_session_is_found_dead_once_its_packets_are_dropped()
    {
        await using var sshd = await Sshd.StartAsync(Net, Net.Agent);
        Assert.Equal(0, (await new SshClient(Net, Net.Bystander).LoginAsync("alice", Net.Agent.IPv6)).ExitCode);
        await using var session = await new SshClient(Net, Net.Attacker).OpenSessionAsync("alice", Net.Agent.IPv4);
        Assert.True(await session.IsAliveAsync(Soon));

        await DropAsync(Net.Attacker.IPv4);

        Assert.False(await session.IsAliveAsync(TimeSpan.FromSeconds(1)));
    }

    [Fact]
    public async Task The_probe_finds_the_first_dropped_packet_after_the_drop_was_asked_for()
    {
        await using var probe = await DropProbe.StartAsync(Net.Attacker, Net.Attacker.IPv4, Net.Agent);
        var asked = Stopwatch.GetTimestamp();

        await DropAsync(Net.Attacker.IPv4);

        var delay = await probe.FirstDropAsync(asked, Soon);
        Assert.InRange(delay, TimeSpan.Zero, Stopwatch.GetElapsedTime(asked));
    }

    [Fact]
    public async Task Nothing_is_left_when_a_lab_is_gone()
    {
        var other = await LabNetwork.CreateAsync();
        await using var sshd = await Sshd.StartAsync(other, other.Agent);
        var spaces = other.Hosts.Select(h => h.NetworkNamespace).ToArray();
        Assert.All(spaces, s => Assert.StartsWith("net:[", s, StringComparison.Ordinal));

        await other.DisposeAsync();

        Assert.False(Directory.Exists(other.Folder));
        Assert.Empty(LabNetwork.StillInUse(spaces));
    }

    private Task<string> DropAsync(IPAddress address) =>
        Net.Agent.MustRunAsync(
            "nft",
            $$"""
            table inet redoubt {
              set block4 { type ipv4_addr; flags timeout; elements = { {{address}} timeout 60s } }
              chain prerouting { type filter hook prerouting priority -300; ip saddr @block4 drop; }
            }
            """
        );
}
