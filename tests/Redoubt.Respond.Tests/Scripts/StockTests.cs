using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text;
using System.Text.Json;
using Redoubt.Respond;
using Redoubt.Respond.NeverBlock;
using Redoubt.Respond.Scripts;
using Redoubt.Tests.Respond.Lab;

namespace Redoubt.Tests.Respond.Scripts;

/// <summary>Our own responses that are no matter of the firewall. What changes accounts of a host is tested on virtual hosts.</summary>
public sealed class StockTests : IAsyncDisposable
{
    private readonly DirectoryInfo folder = Directory.CreateTempSubdirectory("rdt-stock-");
    private readonly HostFiles files;
    private readonly Programs programs;

    public StockTests()
    {
        files = new HostFiles
        {
            Accounts = Write(
                "passwd",
                """
                root:x:0:0::/root:/bin/sh
                toor:x:0:0::/root:/bin/sh
                daemon:x:1:1::/:/bin/sh
                service:x:999:999::/:/bin/sh
                alice:x:1000:1000::/:/bin/sh
                carol:x:1001:1001::/:/bin/sh
                nobody:x:65534:65534::/:/bin/sh
                """
            ),
            Groups = Write("group", "sudo:x:27:carol"),
            Logins = Path.Join(folder.FullName, "utmp"),
            Sessions = Path.Join(folder.FullName, "sessions"),
        };
        programs = new Programs(
            null,
            new CustomBlock(Blocks),
            new DisableAccount(folder.FullName, files),
            new KillSession(files),
            new SlackNotice()
        );
    }

    private string Blocks => Path.Join(folder.FullName, "ipblock");

    public async ValueTask DisposeAsync()
    {
        await programs.DisposeAsync();
        folder.Delete(recursive: true);
    }

    [Theory]
    [InlineData("10.0.0.6")]
    [InlineData("2001:db8::6")]
    public async Task A_custom_block_is_a_file_named_by_the_address_until_it_ends(string target)
    {
        var added = await programs.RunAsync("ip-customblock", target);
        var again = await programs.RunAsync("ip-customblock", target);
        Assert.True(File.Exists(Path.Join(Blocks, target)));
        var removed = await programs.UndoAsync("ip-customblock", target);
        var twice = await programs.UndoAsync("ip-customblock", target);

        Assert.Equal((EnforceOutcome.Enforced, true, $"ip-customblock-{target}"), (added.Outcome, added.NeedsUndo, added.Key));
        Assert.Equal(
            (EnforceOutcome.Enforced, EnforceOutcome.Released, EnforceOutcome.Released),
            (again.Outcome, removed.Outcome, twice.Outcome)
        );
        Assert.Empty(Directory.GetFiles(Blocks));
        Assert.Contains(programs.LogLines, l => l.EndsWith(": Starting", StringComparison.Ordinal));
        Assert.Contains(programs.LogLines, l => l.Contains("\"command\":\"check_keys\"", StringComparison.Ordinal));
        Assert.Contains(programs.LogLines, l => l.EndsWith(": Aborted", StringComparison.Ordinal));
        Assert.Contains(programs.LogLines, l => l.Contains("\"command\":\"delete\"", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_custom_block_follows_no_link_and_takes_no_prefix_and_nothing_that_the_host_needs()
    {
        Directory.CreateDirectory(Blocks);
        var victim = Write("victim", "text");
        File.CreateSymbolicLink(Path.Join(Blocks, "10.0.0.6"), victim);

        Assert.Equal(EnforceOutcome.Failed, (await programs.RunAsync("ip-customblock")).Outcome);
        Assert.Equal(EnforceOutcome.Refused, (await programs.RunAsync("ip-customblock", "10.9.0.0/24")).Outcome);
        Assert.Equal(EnforceOutcome.Refused, (await programs.RunAsync("ip-customblock", null)).Outcome);
        Assert.Equal(EnforceOutcome.Skipped, (await programs.RunAsync("ip-customblock", "127.0.0.1")).Outcome);
        Assert.Equal("text\n", File.ReadAllText(victim));
    }

    [Theory]
    [InlineData("root", EnforceOutcome.Skipped, "user id 0")]
    [InlineData("toor", EnforceOutcome.Skipped, "user id 0")]
    [InlineData("daemon", EnforceOutcome.Skipped, "account of the system")]
    [InlineData("service", EnforceOutcome.Skipped, "account of the system")]
    [InlineData("nobody", EnforceOutcome.Skipped, "account of the system")]
    [InlineData("carol", EnforceOutcome.Skipped, "administers this host")]
    [InlineData("mallory", EnforceOutcome.Skipped, "is no account of this host")]
    [InlineData("-l", EnforceOutcome.Refused, "invalid username format")]
    [InlineData("+x", EnforceOutcome.Refused, "invalid username format")]
    [InlineData("a b", EnforceOutcome.Refused, "invalid username format")]
    [InlineData("../alice", EnforceOutcome.Refused, "invalid username format")]
    [InlineData("alice\n", EnforceOutcome.Refused, "invalid username format")]
    [InlineData("", EnforceOutcome.Refused, "invalid username format")]
    public async Task Scenario_69_An_account_that_must_not_be_locked_is_left_alone(string user, EnforceOutcome outcome, string why)
    {
        var reply = await programs.RunAsync("disable-account", null, with: r => r with { User = user });

        Assert.Equal((outcome, false), (reply.Outcome, reply.NeedsUndo));
        Assert.Contains(why, reply.Reason, StringComparison.Ordinal);
        Assert.False(Directory.Exists(Path.Join(folder.FullName, "var")));
    }

    [Theory]
    [InlineData("10.0.0.6", null, true)]
    [InlineData(null, "alice", true)]
    [InlineData("10.0.0.7", null, false)]
    [InlineData(null, "mallory", false)]
    public async Task A_session_of_the_source_or_the_user_is_ended(string? source, string? user, bool ended)
    {
        Assert.SkipUnless(Environment.IsPrivilegedProcess, "the session's process has to belong to root or to the user");
        using var session = Process.Start(Tool.Find("sleep")!, "600");
        File.WriteAllBytes(files.Logins, UtmpEntry("alice", IPAddress.Parse("10.0.0.6"), session.Id));

        var reply = await programs.RunAsync("kill-session", source, with: r => r with { User = user });

        Assert.Equal((EnforceOutcome.Enforced, false), (reply.Outcome, reply.NeedsUndo));
        Assert.Equal(ended ? "ended 1 process(es) of sessions" : "ended 0 process(es) of sessions", reply.Reason);
        if (!ended)
            session.Kill();
        await session.WaitForExitAsync(Deadline.Token);
        Assert.Equal(137, session.ExitCode);
    }

    [Fact]
    public async Task A_session_of_an_administrator_is_left_alone_unless_asked_for()
    {
        Assert.SkipUnless(Environment.IsPrivilegedProcess, "the session's process has to belong to root or to the user");
        using var session = Process.Start(Tool.Find("sleep")!, "600");
        Directory.CreateDirectory(files.Sessions);
        Write("sessions/3", $"USER=carol\nLEADER={session.Id.ToString(CultureInfo.InvariantCulture)}\nREMOTE_HOST=10.0.0.6\n");

        var spared = await programs.RunAsync("kill-session", null, with: r => r with { User = "carol" });
        Assert.Equal((EnforceOutcome.Skipped, false), (spared.Outcome, session.HasExited));

        var asked = await programs.RunAsync(
            "kill-session",
            null,
            with: r => r with { User = "carol", ExtraArguments = ["--administrators"] }
        );
        Assert.Equal(EnforceOutcome.Enforced, asked.Outcome);
        await session.WaitForExitAsync(Deadline.Token);
    }

    [Theory]
    [InlineData(4, "good")]
    [InlineData(5, "warning")]
    [InlineData(7, "warning")]
    [InlineData(8, "danger")]
    public void A_notice_has_the_colour_of_its_level(int level, string colour)
    {
        var attachment = JsonDocument
            .Parse(
                SlackNotice.Message(
                    $$"""{"rule":{"level":{{level}},"id":"5712","description":"brute force"},"agent":{"id":"001","name":"web01"},"location":"/var/log/auth.log","full_log":"a \"b\" \\c","id":"1.2"}"""
                )
            )
            .RootElement.GetProperty("attachments")[0];

        Assert.Equal(colour, attachment.GetProperty("color").GetString());
        Assert.Equal(
            ("brute force", "a \"b\" \\c", "1.2"),
            (
                attachment.GetProperty("title").GetString(),
                attachment.GetProperty("text").GetString(),
                attachment.GetProperty("ts").GetString()
            )
        );
        Assert.Equal(
            ["Agent: (001) web01", "Location: /var/log/auth.log", $"Rule ID: 5712 (level {level})"],
            attachment
                .GetProperty("fields")
                .EnumerateArray()
                .Select(f => $"{f.GetProperty("title").GetString()}: {f.GetProperty("value").GetString()}")
        );
    }

    [Fact]
    public async Task Scenario_47_A_notice_of_a_hostile_line_arrives_whole_and_its_address_is_in_no_process_list()
    {
        Assert.SkipWhen(Tool.Find("curl") is null, "needs curl");
        const string hostile = "\"; url = \"http://127.0.0.1:1/\" $(touch x) `id` \\n 'a' ü";
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        var serving = AnswerOneAsync(listener);
        var hook = $"http://127.0.0.1:{((IPEndPoint)listener.LocalEndpoint).Port}/services/secret";
        var alert = JsonSerializer.Serialize(new Dictionary<string, string> { ["full_log"] = hostile });

        var reply = await programs.RunAsync("wazuh-slack", null, with: r => r with { ExtraArguments = [hook], AlertDocument = alert });

        var (head, body, arguments) = await serving;
        Assert.Equal((EnforceOutcome.Enforced, false, "posted"), (reply.Outcome, reply.NeedsUndo, reply.Reason));
        Assert.StartsWith("POST /services/secret HTTP/1.1", head, StringComparison.Ordinal);
        Assert.Equal(hostile, JsonDocument.Parse(body).RootElement.GetProperty("attachments")[0].GetProperty("text").GetString());
        Assert.DoesNotContain("secret", arguments, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_notice_that_nobody_takes_has_failed()
    {
        Assert.SkipWhen(Tool.Find("curl") is null, "needs curl");
        Assert.Equal(
            EnforceOutcome.Failed,
            (await programs.RunAsync("wazuh-slack", null, with: r => r with { ExtraArguments = ["http://127.0.0.1:1/"] })).Outcome
        );
        Assert.Equal(
            EnforceOutcome.Refused,
            (await programs.RunAsync("wazuh-slack", null, with: r => r with { ExtraArguments = ["file:///etc/passwd"] })).Outcome
        );
    }

    [Fact]
    public void Scenario_49_A_restart_without_an_agent_says_so()
    {
        var restart = new RestartAgent(folder.FullName);
        Directory.CreateDirectory(Path.Join(folder.FullName, "queue"));
        foreach (var id in new[] { null, "", "x", "1", Environment.ProcessId.ToString(CultureInfo.InvariantCulture) })
        {
            // The last is a process of this user, but no agent.
            if (id is not null)
                File.WriteAllText(Path.Join(folder.FullName, "queue", "agent.pid"), id);
            var result = restart.Add(null!, "agent", CancellationToken.None);
            Assert.Equal((EnforceOutcome.Failed, "no agent of this home is running"), (result.Outcome, result.Text));
        }
    }

    private static async Task<(string Head, string Body, string Arguments)> AnswerOneAsync(TcpListener listener)
    {
        using var client = await listener.AcceptTcpClientAsync(Deadline.Token);
        var arguments = string.Concat(Process.GetProcessesByName("curl").Select(ArgumentsOf));
        var stream = client.GetStream();
        var received = new List<byte>();
        var buffer = new byte[4096];
        int split;
        while ((split = Encoding.Latin1.GetString([.. received]).IndexOf("\r\n\r\n", StringComparison.Ordinal)) < 0)
            received.AddRange(buffer.AsSpan(0, await stream.ReadAsync(buffer, Deadline.Token)));
        var head = Encoding.Latin1.GetString([.. received], 0, split);
        var length = int.Parse(
            head.Split("\r\n").First(l => l.StartsWith("Content-Length: ", StringComparison.OrdinalIgnoreCase))[16..],
            CultureInfo.InvariantCulture
        );
        while (received.Count < split + 4 + length)
            received.AddRange(buffer.AsSpan(0, await stream.ReadAsync(buffer, Deadline.Token)));
        await stream.WriteAsync("HTTP/1.1 200 OK\r\nContent-Length: 2\r\nConnection: close\r\n\r\nok"u8.ToArray(), Deadline.Token);
        return (head, Encoding.UTF8.GetString([.. received.Skip(split + 4)]), arguments);
    }

    private static string ArgumentsOf(Process process)
    {
        try
        {
            return File.ReadAllText($"/proc/{process.Id}/cmdline");
        }
        catch (IOException)
        {
            // Another one that has just ended.
            return "";
        }
    }

    private static byte[] UtmpEntry(string user, IPAddress from, int process)
    {
        var entry = new byte[384];
        entry[0] = 7;
        BitConverter.TryWriteBytes(entry.AsSpan(4), process);
        Encoding.ASCII.GetBytes(user).CopyTo(entry, 44);
        from.GetAddressBytes().CopyTo(entry, 348);
        return entry;
    }

    private string Write(string name, string text)
    {
        var path = Path.Join(folder.FullName, name);
        File.WriteAllText(path, text.ReplaceLineEndings("\n") + "\n");
        return path;
    }
}
