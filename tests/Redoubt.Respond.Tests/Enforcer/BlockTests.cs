using Redoubt.Respond;
using Redoubt.Tests.Respond.Lab;

namespace Redoubt.Tests.Respond.Enforcer;

/// <summary>Blocks in a real kernel, through the real program and its socket.</summary>
public class BlockTests(RunningEnforcer enforcer) : IClassFixture<RunningEnforcer>
{
    [Theory]
    [InlineData("198.51.100.6")]
    [InlineData("2001:db8:1::6")]
    [InlineData("198.51.101.0/24")]
    [InlineData("2001:db8:2::/64")]
    public async Task A_block_is_in_the_kernel_with_its_time_and_a_release_takes_it_out(string target)
    {
        var block = await enforcer.BlockAsync(target, 600_000);
        Assert.Equal((EnforceOutcome.Enforced, null), (block.Outcome, block.Reason));
        Assert.InRange(block.RemainingMilliseconds, 1, 600_010);

        var read = await enforcer.ReadAsync(target);
        Assert.Equal(EnforceOutcome.Read, read.Outcome);
        Assert.InRange(read.RemainingMilliseconds, 1, 600_010);
        Assert.Contains(target.Split('/')[0], enforcer.Network.Host.Nft("list", "table", "inet", "redoubt"), StringComparison.Ordinal);

        Assert.Equal(EnforceOutcome.Released, (await enforcer.ReleaseAsync(target)).Outcome);
        Assert.Equal(0, (await enforcer.ReadAsync(target)).RemainingMilliseconds);
        Assert.Equal(EnforceOutcome.Released, (await enforcer.ReleaseAsync(target)).Outcome);
    }

    [Theory]
    [InlineData("198.51.100.7")]
    [InlineData("2001:db8:1::7")]
    [InlineData("198.51.102.0/24")]
    [InlineData("2001:db8:3::/64")]
    public async Task A_second_block_renews_the_time_longer_shorter_same_and_for_good(string target)
    {
        await enforcer.BlockAsync(target, 600_000);
        Assert.InRange((await enforcer.BlockAsync(target, 1_800_000)).RemainingMilliseconds, 1_700_000, 1_800_010);
        Assert.InRange((await enforcer.BlockAsync(target, 60_000)).RemainingMilliseconds, 1, 60_010);
        Assert.InRange((await enforcer.BlockAsync(target, 60_000)).RemainingMilliseconds, 1, 60_010);
        Assert.Equal(-1, (await enforcer.BlockAsync(target, 0)).RemainingMilliseconds);
        Assert.Equal(-1, (await enforcer.ReadAsync(target)).RemainingMilliseconds);
        Assert.InRange((await enforcer.BlockAsync(target, 60_000)).RemainingMilliseconds, 1, 60_010);
        await enforcer.ReleaseAsync(target);
    }

    [Theory]
    [InlineData("198.51.100.9")]
    [InlineData("2001:db8:1::9")]
    public async Task Scenario_51_A_block_without_an_end_that_is_asked_for_twice_is_there_once(string target)
    {
        await enforcer.BlockAsync(target, 0);
        await enforcer.BlockAsync(target, 0);

        var listed = await enforcer.SendAsync(new EnforceRequest { Verb = EnforceVerb.List });
        Assert.Equal(-1, listed.TargetsRemainingMilliseconds[Array.IndexOf(listed.Targets, target)]);
        Assert.Single(listed.Targets, t => t == target);
        await enforcer.ReleaseAsync(target);
        Assert.Equal(0, (await enforcer.ReadAsync(target)).RemainingMilliseconds);
    }

    [Theory]
    [InlineData("198.51.100.8")]
    [InlineData("2001:db8:1::8")]
    [InlineData("198.51.103.0/24")]
    public async Task Scenario_58_The_kernel_ends_a_block_by_itself(string target)
    {
        Assert.Equal(EnforceOutcome.Enforced, (await enforcer.BlockAsync(target, 300)).Outcome);
        Assert.True(await Eventually.HoldsAsync(async () => (await enforcer.ReadAsync(target)).RemainingMilliseconds == 0));
        Assert.Equal(EnforceOutcome.Enforced, (await enforcer.BlockAsync(target, 60_000)).Outcome);
        await enforcer.ReleaseAsync(target);
    }

    [Fact]
    public async Task A_time_over_what_the_kernel_holds_is_cut_to_that()
    {
        var reply = await enforcer.BlockAsync("198.51.100.9", long.MaxValue);
        Assert.Equal(EnforceOutcome.Enforced, reply.Outcome);
        Assert.InRange(reply.RemainingMilliseconds, 18_000_000_000_000, 18_446_744_073_709);
        await enforcer.ReleaseAsync("198.51.100.9");
    }

    [Fact]
    public async Task Scenario_64_A_mapped_address_is_blocked_as_the_IPv4_address_that_it_means()
    {
        Assert.Equal(EnforceOutcome.Enforced, (await enforcer.BlockAsync("::ffff:198.51.100.10")).Outcome);
        Assert.InRange((await enforcer.ReadAsync("198.51.100.10")).RemainingMilliseconds, 1, 60_010);
        await enforcer.ReleaseAsync("198.51.100.10");
    }

    [Fact]
    public async Task A_wider_prefix_takes_narrower_ones_over_and_a_narrower_one_inside_is_covered()
    {
        await enforcer.BlockAsync("203.0.112.0/24", 600_000);
        await enforcer.BlockAsync("203.0.113.0/25", 60_000);

        var wider = await enforcer.BlockAsync("203.0.112.0/23", 300_000);
        Assert.Equal(EnforceOutcome.Enforced, wider.Outcome);
        Assert.Contains("2 narrower prefixes", wider.Reason, StringComparison.Ordinal);
        Assert.InRange(wider.RemainingMilliseconds, 500_000, 600_010);

        var inside = await enforcer.BlockAsync("203.0.113.128/25", 10_000);
        Assert.Equal((EnforceOutcome.Enforced, "covered by 203.0.112.0/23"), (inside.Outcome, inside.Reason));

        var longer = await enforcer.BlockAsync("203.0.113.128/25", 3_600_000);
        Assert.Equal(EnforceOutcome.Failed, longer.Outcome);
        Assert.Contains("203.0.112.0/23", longer.Reason, StringComparison.Ordinal);
        await enforcer.ReleaseAsync("203.0.112.0/23");
    }

    [Fact]
    public async Task Neighbouring_prefixes_are_told_apart()
    {
        await enforcer.BlockAsync("192.0.2.0/26", 60_000);
        await enforcer.BlockAsync("192.0.2.64/26", 600_000);
        Assert.InRange((await enforcer.ReadAsync("192.0.2.0/26")).RemainingMilliseconds, 1, 60_010);
        Assert.InRange((await enforcer.ReadAsync("192.0.2.64/26")).RemainingMilliseconds, 500_000, 600_010);
        Assert.Equal(0, (await enforcer.ReadAsync("192.0.2.0/25")).RemainingMilliseconds);

        await enforcer.ReleaseAsync("192.0.2.0/26");
        Assert.Equal(0, (await enforcer.ReadAsync("192.0.2.0/26")).RemainingMilliseconds);
        Assert.InRange((await enforcer.ReadAsync("192.0.2.64/26")).RemainingMilliseconds, 500_000, 600_010);
        await enforcer.ReleaseAsync("192.0.2.64/26");
    }

    [Fact]
    public async Task Scenario_71_A_thousand_requests_at_once_are_all_answered_with_their_own_outcome()
    {
        var targets = Enumerable.Range(0, 1000).Select(i => $"100.64.{i / 256}.{i % 256}").ToArray();
        var replies = await Task.WhenAll(targets.Select((t, i) => enforcer.BlockAsync(t, 100_000 + (i * 1000))));
        Assert.All(replies, r => Assert.Equal(EnforceOutcome.Enforced, r.Outcome));
        for (var i = 0; i < replies.Length; i++)
            Assert.InRange(replies[i].RemainingMilliseconds, 90_000 + (i * 1000), 100_010 + (i * 1000));

        var list = await enforcer.SendAsync(new EnforceRequest { Verb = EnforceVerb.List });
        Assert.Superset(targets.ToHashSet(), list.Targets.ToHashSet());
        Assert.Equal(list.Targets.Length, list.TargetsRemainingMilliseconds.Length);

        var released = await Task.WhenAll(targets.Select(enforcer.ReleaseAsync));
        Assert.All(released, r => Assert.Equal(EnforceOutcome.Released, r.Outcome));
    }
}
