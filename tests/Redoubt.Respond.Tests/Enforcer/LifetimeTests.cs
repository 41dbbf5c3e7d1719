using System.Net.Sockets;
using System.Text;
using Redoubt.Respond;
using Redoubt.Tests.Respond.Lab;

namespace Redoubt.Tests.Respond.Enforcer;

/// <summary>Start, end, death and second start of the real program.</summary>
public class LifetimeTests
{
    private static CancellationToken Cancellation => Deadline.Token;

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Scenario_58_Blocks_outlive_an_enforcer_that_is_killed_or_ended_and_the_next_one_knows_them(bool killed)
    {
        using var network = new Network();
        var host = network.Host;
        using var home = new Home();
        await using (var first = await EnforcerProcess.StartAsync(host, home.Path))
        {
            await using var client = await EnforcerClient.ConnectAsync(home.SocketPath, Cancellation);
            await client.SendAsync(Block("10.77.0.6"), Cancellation);
            if (killed)
                await first.KillAsync();
            else
                Assert.Equal(0, await first.TerminateAsync());

            await client.Closed.WaitAsync(Cancellation);
            await Assert.ThrowsAsync<IOException>(() => client.SendAsync(Block("10.77.0.7"), Cancellation));
        }

        Assert.Equal(killed, File.Exists(home.SocketPath));
        Assert.Equal(0, network.Ping("10.77.0.1"));

        await using var second = await EnforcerProcess.StartAsync(host, home.Path);
        await using var again = await EnforcerClient.ConnectAsync(home.SocketPath, Cancellation);
        var read = await again.SendAsync(Block("10.77.0.6") with { Verb = EnforceVerb.Read }, Cancellation);
        Assert.InRange(read.RemainingMilliseconds, 1, 60_010);
        var cleared = await again.SendAsync(new EnforceRequest { Verb = EnforceVerb.Clear }, Cancellation);
        Assert.Equal(1, cleared.Cleared);
        Assert.Equal(3, network.Ping("10.77.0.1"));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(7)]
    [InlineData(39)]
    public async Task Whenever_the_enforcer_is_killed_among_many_blocks_the_next_one_holds_exactly_what_it_is_given(int after)
    {
        Namespace.Need();
        using var ns = new Namespace();
        using var home = new Home();
        var targets = Enumerable.Range(1, 40).Select(i => $"198.51.100.{i}").ToArray();
        var answered = new System.Collections.Concurrent.ConcurrentBag<string>();
        await using (var first = await EnforcerProcess.StartAsync(ns, home.Path))
        {
            await using var client = await EnforcerClient.ConnectAsync(home.SocketPath, Cancellation);
            var enough = new TaskCompletionSource();
            var blocks = targets.Select(async t =>
            {
                try
                {
                    await client.SendAsync(Block(t), Cancellation);
                    answered.Add(t);
                    if (answered.Count >= after)
                        enough.TrySetResult();
                }
                catch (IOException)
                {
                    // Killed before it answered: whether it is in the kernel is what the next one finds out.
                }
            });
            var all = Task.WhenAll(blocks.ToArray());
            if (after > 0)
                await enough.Task.WaitAsync(Cancellation);

            await first.KillAsync();
            await all.WaitAsync(Cancellation);
        }

        await using var second = await EnforcerProcess.StartAsync(ns, home.Path);
        await using var again = await EnforcerClient.ConnectAsync(home.SocketPath, Cancellation);
        var kept = await again.SendAsync(new EnforceRequest { Verb = EnforceVerb.List }, Cancellation);
        Assert.Superset(answered.ToHashSet(), kept.Targets.ToHashSet());
        Assert.Subset(targets.ToHashSet(), kept.Targets.ToHashSet());

        // What the agent's journal holds is asked for again, for less time than was left at the kill: what is there stays, what is missing comes.
        var load = await again.SendAsync(
            new EnforceRequest
            {
                Verb = EnforceVerb.Load,
                Targets = targets,
                TargetsDurationMilliseconds = Array.ConvertAll(targets, _ => 30_000L),
            },
            Cancellation
        );
        Assert.Equal((targets.Length - kept.Targets.Length, 0), (load.Restored, load.NotEnforced.Length));
        var list = await again.SendAsync(new EnforceRequest { Verb = EnforceVerb.List }, Cancellation);
        Assert.Equal(targets.Order(StringComparer.Ordinal), list.Targets.Order(StringComparer.Ordinal));
    }

    [Fact]
    public async Task A_damaged_table_found_at_start_is_made_anew_with_its_blocks()
    {
        Namespace.Need();
        using var ns = new Namespace();
        using var home = new Home();
        ns.NftScript(
            """
            table inet redoubt {
              set block4 { type ipv4_addr; flags timeout; elements = { 198.51.100.6 timeout 1h, 198.51.100.7 } }
              set net4 { type ipv4_addr; flags interval, timeout; elements = { 203.0.113.0/24 timeout 1h } }
              set block6 { type ipv6_addr; }
            }
            table ip other { chain c { type filter hook input priority 0; }
            }

            """
        );
        await using var process = await EnforcerProcess.StartAsync(ns, home.Path);
        await using var client = await EnforcerClient.ConnectAsync(home.SocketPath, Cancellation);
        var list = await client.SendAsync(new EnforceRequest { Verb = EnforceVerb.List }, Cancellation);
        var remaining = list.Targets.Zip(list.TargetsRemainingMilliseconds).ToDictionary(t => t.First, t => t.Second);
        Assert.InRange(remaining["198.51.100.6"], 3_000_000, 3_600_010);
        Assert.Equal(-1, remaining["198.51.100.7"]);
        Assert.InRange(remaining["203.0.113.0/24"], 3_000_000, 3_600_010);
        Assert.Contains("table ip other", ns.Nft("list", "tables"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_second_enforcer_of_the_same_home_does_not_start()
    {
        Namespace.Need();
        using var ns = new Namespace();
        using var home = new Home();
        await using var first = await EnforcerProcess.StartAsync(ns, home.Path);
        var (code, output, errors) = await EnforcerProcess.RunAsync(
            "ip",
            "netns",
            "exec",
            ns.Name,
            EnforcerProcess.ProgramPath,
            "--home",
            home.Path
        );
        Assert.Equal((3, ""), (code, output));
        Assert.Contains("another enforcer is running", errors, StringComparison.Ordinal);

        await using var client = await EnforcerClient.ConnectAsync(home.SocketPath, Cancellation);
        Assert.Equal(EnforceOutcome.Ok, (await client.SendAsync(new EnforceRequest { Verb = EnforceVerb.Hello }, Cancellation)).Outcome);
    }

    [Fact]
    public async Task Without_CAP_NET_ADMIN_it_says_so_and_leaves_nothing()
    {
        Namespace.Need();
        Assert.SkipWhen(Tool.Find("setpriv") is null, "needs setpriv (package util-linux)");
        using var home = new Home();
        var (code, output, errors) = await EnforcerProcess.RunAsync(
            "setpriv",
            "--bounding-set",
            "-net_admin",
            EnforcerProcess.ProgramPath,
            "--home",
            home.Path
        );
        Assert.Equal((3, ""), (code, output));
        Assert.Contains("start it as root, or with CAP_NET_ADMIN", errors, StringComparison.Ordinal);
        Assert.False(Directory.Exists(Path.Join(home.Path, "var")));
    }

    [Fact]
    public async Task Without_nft_it_says_so_and_leaves_no_socket()
    {
        Namespace.Need();
        using var ns = new Namespace();
        using var home = new Home();

        // An empty folder over the one of nft, in the mount namespace that ip makes for the command.
        var hide = $"mount -t tmpfs none /usr/sbin && exec {EnforcerProcess.ProgramPath} --home {home.Path}";
        var (code, output, errors) = await EnforcerProcess.RunAsync("ip", "netns", "exec", ns.Name, "/bin/sh", "-c", hide);
        Assert.Equal((3, ""), (code, output));
        Assert.Contains("install the package nftables", errors, StringComparison.Ordinal);
        Assert.False(File.Exists(home.SocketPath));
    }

    [Theory]
    [InlineData(3, "is not a folder", "--home", "/nowhere")]
    [InlineData(2, "--home DIR is missing")]
    [InlineData(2, "--home needs a value", "--home")]
    [InlineData(2, "--colour is unknown", "--colour", "red")]
    [InlineData(2, "is no user id", "--home", "/tmp", "--agent-uid", "-1")]
    public async Task A_wrong_command_line_gets_one_clear_line(int code, string text, params string[] arguments)
    {
        var result = await EnforcerProcess.RunAsync(EnforcerProcess.ProgramPath, arguments);
        Assert.Equal((code, ""), (result.Code, result.Output));
        Assert.Contains(text, result.Errors, StringComparison.Ordinal);
        Assert.Single(result.Errors.Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries));
    }

    [Fact]
    public async Task A_home_with_too_long_a_path_gets_one_clear_line()
    {
        Namespace.Need();
        using var ns = new Namespace();
        using var home = new Home();
        var deep = Directory.CreateDirectory(Path.Join(home.Path, new string('d', 120))).FullName;
        var (code, _, errors) = await EnforcerProcess.RunAsync("ip", "netns", "exec", ns.Name, EnforcerProcess.ProgramPath, "--home", deep);
        Assert.Equal(3, code);
        Assert.Contains("cannot open the socket", errors, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_service_manager_is_told_when_it_is_ready()
    {
        Namespace.Need();
        using var ns = new Namespace();
        using var home = new Home();
        var path = Path.Join(home.Path, "notify");
        using var manager = new Socket(AddressFamily.Unix, SocketType.Dgram, ProtocolType.Unspecified);
        manager.Bind(new UnixDomainSocketEndPoint(path));
        Environment.SetEnvironmentVariable("NOTIFY_SOCKET", path);
        await using var process = await EnforcerProcess.StartAsync(ns, home.Path);
        Environment.SetEnvironmentVariable("NOTIFY_SOCKET", null);
        var buffer = new byte[100];
        var received = await manager.ReceiveAsync(buffer, SocketFlags.None, Cancellation);
        Assert.Equal("READY=1", Encoding.UTF8.GetString(buffer, 0, received));
    }

    [Theory]
    [InlineData("logs/active-responses.log")]
    [InlineData("logs")]
    public async Task A_link_in_place_of_the_log_is_not_followed(string where)
    {
        Namespace.Need();
        using var ns = new Namespace();
        using var home = new Home();
        var victim = Path.Join(home.Path, "victim");
        Directory.CreateDirectory(victim);
        var link = Path.Join(home.Path, where);
        Directory.CreateDirectory(Path.GetDirectoryName(link)!);
        File.CreateSymbolicLink(link, where == "logs" ? victim : Path.Join(victim, "file"));
        var (code, output, errors) = await EnforcerProcess.RunAsync(
            "ip",
            "netns",
            "exec",
            ns.Name,
            EnforcerProcess.ProgramPath,
            "--home",
            home.Path
        );
        Assert.Equal((3, ""), (code, output));
        Assert.Contains("logs", errors, StringComparison.Ordinal);
        Assert.Empty(Directory.GetFileSystemEntries(victim));
    }

    private static EnforceRequest Block(string target) =>
        new()
        {
            Verb = EnforceVerb.Block,
            Target = target,
            DurationMilliseconds = 60_000,
        };
}
