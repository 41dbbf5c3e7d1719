using System.Net.Sockets;
using System.Runtime.InteropServices;
using System.Text;
using System.Text.Json;
using Redoubt.Respond;
using Redoubt.Tests.Respond.Lab;

namespace Redoubt.Tests.Respond.Enforcer;

/// <summary>What callers can and cannot do to the socket of the real program.</summary>
public partial class SocketTests(RunningEnforcer enforcer) : IClassFixture<RunningEnforcer>
{
    private const int SetResUid = 117;
    private const uint Stranger = 61234;

    private static CancellationToken Cancellation => Deadline.Token;

    [Fact]
    public void Anybody_may_connect_to_be_judged_by_the_kernels_word_and_the_log_is_for_root_and_the_homes_group()
    {
        Assert.NotNull(enforcer.Client);
        Assert.Equal("666", Tool.Run("stat", "-c", "%a", enforcer.Home.SocketPath).Trim());
        Assert.Equal("640", Tool.Run("stat", "-c", "%a", enforcer.Home.LogPath).Trim());
    }

    [Fact]
    public async Task A_stranger_is_turned_away_even_where_file_permissions_would_let_it_in()
    {
        Namespace.Need();
        using var ns = new Namespace();
        using var home = new Home();
        await using var process = await EnforcerProcess.StartAsync(ns, home.Path);
        foreach (var path in (string[])["", "var", "var/run", "var/run/enforcer.sock"])
            Tool.Run("chmod", "a+rwx", Path.Join(home.Path, path));

        var lines = await AskAsync(ConnectAs(Stranger, home.SocketPath), """{"id":1,"verb":"hello"}""");
        var reply = Assert.Single(lines);
        Assert.Contains("refused", reply, StringComparison.Ordinal);
        Assert.Contains("user 61234", reply, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_owner_of_the_queue_may_ask()
    {
        Namespace.Need();
        using var network = new Namespace();
        using var home = new Home();
        Tool.Run("chown", "-R", Stranger.ToString(System.Globalization.CultureInfo.InvariantCulture), home.Path);
        await using var process = await EnforcerProcess.StartAsync(network, home.Path);
        Tool.Run("chmod", "a+rw", home.SocketPath);
        var lines = await AskAsync(ConnectAs(Stranger, home.SocketPath), """{"id":1,"verb":"hello"}""");
        Assert.Contains("\"ok\"", Assert.Single(lines), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Hostile_lines_get_an_answer_each_and_the_next_request_is_served()
    {
        Assert.NotNull(enforcer.Client);
        string[] hostile =
        [
            "",
            "{",
            "null",
            "[]",
            "42",
            "\0\0",
            """{"id":5}""",
            """{"id":5,"verb":"explode"}""",
            """{"id":5,"verb":3}""",
            """{"id":"5","verb":"hello"}""",
            """{"id":5,"verb":"hello","id":6}""",
            """{"id":5,"verb":"hello","extra":1}""",
            """{"id":5,"verb":"block","target":"10.77.0.6; rm -rf /"}""",
            """{"id":5,"verb":"block","target":"0.0.0.0/0"}""",
            """{"id":5,"verb":"block","target":"\ud800"}""",
            new string('[', 100_000),
        ];
        var lines = await AskAsync(Connect(), [.. hostile, """{"id":77,"verb":"hello"}"""]);
        Assert.Equal(hostile.Length + 1, lines.Length);
        Assert.All(
            lines[..^1],
            l => Assert.True(l.Contains("refused", StringComparison.Ordinal) || l.Contains("skipped", StringComparison.Ordinal), l)
        );
        Assert.Contains("\"ok\"", lines[^1], StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_line_over_the_limit_is_refused_and_the_next_one_is_served()
    {
        Assert.NotNull(enforcer.Client);
        var lines = await AskAsync(Connect(), new string('x', 3 * 1024 * 1024), """{"id":78,"verb":"hello"}""");
        Assert.Contains("longer than 1048576 bytes", lines[0], StringComparison.Ordinal);
        Assert.Contains("\"id\":78", lines[1], StringComparison.Ordinal);
    }

    [Fact]
    public async Task Random_bytes_do_not_end_the_enforcer()
    {
        Assert.NotNull(enforcer.Client);
        var random = new Random(4);
        for (var round = 0; round < 20; round++)
        {
            var bytes = new byte[10_000];
            random.NextBytes(bytes);
            using var socket = Connect();
            await socket.SendAsync(bytes, SocketFlags.None, Cancellation);
        }

        // Its callers count until the enforcer has seen them go; the next test shall not be the one too many.
        Assert.True(await Eventually.HoldsAsync(IsServedAsync));
        Assert.Equal(EnforceOutcome.Ok, (await enforcer.SendAsync(new EnforceRequest { Verb = EnforceVerb.Hello })).Outcome);
        Assert.DoesNotContain("bug", enforcer.Process.Errors, StringComparison.Ordinal);
    }

    [Fact]
    public async Task More_callers_than_it_serves_are_told_so()
    {
        Assert.NotNull(enforcer.Client);
        var sockets = Enumerable.Range(0, EnforcerServer.MaxConnections).Select(_ => Connect()).ToList();
        try
        {
            using var reader = new StreamReader(new NetworkStream(sockets[^1]));
            Assert.Contains("connections are open already", await reader.ReadLineAsync(Cancellation), StringComparison.Ordinal);
        }
        finally
        {
            sockets.ForEach(s => s.Dispose());
        }

        Assert.True(await Eventually.HoldsAsync(IsServedAsync));
    }

    [Fact]
    public async Task A_hundred_thousand_targets_are_listed_over_several_lines()
    {
        Assert.NotNull(enforcer.Client);
        var script = new StringBuilder();
        for (var page = 0; page < 100; page++)
        {
            script.Append("add element inet redoubt block4 { ");
            script.AppendJoin(
                ", ",
                Enumerable.Range(page * 1000, 1000).Select(i => $"100.{64 + (i >> 16)}.{(i >> 8) & 255}.{i & 255} timeout 1h")
            );
            script.Append(" }\n");
        }

        enforcer.Network.Host.NftScript(script.ToString());
        var list = await enforcer.SendAsync(new EnforceRequest { Verb = EnforceVerb.List });
        Assert.Equal(100_000, list.Targets.Distinct(StringComparer.Ordinal).Count());
        Assert.All(list.TargetsRemainingMilliseconds, r => Assert.InRange(r, 1, 3_600_010));

        var one = await enforcer.BlockAsync("198.51.100.6");
        Assert.Equal(EnforceOutcome.Enforced, one.Outcome);
        var cleared = await enforcer.SendAsync(new EnforceRequest { Verb = EnforceVerb.Clear });
        Assert.Equal(100_001, cleared.Cleared);
        Assert.Empty((await enforcer.SendAsync(new EnforceRequest { Verb = EnforceVerb.List })).Targets);
    }

    private Socket Connect(string? path = null)
    {
        var socket = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        socket.Connect(new UnixDomainSocketEndPoint(path ?? enforcer.Home.SocketPath));
        return socket;
    }

    /// <summary>Connects from a thread whose user is another one: the bare system call changes this thread only.</summary>
    private Socket ConnectAs(uint user, string path)
    {
        Socket? socket = null;
        var thread = new Thread(() =>
        {
            if (SystemCall(SetResUid, -1, (nint)user, -1) == 0)
                socket = Connect(path);
        });
        thread.Start();
        thread.Join();
        return socket ?? throw new InvalidOperationException("could not connect as another user");
    }

    private async Task<bool> IsServedAsync()
    {
        try
        {
            return (await AskAsync(Connect(), """{"id":1,"verb":"hello"}"""))[0].Contains("\"ok\"", StringComparison.Ordinal);
        }
        catch (IOException)
        {
            // Turned away with the question unread, which resets the connection.
            return false;
        }
    }

    private static async Task<string[]> AskAsync(Socket socket, params string[] lines)
    {
        using var stream = new NetworkStream(socket, ownsSocket: true);
        try
        {
            await stream.WriteAsync(Encoding.UTF8.GetBytes(string.Join('\n', lines) + "\n"), Cancellation);
        }
        catch (IOException)
        {
            // Turned away already; the answer is waiting.
        }

        using var reader = new StreamReader(stream);
        var answers = new List<string>();
        while (answers.Count < lines.Length && await reader.ReadLineAsync(Cancellation) is { } line)
        {
            using var document = JsonDocument.Parse(line);
            answers.Add(line);
        }

        return [.. answers];
    }

    [LibraryImport("libc", EntryPoint = "syscall", SetLastError = true)]
    private static partial nint SystemCall(nint number, nint first, nint second, nint third);
}
