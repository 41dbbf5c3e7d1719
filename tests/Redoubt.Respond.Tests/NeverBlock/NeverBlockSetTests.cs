using System.Buffers.Binary;
using System.Globalization;
using System.Net;
using System.Text;
using Microsoft.Extensions.Time.Testing;
using Redoubt.Model;
using Redoubt.Respond.NeverBlock;
using Redoubt.Tests.Respond.Lab;

namespace Redoubt.Tests.Respond.NeverBlock;

/// <summary>The set on a host with one link, default gateways, name servers and logins.</summary>
public sealed class NeverBlockSetTests(Network network) : IClassFixture<Network>, IDisposable
{
    private const long Start = 1_795_515_000_000;
    private readonly Home folder = new();

    private HostFiles Files =>
        new()
        {
            Resolvers = Path.Join(folder.Path, "resolv.conf"),
            Logins = Path.Join(folder.Path, "utmp"),
            Sessions = Path.Join(folder.Path, "sessions"),
            Accounts = Path.Join(folder.Path, "passwd"),
            Groups = Path.Join(folder.Path, "group"),
            TimeServers = [Path.Join(folder.Path, "chrony.conf"), Path.Join(folder.Path, "timesyncd.conf")],
            TimeServerFolders = [Path.Join(folder.Path, "sources.d")],
        };

    [Theory]
    [InlineData("10.77.0.1", "an address of this host")]
    [InlineData("fd77::1", "an address of this host")]
    [InlineData("::ffff:10.77.0.1", "an address of this host")]
    [InlineData("10.77.0.0/24", "an address of this host")]
    [InlineData("10.77.0.255", "a broadcast address")]
    [InlineData("10.77.0.254", "a default gateway")]
    [InlineData("fd77::254", "a default gateway")]
    [InlineData("fd77::/64", "this host")]
    [InlineData("192.0.2.53", "a name server")]
    [InlineData("2001:db8::53", "a name server")]
    [InlineData("fe80::53", "a name server")]
    [InlineData("192.0.2.4", "protected by the request")]
    [InlineData("192.0.2.0/24", "this host")]
    public void Scenario_37_What_the_host_lives_on_is_never_blocked(string target, string why)
    {
        using var set = Make();
        File.WriteAllText(
            Files.Resolvers,
            "# comment\nnameserver 192.0.2.53\n nameserver\t2001:db8::53 \nnameserver fe80::53%eth0\nnameserver ns.example.org\nnameserver\n"
        );
        Assert.Contains(why, set.WhyNot(Target(target), [Target("192.0.2.4")], 0), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("10.77.0.6")]
    [InlineData("fd77::6")]
    [InlineData("192.0.2.5")]
    [InlineData("10.77.0.128/26")]
    public void Others_may_be(string target)
    {
        using var set = Make();
        Assert.Null(set.WhyNot(Target(target), [Target("192.0.2.4")], 0));
    }

    [Fact]
    public void Addresses_and_gateways_that_come_and_go_are_known_at_the_next_question()
    {
        using var set = Make();
        Assert.Null(set.WhyNot(Target("10.78.0.9"), [], 0));
        network.Host.Ip("addr", "add", "10.78.0.9/24", "dev", "eth0");
        Assert.NotNull(set.WhyNot(Target("10.78.0.9"), [], 0));
        network.Host.Ip("addr", "del", "10.78.0.9/24", "dev", "eth0");
        Assert.Null(set.WhyNot(Target("10.78.0.9"), [], 0));

        network.Host.Ip("route", "add", "default", "metric", "5", "nexthop", "via", "10.77.0.11", "nexthop", "via", "10.77.0.12");
        Assert.NotNull(set.WhyNot(Target("10.77.0.11"), [], 0));
        Assert.NotNull(set.WhyNot(Target("10.77.0.12"), [], 0));
        network.Host.Ip("route", "del", "default", "metric", "5");
        Assert.Null(set.WhyNot(Target("10.77.0.12"), [], 0));
    }

    [Theory]
    [InlineData("root", Start - 1, true)]
    [InlineData("toor", Start - 1, true)] // another name for user id 0
    [InlineData("alice", Start - 1, true)] // in sudo
    [InlineData("walter", Start - 1, true)] // wheel is its own group
    [InlineData("bob", Start - 1, false)] // nobody special
    [InlineData("mallory", Start - 1, false)] // no account here
    [InlineData("root", Start, false)] // began with the attack
    [InlineData("root", Start + 5000, false)] // the guess that worked
    public void Only_an_administrator_who_was_there_before_the_attack_protects_the_address(string user, long began, bool protects)
    {
        WriteAccounts();
        File.WriteAllBytes(
            Files.Logins,
            [.. Login("reboot", null, 0, type: 2), .. Login(user, "198.51.100.6", began), .. Login(user, "2001:db8::6", began)]
        );
        using var set = Make();
        foreach (var target in (string[])["198.51.100.6", "198.51.100.0/24", "2001:db8::6"])
            Assert.Equal(protects, set.WhyNot(Target(target), [], Start) is not null);
        Assert.Null(set.WhyNot(Target("198.51.100.7"), [], Start));
    }

    [Fact]
    public void A_login_whose_process_is_gone_or_that_has_ended_protects_nothing()
    {
        WriteAccounts();
        File.WriteAllBytes(
            Files.Logins,
            [.. Login("root", "198.51.100.6", 1000, process: int.MaxValue), .. Login("root", "198.51.100.6", 1000, type: 8), 1, 2, 3]
        );
        using var set = Make();
        Assert.Null(set.WhyNot(Target("198.51.100.6"), [], Start));
    }

    [Fact]
    public void Sessions_of_systemd_count_as_logins_where_there_is_no_utmp()
    {
        WriteAccounts();
        Directory.CreateDirectory(Files.Sessions);
        File.WriteAllText(
            Path.Join(Files.Sessions, "4"),
            $"# systemd\nUID=1000\nUSER=alice\nACTIVE=1\nSTATE=active\nREMOTE=1\nREMOTE_HOST=198.51.100.6\nREALTIME={(Start - 10).ToString(CultureInfo.InvariantCulture)}000\n"
        );
        File.WriteAllText(Path.Join(Files.Sessions, "5"), "USER=alice\nSTATE=closing\nREMOTE_HOST=198.51.100.7\nREALTIME=1000\n");
        File.WriteAllText(Path.Join(Files.Sessions, "6"), "USER=alice\nREMOTE_HOST=host.example.org\nREALTIME=x\n=\n\n");
        using var set = Make();
        Assert.Contains("administrator has been logged in", set.WhyNot(Target("198.51.100.6"), [], Start), StringComparison.Ordinal);
        Assert.Null(set.WhyNot(Target("198.51.100.6"), [], Start - 10));
        Assert.Null(set.WhyNot(Target("198.51.100.7"), [], Start));
    }

    [Theory]
    [InlineData("chrony.conf", "# server 192.0.2.120\nserver 192.0.2.123 iburst\npool pool.example.org iburst\n", "192.0.2.123")]
    [InlineData("chrony.conf", "  Peer 2001:db8::123 minpoll 4\n", "2001:db8::123")]
    [InlineData("chrony.conf", "server -4 192.0.2.123\n", "192.0.2.123")]
    [InlineData("timesyncd.conf", "[Time]\n#NTP=192.0.2.120\nNTP=ntp.example.org 192.0.2.122 192.0.2.123\n", "192.0.2.123")]
    [InlineData("timesyncd.conf", "[Time]\nFallbackNTP=2001:db8::123\n", "2001:db8::123")]
    [InlineData("sources.d/lan.sources", "server 192.0.2.123 key 1\n", "192.0.2.123")]
    public void Time_servers_are_never_blocked(string file, string text, string server)
    {
        using var set = Make();
        Assert.Null(set.WhyNot(Target(server), [], 0));
        folder.Write(file, text);
        Assert.Contains("a time server", set.WhyNot(Target(server), [], 0), StringComparison.Ordinal);
        Assert.Null(set.WhyNot(Target("192.0.2.120"), [], 0));
    }

    [Fact]
    public void A_file_is_read_again_when_it_has_changed_and_only_then()
    {
        var reads = 0;
        var path = Path.Join(folder.Path, "some.conf");
        var time = new FakeTimeProvider(DateTimeOffset.Parse("2000-01-01T00:00:00Z", CultureInfo.InvariantCulture));
        var file = new RememberedFiles<string>(
            () => [path],
            () =>
            {
                reads++;
                return File.Exists(path) ? File.ReadAllText(path) : "";
            },
            time
        );
        Assert.Equal("", file.Current);
        Assert.Equal("", file.Current);
        Assert.Equal(1, reads);

        File.WriteAllText(path, "one");
        Assert.Equal("one", file.Current);

        // Just written: another change of the same length could have the same time, so it is not trusted yet.
        Assert.Equal("one", file.Current);
        Assert.Equal(3, reads);

        time.SetUtcNow(new DateTimeOffset(File.GetLastWriteTimeUtc(path), TimeSpan.Zero).AddSeconds(5));
        Assert.Equal("one", file.Current);
        Assert.Equal("one", file.Current);
        Assert.Equal(3, reads);

        File.WriteAllText(path, "two");
        Assert.Equal("two", file.Current);
    }

    [Fact]
    public void A_hundred_thousand_random_requests_against_the_set_get_none_through()
    {
        WriteAccounts();
        File.WriteAllText(Files.Resolvers, "nameserver 192.0.2.53\nnameserver 2001:db8::53\n");
        folder.Write("chrony.conf", "server 192.0.2.123\n");
        File.WriteAllBytes(Files.Logins, Login("root", "198.51.100.6", Start - 1));
        BlockTarget[] managers = [Target("192.0.2.4"), Target("fd00:10::4"), Target("192.0.2.128/29")];
        string[] precious =
        [
            "10.77.0.1",
            "fd77::1",
            "10.77.0.254",
            "fd77::254",
            "10.77.0.255",
            "192.0.2.53",
            "2001:db8::53",
            "192.0.2.123",
            "198.51.100.6",
            "192.0.2.4",
            "fd00:10::4",
            "192.0.2.130",
            "127.0.0.1",
            "127.9.9.9",
            "::1",
            "0.0.0.0",
            "::",
            "224.0.0.251",
            "ff02::1",
            "255.255.255.255",
        ];
        using var set = Make();
        var random = new Random(7);
        for (var i = 0; i < 100_000; i++)
        {
            var address = IPAddress.Parse(precious[random.Next(precious.Length)]);
            var bits = address.GetAddressBytes().Length * 8;

            // The address itself, any prefix around it, or its other spelling.
            var target = random.Next(3) switch
            {
                0 => BlockTarget.Of(address),
                1 => Target($"{address}/{random.Next(bits + 1)}"),
                _ => BlockTarget.Of(address.MapToIPv6()),
            };
            Assert.True(set.WhyNot(target, managers, Start) is not null, $"{target} got through");
        }
    }

    public void Dispose() => folder.Dispose();

    private NeverBlockSet Make() => network.Host.Inside(() => new NeverBlockSet(Files, TimeProvider.System));

    private static BlockTarget Target(string text) =>
        BlockTarget.TryParse(text, out var target) ? target : throw new ArgumentException(text, nameof(text));

    private void WriteAccounts()
    {
        File.WriteAllText(
            Files.Accounts,
            "root:x:0:0::/root:/bin/sh\ntoor:x:00:7::/:/bin/sh\nalice:x:1000:1000::/:\nbob:x:1001:1001::/:\nwalter:x:1002:10::/:\nbroken\n"
        );
        File.WriteAllText(Files.Groups, "sudo:x:27:carol,alice\nwheel:x:10:\nadm:x:4:\nusers:x:100:bob\nbroken\n");
    }

    private static byte[] Login(string user, string? address, long startMilliseconds, short type = 7, int? process = null)
    {
        var entry = new byte[UtmpFile.EntryBytes];
        BinaryPrimitives.WriteInt16LittleEndian(entry, type);
        BinaryPrimitives.WriteInt32LittleEndian(entry.AsSpan(4), process ?? Environment.ProcessId);
        Encoding.UTF8.GetBytes(user, entry.AsSpan(44));
        BinaryPrimitives.WriteInt32LittleEndian(entry.AsSpan(340), (int)(startMilliseconds / 1000));
        BinaryPrimitives.WriteInt32LittleEndian(entry.AsSpan(344), (int)(startMilliseconds % 1000) * 1000);
        if (address is not null)
            IPAddress.Parse(address).GetAddressBytes().CopyTo(entry, 348);
        return entry;
    }
}
