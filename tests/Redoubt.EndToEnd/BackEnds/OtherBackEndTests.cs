using Redoubt.Lab;
using Redoubt.Respond;

namespace Redoubt.Tests.EndToEnd.BackEnds;

/// <summary>The responses that do not end in the packet filter.</summary>
public sealed class OtherBackEndTests : LabTest
{
    private static readonly TimeSpan Hour = TimeSpan.FromHours(1);

    [Fact]
    public async Task Route_null_sends_nothing_to_the_target_until_its_time_is_over_even_after_a_crash()
    {
        await using (var first = await LabEnforcer.StartAsync(Net, "route-null"))
        {
            Assert.Equal((EnforceOutcome.Enforced, null), Outcome(await first.BlockAsync(Net.Attacker.IPv4, Hour)));
            Assert.Equal((EnforceOutcome.Enforced, null), Outcome(await first.BlockAsync(Net.Attacker.IPv6, TimeSpan.Zero)));
            Assert.Equal(100, await LossAsync());
            Assert.Equal(100, await LossAsync(ipv6: true));
            Assert.InRange(await first.RemainingAsync(Net.Attacker.IPv4), 3_500_000, 3_601_000);
            Assert.Equal(-1, await first.RemainingAsync(Net.Attacker.IPv6));

            // Nothing of ours in the packet filter, and a null route of somebody else is not ours to remove.
            Assert.Null(await Net.Agent.KernelBlockAsync(Net.Attacker.IPv4));
            await Net.Agent.MustRunAsync("ip", "route", "add", "blackhole", "203.0.113.7");
            Assert.Equal(EnforceOutcome.Released, (await first.ReleaseAsync("203.0.113.7")).Outcome);
            Assert.Contains("203.0.113.7", await Net.Agent.MustRunAsync("ip", "route"), StringComparison.Ordinal);

            await Net.Agent.MustRunAsync("ip", "route", "flush", "type", "blackhole", "proto", "183");
            var incident = await first.NextIncidentAsync();
            Assert.Equal((1, 0), (incident.Restored, incident.Lost));
            Assert.Equal(100, await LossAsync());

            Assert.Equal(EnforceOutcome.Released, (await first.ReleaseAsync(Net.Attacker.IPv6)).Outcome);
            Assert.Equal(0, await LossAsync(ipv6: true));
            await first.BlockAsync(Net.Attacker.IPv4, TimeSpan.FromSeconds(3));
            await first.KillAsync();
        }

        // Nobody asks the second one for anything: it finds what the first has left, and ends it.
        await using var second = await LabEnforcer.StartAsync(Net, "route-null");
        await Wait.UntilAsync(async () => await LossAsync() == 0, "the null route is gone", Soon);
        Assert.DoesNotContain("183", await Net.Agent.MustRunAsync("ip", "route", "show", "type", "blackhole"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Scenario_67_and_68_Host_deny_writes_its_own_lines_and_leaves_those_of_others_as_they_are()
    {
        const string Others = "# by hand\nALL:10.0.0.60\nsshd: 110.0.0.6\nALL:10.0.0.6";
        var file = Net.Agent.PathOf("/etc/hosts.deny");
        await File.WriteAllTextAsync(file, Others);
        await using (var first = await LabEnforcer.StartAsync(Net, "host-deny"))
        {
            Assert.Equal((EnforceOutcome.Enforced, null), Outcome(await first.BlockAsync("10.0.0.6", Hour)));
            Assert.Equal((EnforceOutcome.Enforced, null), Outcome(await first.BlockAsync("2001:db8::6", TimeSpan.Zero)));
            Assert.Equal((EnforceOutcome.Enforced, null), Outcome(await first.BlockAsync("2001:db8:7::/64", Hour)));
            var lines = await File.ReadAllLinesAsync(file);
            Assert.Equal(
                ["ALL:10.0.0.6", "ALL:[2001:db8::6]", "ALL:[2001:db8:7::]/64"],
                lines.Where((_, i) => i > 4 && i % 2 == 1).ToArray()[..3]
            );
            Assert.InRange(await first.RemainingAsync("10.0.0.6"), 3_500_000, 3_601_000);

            // Our mark is gone: what is left is somebody else's line, and ours comes back.
            await File.WriteAllTextAsync(file, Others);
            var incident = await first.NextIncidentAsync();
            Assert.Equal((3, 0), (incident.Restored, incident.Lost));

            foreach (var target in (string[])["10.0.0.6", "2001:db8::6", "2001:db8:7::/64"])
                Assert.Equal(EnforceOutcome.Released, (await first.ReleaseAsync(target)).Outcome);
            Assert.Equal(Others + "\n", await File.ReadAllTextAsync(file));

            await first.BlockAsync("10.0.0.6", TimeSpan.FromSeconds(3));
            await first.KillAsync();
        }

        await using var second = await LabEnforcer.StartAsync(Net, "host-deny");
        await Wait.UntilAsync(async () => await File.ReadAllTextAsync(file) == Others + "\n", "the line is gone", Soon);
    }

    [Fact]
    public async Task A_host_that_only_observes_changes_nothing_whatever_the_response()
    {
        foreach (var response in (string[])["firewall-drop", "route-null", "host-deny"])
        {
            await using var enforcer = await LabEnforcer.StartAsync(Net, response, "--firewall", "null");
            Assert.Equal(EnforceOutcome.Observed, (await enforcer.BlockAsync(Net.Attacker.IPv4, Hour)).Outcome);
            Assert.Equal(0, await enforcer.RemainingAsync(Net.Attacker.IPv4));
        }

        Assert.Equal(0, await LossAsync());
        Assert.Equal("", await Net.Agent.MustRunAsync("nft", "list", "ruleset"));
    }

    [Fact]
    public async Task Firewalld_drop_says_what_is_missing_where_there_is_no_firewalld()
    {
        var isThere = (await Net.Agent.RunAsync("firewall-cmd", "--state")).Succeeded;
        Assert.SkipWhen(isThere, "firewalld runs here");
        await using var enforcer = await LabEnforcer.StartAsync(Net, "firewalld-drop");
        var reply = await enforcer.BlockAsync(Net.Attacker.IPv4, Hour);
        Assert.Equal(EnforceOutcome.Failed, reply.Outcome);
        Assert.Contains("firewall-cmd was not found", reply.Reason, StringComparison.Ordinal);
        Assert.Equal(0, await LossAsync());
    }

    private static (EnforceOutcome, string?) Outcome(EnforceReply reply) => (reply.Outcome, reply.Reason);
}
