using Redoubt.Lab;
using Redoubt.Respond;

namespace Redoubt.Tests.EndToEnd.BackEnds;

/// <summary>A host without nftables: kernel sets and iptables rules, in both of its makes.</summary>
public sealed class IptablesTests : LabTest
{
    private static readonly TimeSpan Hour = TimeSpan.FromHours(1);

    [Theory]
    [InlineData("nft")]
    [InlineData("legacy")]
    public async Task Blocks_are_in_the_kernel_end_on_time_and_come_back_when_others_take_them_away(string make)
    {
        foreach (var program in (string[])["iptables", "ip6tables", "iptables-restore", "ip6tables-restore"])
        {
            var (family, verb) = (program.Split('-')[0], program.Contains('-') ? "-restore" : "");
            await Net.Agent.MustRunAsync("ln", "-sf", $"{family}-{make}{verb}", $"/usr/sbin/{program}");
        }

        // Somebody's own rules stand first, and stay.
        await Net.Agent.MustRunAsync("iptables", "-t", "raw", "-A", "PREROUTING", "-p", "icmp", "-j", "ACCEPT");
        await using var enforcer = await LabEnforcer.StartAsync(Net, "firewall-drop", "--firewall", "iptables");
        Assert.Equal(0, await LossAsync());

        var block = await enforcer.BlockAsync(Net.Attacker.IPv4, Hour);
        Assert.Equal((EnforceOutcome.Enforced, null), (block.Outcome, block.Reason));
        Assert.Equal(EnforceOutcome.Enforced, (await enforcer.BlockAsync(Net.Attacker.IPv6, Hour)).Outcome);
        Assert.Equal(EnforceOutcome.Enforced, (await enforcer.BlockAsync("198.51.100.0/24", TimeSpan.Zero)).Outcome);
        Assert.Equal(100, await LossAsync());
        Assert.Equal(100, await LossAsync(ipv6: true));
        Assert.InRange(await enforcer.RemainingAsync(Net.Attacker.IPv4), 3_500_000, 3_601_000);
        Assert.Equal(-1, await enforcer.RemainingAsync("198.51.100.0/24"));
        Assert.Contains(
            Net.Attacker.IPv4.ToString(),
            await Net.Agent.MustRunAsync("ipset", "list", "redoubt_block4"),
            StringComparison.Ordinal
        );

        // A second time for the same target holds, shorter ones too, and longer than the kernel takes at once.
        Assert.Equal(EnforceOutcome.Enforced, (await enforcer.BlockAsync("198.51.100.9", TimeSpan.FromDays(60))).Outcome);
        Assert.Equal(EnforceOutcome.Enforced, (await enforcer.BlockAsync("198.51.100.9", TimeSpan.FromSeconds(1))).Outcome);
        await Wait.UntilAsync(async () => await enforcer.RemainingAsync("198.51.100.9") == 0, "the kernel ends the block", Soon);

        await Net.Agent.MustRunAsync("iptables", "-t", "raw", "-F");
        var rules = await enforcer.NextIncidentAsync();
        Assert.Contains("rules of ours were not where they have to be", rules.Reason, StringComparison.Ordinal);
        Assert.Equal(100, await LossAsync());

        await Net.Agent.MustRunAsync("ipset", "flush");
        var elements = await enforcer.NextIncidentAsync(rules.Incident);
        Assert.Equal((3, 0), (elements.Restored, elements.Lost));
        Assert.Equal(100, await LossAsync());
        Assert.Equal(100, await LossAsync(ipv6: true));

        Assert.Equal(EnforceOutcome.Released, (await enforcer.ReleaseAsync(Net.Attacker.IPv4)).Outcome);
        Assert.Equal(0, await LossAsync());
        Assert.Equal(2, (await enforcer.SendAsync(new EnforceRequest { Verb = EnforceVerb.Clear })).Cleared);
    }

    [Fact]
    public async Task Many_are_loaded_at_once_and_outlive_the_enforcer()
    {
        foreach (var program in (string[])["iptables", "ip6tables", "iptables-restore", "ip6tables-restore"])
            await Net.Agent.MustRunAsync("ln", "-sf", "xtables-nft-multi", $"/usr/sbin/{program}");
        var targets = Enumerable.Range(0, 3000).Select(i => $"100.64.{i / 256}.{i % 256}").ToArray();
        await using (var first = await LabEnforcer.StartAsync(Net, "firewall-drop", "--firewall", "iptables"))
        {
            var load = await first.SendAsync(Load(targets));
            Assert.Equal((EnforceOutcome.Ok, 3000), (load.Outcome, load.Restored));
            Assert.Empty(load.NotEnforced);
            Assert.Equal(EnforceOutcome.Enforced, (await first.BlockAsync(Net.Attacker.IPv4, Hour)).Outcome);
            await first.KillAsync();
        }

        Assert.Equal(100, await LossAsync());
        await using var second = await LabEnforcer.StartAsync(Net, "firewall-drop", "--firewall", "iptables");
        Assert.Equal(0, (await second.SendAsync(Load(targets))).Restored);
        var list = await second.SendAsync(new EnforceRequest { Verb = EnforceVerb.List });
        Assert.Equal(3001, list.Targets.Length);
        Assert.All(list.TargetsRemainingMilliseconds, r => Assert.InRange(r, 1, 3_601_000));
    }

    private static EnforceRequest Load(string[] targets) =>
        new()
        {
            Verb = EnforceVerb.Load,
            Targets = targets,
            TargetsDurationMilliseconds = [.. targets.Select(_ => 3_600_000L)],
        };
}
