using System.Globalization;
using System.Net;
using System.Text.RegularExpressions;
using Redoubt.Lab;

namespace Redoubt.Demo;

/// <summary>An SSH brute force is seen, answered, shown and undone; every fact told was just checked.</summary>
internal sealed partial class Story
{
    private const int MaxAttempts = 8;

    private static readonly TimeSpan Soon = TimeSpan.FromSeconds(20);

    private readonly Narrator _tell;
    private readonly LabNetwork _net;
    private readonly Sshd _sshd;
    private readonly Deployment _redoubt;
    private readonly SshClient _attacker;

    private Story(Narrator tell, LabNetwork net, Sshd sshd, Deployment redoubt) =>
        (_tell, _net, _sshd, _redoubt, _attacker) = (tell, net, sshd, redoubt, new SshClient(net, net.Attacker));

    /// <summary>Makes the hosts, tells the story, takes the hosts down.</summary>
    /// <exception cref="StepFailedException">A step did not hold; the message names it.</exception>
    internal static async Task TellAsync(Narrator tell, CancellationToken stop)
    {
        tell.Title("Redoubt: an SSH brute force is seen, answered, shown and undone");
        IReadOnlyList<string> networks = [];
        await TellInLabAsync(tell, made => networks = made, stop);
        if (LabNetwork.StillInUse(networks) is { Count: > 0 } left)
            throw new StepFailedException($"Expected: nothing is left behind, but {string.Join(", ", left)} still is in use.");
    }

    private static async Task TellInLabAsync(Narrator tell, Action<IReadOnlyList<string>> made, CancellationToken stop)
    {
        tell.Chapter("Four virtual hosts, for real but for the cables");
        await using var net = await LabNetwork.CreateAsync();
        made([.. net.Hosts.Select(h => h.NetworkNamespace)]);
        await using var sshd = await Sshd.StartAsync(net, net.Agent);
        tell.Held("manager 10.0.0.4, web server 10.0.0.5, attacker 10.0.0.6, bystander 10.0.0.7, each with IPv6 as well");
        tell.Held("the web server runs the distribution's OpenSSH and rsyslog, which writes /var/log/auth.log");

        stop.ThrowIfCancellationRequested();
        tell.Chapter("Redoubt starts");
        await using var redoubt = await Deployment.StartAsync(net);
        var story = new Story(tell, net, sshd, redoubt);
        try
        {
            tell.Command("redoubt manager --home M --listen 10.0.0.4:7514");
            tell.Command("redoubt agents token --home M");
            tell.Command("redoubt agent --home A --manager 10.0.0.4 --token-file F");
            tell.Command("redoubt enforcer --home A");
            tell.Held("the agent used its one-time token, got its own certificate and is connected over mutual TLS");
            await story.AttackAsync(stop);
            await story.AttackOverIPv6Async(stop);
            await story.ShowAndUndoAsync(stop);
            await story.MeasureAsync(stop);
        }
        catch (Exception exception) when (exception is StepFailedException or TimeoutException)
        {
            throw new StepFailedException($"{exception.Message}\n\n{redoubt.Said}");
        }
    }

    private async Task AttackAsync(CancellationToken stop)
    {
        stop.ThrowIfCancellationRequested();
        _tell.Chapter("The attacker guesses passwords over IPv4");
        await using var session = await _attacker.OpenSessionAsync("alice", _net.Agent.IPv4);
        _tell.Held("beforehand it has an open session of alice, an ordinary user");
        await PingAsync(0, ipv6: false);

        await GuessAsync(_net.Attacker.IPv4, _net.Agent.IPv4);
        await IsCutOffAsync(session, ipv6: false);
    }

    private async Task AttackOverIPv6Async(CancellationToken stop)
    {
        stop.ThrowIfCancellationRequested();
        _tell.Chapter("It comes again over IPv6");
        await using var session = await _attacker.OpenSessionAsync("alice", _net.Agent.IPv6);
        await PingAsync(0, ipv6: true);

        await GuessAsync(_net.Attacker.IPv6, _net.Agent.IPv6);
        await IsCutOffAsync(session, ipv6: true);
    }

    private async Task GuessAsync(IPAddress source, IPAddress target)
    {
        for (var attempt = 1; attempt <= MaxAttempts && await _net.Agent.KernelBlockAsync(source) is null; attempt++)
        {
            if ((await _attacker.TryPasswordAsync($"guess{attempt}", target)).Succeeded)
                throw new StepFailedException($"Expected: attempt {attempt} with an unknown user fails.");
        }

        var alert = await _redoubt.WaitForAlertAsync("5712", source, Soon);
        var rule = alert.GetProperty("rule");
        _tell.Expect(
            rule.GetProperty("level").GetInt32() == 10,
            $"alert 5712, level 10: attempt {await DecidingAttemptAsync(source)} wrote the eighth line about unknown users"
        );
        _tell.Note(rule.GetProperty("description").GetString()!);
    }

    /// <summary>Which attempt the eighth counted line belongs to: sshd writes two lines an attempt, or more.</summary>
    private async Task<int> DecidingAttemptAsync(IPAddress source) =>
        (await Wait.LinesAsync(_sshd.Log))
            .Select(l => CountedLine().Match(l))
            .Where(m => m.Success && m.Groups["source"].Value == source.ToString())
            .Take(8)
            .DistinctBy(m => m.Groups["port"].Value)
            .Count();

    private async Task IsCutOffAsync(SshSession session, bool ipv6)
    {
        var (source, target) = ipv6 ? (_net.Attacker.IPv6, _net.Agent.IPv6) : (_net.Attacker.IPv4, _net.Agent.IPv4);
        var block = await Wait.ForAsync(() => _net.Agent.KernelBlockAsync(source), $"the kernel of the web server blocks {source}", Soon);
        _tell.Expect(
            block.Remaining > TimeSpan.FromMinutes(29),
            $"the kernel of the web server drops {source}, for another {block.Remaining!.Value.ToString(@"mm\:ss", CultureInfo.InvariantCulture)} minutes"
        );
        await PingAsync(100, ipv6);
        var retry = await _attacker.LoginAsync("alice", target, connectSeconds: 1);
        _tell.Expect(!retry.Succeeded, "ssh from the attacker times out, even with a good key");
        _tell.Expect(!await session.IsAliveAsync(TimeSpan.FromSeconds(1)), "the session it had open before is dead");
        var bystander = await new SshClient(_net, _net.Bystander).LoginAsync("alice", target);
        _tell.Expect(bystander.Succeeded, "the bystander logs in as ever");
    }

    private async Task ShowAndUndoAsync(CancellationToken stop)
    {
        stop.ThrowIfCancellationRequested();
        _tell.Chapter("What the administrator sees and does");
        await _redoubt.WaitForStateAsync(_net.Attacker.IPv4, "enforced", Soon);
        await _redoubt.WaitForStateAsync(_net.Attacker.IPv6, "enforced", Soon);
        var list = await _redoubt.RedoubtAsync("blocks", "list", "--home", _redoubt.ManagerHome);
        _tell.Command("redoubt blocks list");
        foreach (var line in list.Output.Split('\n', StringSplitOptions.RemoveEmptyEntries))
            _tell.Note(line.TrimEnd());

        _tell.Expect(
            (await Wait.LinesAsync(_redoubt.ResponseLog)).Any(l =>
                l.Contains("firewall-drop: {", StringComparison.Ordinal) && l.Contains("\"srcip\":\"10.0.0.6\"", StringComparison.Ordinal)
            ),
            "the web server's active-responses.log has the response in Wazuh's form"
        );
        _tell.Command("redoubt blocks remove 10.0.0.6");
        await _redoubt.RemoveBlockAsync(_net.Attacker.IPv4);
        await Wait.UntilAsync(
            async () => await _net.Agent.KernelBlockAsync(_net.Attacker.IPv4) is null,
            "the kernel lets 10.0.0.6 in again",
            Soon
        );
        await PingAsync(0, ipv6: false);
    }

    private async Task MeasureAsync(CancellationToken stop)
    {
        _tell.Chapter("How fast: from the deciding line in auth.log to the first dropped packet");
        var times = await DropDelay.MeasureAsync(_net, _sshd, _redoubt, rounds: 25, stop);
        _tell.Held(
            string.Create(
                CultureInfo.InvariantCulture,
                $"{times.Count} attacks: fastest {times[0].TotalMilliseconds:F1} ms, median {times[times.Count / 2].TotalMilliseconds:F1} ms, slowest {times[^1].TotalMilliseconds:F1} ms"
            )
        );
        _tell.Note("agent and manager on two hosts; over the network, into the ledger, back and into the kernel");
    }

    private async Task PingAsync(double expectedLoss, bool ipv6)
    {
        var (loss, summary) = await Ping.SendAsync(_net.Attacker, ipv6 ? _net.Agent.IPv6 : _net.Agent.IPv4);
        _tell.Expect(loss == expectedLoss, $"ping from the attacker: {summary}");
    }

    [GeneratedRegex(@"(?:Invalid user|Failed \S+ for invalid user) .* from (?<source>\S+) port (?<port>\d+)", RegexOptions.NonBacktracking)]
    private static partial Regex CountedLine();
}
