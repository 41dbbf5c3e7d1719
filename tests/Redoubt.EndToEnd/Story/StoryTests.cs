using System.Diagnostics;
using System.Net;
using System.Text.Json;
using System.Text.RegularExpressions;
using Redoubt.Lab;

namespace Redoubt.Tests.EndToEnd.Story;

/// <summary>An SSH brute force is seen, answered, shown and undone: the steps in their order, with real OpenSSH, real log file,
/// real certificates between two hosts and the real kernel.</summary>
public class StoryTests : LabTest
{
    private const int MaxAttempts = 8;

    private Deployment _redoubt = null!;
    private Sshd _sshd = null!;

    [Fact]
    public async Task Scenario_16_A_brute_force_is_seen_and_answered_over_both_protocols()
    {
        await using var sshd = _sshd = await Sshd.StartAsync(Net, Net.Agent);
        _redoubt = await DeployAsync();
        await AgentHasEnrolledAsync();
        var attacker = new SshClient(Net, Net.Attacker);
        await using var session4 = await attacker.OpenSessionAsync("alice", Net.Agent.IPv4);
        await using var session6 = await attacker.OpenSessionAsync("alice", Net.Agent.IPv6);

        Assert.True(await LossAsync() == 0, "Expected ping from attacker to agent to work before the attack (IPv4).");
        await AttackAsync(attacker, Net.Attacker.IPv4, Net.Agent.IPv4);
        await AlertsAreWrittenAsync(Net.Attacker.IPv4);
        await SourceIsCutOffAsync(attacker, session4, ipv6: false);

        Assert.True(await session6.IsAliveAsync(Soon), "Expected the session over IPv6 to live on: only the IPv4 address was blocked.");
        Assert.True(await LossAsync(ipv6: true) == 0, "Expected ping over IPv6 to work while only the IPv4 address is blocked.");
        await AttackAsync(attacker, Net.Attacker.IPv6, Net.Agent.IPv6);
        await AlertsAreWrittenAsync(Net.Attacker.IPv6);
        await SourceIsCutOffAsync(attacker, session6, ipv6: true);

        await ArchivesHoldEveryLineAsync();
        await ResponseLogSpeaksJsonAsync(Net.Attacker.IPv4);
        await ResponseLogSpeaksJsonAsync(Net.Attacker.IPv6);
        Assert.DoesNotContain(await _redoubt.AlertsAsync(), a => Deployment.IsOf(a, "651"));
    }

    [Theory]
    [InlineData("json", "651", "652", false)]
    [InlineData("json", "651", "652", true)]
    [InlineData("legacy", "601", "602", false)]
    public async Task Scenario_50_A_block_ends_on_time_and_the_response_log_raises_its_alerts(
        string form,
        string blocked,
        string released,
        bool ipv6
    )
    {
        const int timeoutSeconds = 5;
        var source = ipv6 ? Net.Attacker.IPv6 : Net.Attacker.IPv4;
        await using var sshd = _sshd = await Sshd.StartAsync(Net, Net.Agent);
        _redoubt = await DeployAsync(
            new DeploymentOptions
            {
                TimeoutSeconds = timeoutSeconds,
                Agent = $"<global><active_response_log>{form}</active_response_log></global>",
                Shared = Deployment.ReadsResponseLog,
            }
        );
        await Wait.UntilAsync(() => File.Exists(_redoubt.ResponseLog), "the response log is made where it is missing", Soon);

        await sshd.AppendAsync(AuthLogLines.Attack(source));
        await WaitForKernelBlockAsync(source);
        var begin = Stopwatch.GetTimestamp();
        Assert.True(await LossAsync(ipv6) == 100, "Expected every ping to get lost during the block.");
        var alert = await _redoubt.WaitForAlertAsync(blocked, source, Soon);
        Assert.Equal("/var/ossec/logs/active-responses.log", alert.GetProperty("location").GetString());
        if (form == "legacy")
            await ResponseLogSpeaksLegacyAsync();

        await WaitForNoKernelBlockAsync(source, TimeSpan.FromSeconds(timeoutSeconds + 5));
        Assert.InRange(Stopwatch.GetElapsedTime(begin).TotalSeconds, timeoutSeconds - 2, timeoutSeconds + 2);
        Assert.True(await LossAsync(ipv6) == 0, "Expected ping to work again after the timeout.");
        await _redoubt.WaitForAlertAsync(released, source, Soon);
    }

    [Fact]
    public async Task Sshd_that_writes_the_file_itself_is_understood_too()
    {
        await using var sshd = await Sshd.StartAsync(Net, Net.Agent, bare: true);
        _redoubt = await DeployAsync();

        await AttackAsync(new SshClient(Net, Net.Attacker), Net.Attacker.IPv4, Net.Agent.IPv4);

        Assert.True(await LossAsync() == 100, "Expected every ping to get lost: lines without time, host and program are sshd's as well.");
    }

    private async Task AgentHasEnrolledAsync()
    {
        var agent = Assert.Single(await _redoubt.AgentsAsync(), a => a.GetProperty("id").GetString() == "001");
        Assert.Equal(Deployment.AgentName, agent.GetProperty("name").GetString());
        var own = Path.Combine(_redoubt.AgentHome, "queue/agent/agent.pem");
        Assert.True(File.Exists(own), $"Expected the agent to hold its own certificate in {own}.");
        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(own));
    }

    private async Task AttackAsync(SshClient attacker, IPAddress from, IPAddress to)
    {
        var attempts = 0;
        while (attempts < MaxAttempts && await Net.Agent.KernelBlockAsync(from) is null)
        {
            attempts++;
            var attempt = await attacker.TryPasswordAsync($"guess{attempts}", to);
            Assert.True(attempt.ExitCode != 0, $"Expected attempt {attempts} with an unknown user to fail.");
        }

        await WaitForKernelBlockAsync(from);
    }

    private async Task AlertsAreWrittenAsync(IPAddress source)
    {
        var alert = await _redoubt.WaitForAlertAsync("5712", source, Soon);
        Assert.Equal(10, alert.GetProperty("rule").GetProperty("level").GetInt32());
        Assert.Equal("001", alert.GetProperty("agent").GetProperty("id").GetString());
        Assert.Equal(Deployment.AgentName, alert.GetProperty("agent").GetProperty("name").GetString());
        Assert.Equal(Sshd.LogFile, alert.GetProperty("location").GetString());
        Assert.Equal(1, (await _redoubt.AlertsAsync()).Count(a => Deployment.IsOf(a, "5712", source)));

        var id = alert.GetProperty("id").GetString();
        var lines = await Wait.LinesAsync(_redoubt.AlertsLog);
        var head = Array.FindIndex(lines, l => l.StartsWith($"** Alert {id}: ", StringComparison.Ordinal));
        Assert.True(head >= 0, $"Expected alert {id} in alerts.log as well.");
        Assert.EndsWith($"({Deployment.AgentName}) 10.0.0.5->{Sshd.LogFile}", lines[head + 1], StringComparison.Ordinal);
        Assert.StartsWith("Rule: 5712 (level 10) -> '", lines[head + 2], StringComparison.Ordinal);
        Assert.Equal($"Src IP: {source}", lines[head + 3]);
    }

    private async Task SourceIsCutOffAsync(SshClient attacker, SshSession session, bool ipv6)
    {
        var (source, target) = ipv6 ? (Net.Attacker.IPv6, Net.Agent.IPv6) : (Net.Attacker.IPv4, Net.Agent.IPv4);
        var block = await WaitForKernelBlockAsync(source);
        Assert.Equal(ipv6 ? "block6" : "block4", block.Set);

        // Its time runs from the decision, so on its way to the kernel the element has lost a little.
        Assert.InRange(block.Timeout!.Value.TotalSeconds, 1770, 1800);
        Assert.InRange(block.Remaining!.Value.TotalSeconds, 1740, 1800);
        await _redoubt.WaitForStateAsync(source, "enforced", Soon);

        Assert.True(await LossAsync(ipv6) == 100, $"Expected every ping from {source} to get lost.");
        Assert.True(
            (await attacker.LoginAsync("alice", target, connectSeconds: 1)).ExitCode != 0,
            $"Expected ssh from {source} to time out."
        );
        Assert.False(
            await session.IsAliveAsync(TimeSpan.FromSeconds(1)),
            "Expected the session that the attacker had open before to be dead."
        );
        var sockets = await Net.Agent.MustRunAsync("ss", "-Htn", "state", "established", "dst", ipv6 ? $"[{source}]" : source.ToString());
        Assert.True(sockets.Trim().Length == 0, $"Expected the server's connections with {source} to be cut: {sockets}");

        var bystander = await new SshClient(Net, Net.Bystander).LoginAsync("alice", target);
        Assert.True(bystander.ExitCode == 0, $"Expected the bystander to log in still: {bystander}");
    }

    private async Task ArchivesHoldEveryLineAsync()
    {
        var written = (await Wait.LinesAsync(_sshd.Log)).Where(l => l.Contains("Invalid user", StringComparison.Ordinal)).ToArray();
        Assert.NotEmpty(written);
        foreach (var line in written)
            await Wait.ForLineAsync(
                _redoubt.ArchivesLog,
                l => l.EndsWith($"({Deployment.AgentName}) 10.0.0.5->{Sshd.LogFile} {line}", StringComparison.Ordinal),
                line,
                Soon
            );
    }

    private async Task ResponseLogSpeaksJsonAsync(IPAddress source)
    {
        var line = await Wait.ForLineAsync(
            _redoubt.ResponseLog,
            l =>
                l.Contains("\"command\":\"add\"", StringComparison.Ordinal)
                && l.Contains($"\"srcip\":\"{source}\"", StringComparison.Ordinal),
            $"the response against {source} is on record",
            Soon
        );
        var match = Regex.Match(
            line,
            @"^\d{4}/\d\d/\d\d \d\d:\d\d:\d\d active-response/bin/firewall-drop: (?<document>\{.*\})$",
            RegexOptions.NonBacktracking
        );
        Assert.True(match.Success, $"Expected the form of Wazuh 4.2 and later, got: {line}");
        var document = JsonSerializer.Deserialize<JsonElement>(match.Groups["document"].Value);
        var parameters = document.GetProperty("parameters");
        Assert.Equal(1, document.GetProperty("version").GetInt32());
        Assert.Equal("active-response/bin/firewall-drop", parameters.GetProperty("program").GetString());
        var alert = await _redoubt.WaitForAlertAsync("5712", source, Soon);
        Assert.Equal(alert.GetProperty("id").GetString(), parameters.GetProperty("alert").GetProperty("id").GetString());
    }

    private async Task ResponseLogSpeaksLegacyAsync()
    {
        var id = (await _redoubt.WaitForAlertAsync("5712", Net.Attacker.IPv4, Soon)).GetProperty("id").GetString();
        var line = await Wait.ForLineAsync(
            _redoubt.ResponseLog,
            l => l.Contains(" add ", StringComparison.Ordinal),
            "the response is on record",
            Soon
        );
        Assert.Matches(
            $@"^[A-Z][a-z]{{2}} [A-Z][a-z]{{2}} [ \d]\d \d\d:\d\d:\d\d \S+ \d{{4}} {Regex.Escape(_redoubt.AgentHome)}/active-response/bin/firewall-drop add - 10\.0\.0\.6 {Regex.Escape(id!)} 5712$",
            line
        );
    }
}
