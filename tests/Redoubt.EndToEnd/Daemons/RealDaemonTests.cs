using System.Net;
using Redoubt.Lab;

namespace Redoubt.Tests.EndToEnd.Daemons;

/// <summary>Servers of Debian under attack: what they really write leads to the attacker, whatever he calls himself.</summary>
public class RealDaemonTests : LabTest
{
    private const int MaxAttempts = 40;

    private Deployment _redoubt = null!;

    [Fact]
    public Task Nginx() => AttackerIsBlockedAndNobodyElseAsync(Attack.Nginx);

    [Fact]
    public Task Dovecot() => AttackerIsBlockedAndNobodyElseAsync(Attack.Dovecot);

    [Fact]
    public Task Vsftpd() => AttackerIsBlockedAndNobodyElseAsync(Attack.Vsftpd);

    [Fact]
    public Task PostgreSQL() => AttackerIsBlockedAndNobodyElseAsync(Attack.PostgreSql);

    [Fact]
    public Task Redis() => AttackerIsBlockedAndNobodyElseAsync(Attack.Redis);

    [Fact]
    public Task Postfix() => AttackerIsBlockedAndNobodyElseAsync(Attack.Postfix);

    [Fact]
    public async Task Hydra_against_vsftpd()
    {
        SkipWithout(Hydra.Packages);
        await DeployAgainstAsync(DaemonRecipes.Vsftpd);
        await using var daemon = await Daemon.StartAsync(Net.Agent, DaemonRecipes.Vsftpd);

        await using var hydra = await Hydra.StartAsync(Net.Attacker, $"ftp://{Net.Agent.IPv4}");
        await WaitForKernelBlockAsync(Net.Attacker.IPv4);

        await OnlyTheAttackerIsCutOffAsync(DaemonRecipes.Vsftpd, Net.Attacker.IPv4, Net.Agent.IPv4, Net.Bystander.IPv4);
    }

    private async Task AttackerIsBlockedAndNobodyElseAsync(Attack attack)
    {
        await DeployAgainstAsync(attack.Recipe);
        await IsBlockedAsync(attack, Net.Attacker.IPv4, Net.Agent.IPv4, Net.Bystander.IPv4);
        await IsBlockedAsync(attack, Net.Attacker.IPv6, Net.Agent.IPv6, Net.Bystander.IPv6);
    }

    private static void SkipWithout(UnpackedPackages packages)
    {
        if (packages.WhyImpossible() is { } reason)
            Assert.Skip(reason);
    }

    private async Task DeployAgainstAsync(DaemonRecipe recipe)
    {
        SkipWithout(recipe.Packages);
        await Daemon.PrepareAsync(Net.Agent, recipe);
        _redoubt = await DeployAsync(
            new DeploymentOptions
            {
                Manager =
                    "<active-response><command>firewall-drop</command><location>local</location><level>10</level><timeout>600</timeout></active-response>",
                Agent = string.Concat(
                    recipe.LogFiles.Select(f => $"<localfile><log_format>syslog</log_format><location>{f}</location></localfile>")
                ),
            }
        );
    }

    private async Task IsBlockedAsync(Attack attack, IPAddress attacker, IPAddress server, IPAddress victim)
    {
        await using var daemon = await Daemon.StartAsync(Net.Agent, attack.Recipe);
        var conversations = attack.HostileAttempts(victim).ToArray();
        var target = new IPEndPoint(server, attack.Recipe.Port);
        for (var i = 0; i < MaxAttempts && await Net.Agent.KernelBlockAsync(attacker) is null; i++)
            await Dialogue.HoldAsync(Net.Attacker, target, conversations[i % conversations.Length]);

        await WaitForKernelBlockAsync(attacker);
        await OnlyTheAttackerIsCutOffAsync(attack.Recipe, attacker, server, victim);
    }

    private async Task OnlyTheAttackerIsCutOffAsync(DaemonRecipe recipe, IPAddress attacker, IPAddress server, IPAddress victim)
    {
        var target = new IPEndPoint(server, recipe.Port);
        Assert.Null(await Net.Agent.KernelBlockAsync(victim));
        Assert.False(await Dialogue.CanConnectAsync(Net.Attacker, target), $"Expected {attacker} to be cut off from {recipe.Name}.");
        Assert.True(await Dialogue.CanConnectAsync(Net.Bystander, target), $"Expected {victim}, who did nothing, to reach {recipe.Name}.");

        var named = (await _redoubt.AlertsAsync())
            .Where(a => a.TryGetProperty("data", out var data) && data.TryGetProperty("srcip", out _))
            .Select(a => a.GetProperty("data").GetProperty("srcip").GetString());
        Assert.Contains(attacker.ToString(), named);
        Assert.DoesNotContain(victim.ToString(), named);
    }
}
