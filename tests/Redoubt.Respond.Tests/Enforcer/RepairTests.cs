using Redoubt.Respond;
using Redoubt.Tests.Respond.Lab;

namespace Redoubt.Tests.Respond.Enforcer;

/// <summary>What others take away from the firewall is put back, and told once.</summary>
public class RepairTests
{
    private static CancellationToken Cancellation => Deadline.Token;

    [Theory]
    [InlineData("flush ruleset", "missing and was put back")]
    [InlineData("delete table inet redoubt", "missing and was put back")]
    [InlineData("flush set inet redoubt block4", "900 blocks were missing and are back")]
    [InlineData("flush chain inet redoubt prerouting; delete chain inet redoubt prerouting", "not as it has to be and was made anew")]
    [InlineData("flush chain inet redoubt prerouting", "not as it has to be and was made anew")]
    [InlineData("chain inet redoubt prerouting { policy drop; }", "not as it has to be and was made anew")]
    [InlineData("insert rule inet redoubt prerouting accept", "not as it has to be and was made anew")]
    [InlineData("add table inet redoubt { flags dormant; }", "not as it has to be and was made anew")]
    [InlineData("delete element inet redoubt block4 { 10.77.0.6 }", "1 block was missing and is back")]
    [InlineData("delete element inet redoubt block6 { 2001:db8::7 }", "1 block was missing and is back")]
    [InlineData("delete element inet redoubt net4 { 203.0.113.0/24 }", "1 block was missing and is back")]
    [InlineData(
        "delete element inet redoubt block4 { 10.77.0.6 }; add element inet redoubt block4 { 10.77.0.6 timeout 30s }",
        "1 block was missing and is back"
    )]
    public async Task Damage_is_repaired_and_told_once_with_its_author(string damage, string told)
    {
        await using var host = await Host.StartAsync();
        await host.LoadAsync(Thousand);
        host.Namespace.NftScript(damage + "\n");

        var incident = await host.NextIncidentAsync(0);
        Assert.Contains(told, incident.Reason, StringComparison.Ordinal);
        Assert.Contains("by nft (process ", incident.Reason, StringComparison.Ordinal);
        Assert.Equal(0, incident.Lost);
        await host.HoldsAllAsync(Thousand);
        Assert.Equal(0, host.Network.Ping("10.77.0.1"));

        // The next incident is one that is made now: the first was told once, and the repair itself is none.
        host.Namespace.NftScript("delete element inet redoubt block4 { 10.77.0.7 }\n");
        var next = await host.NextIncidentAsync(incident.Incident);
        Assert.Equal((1, 0), (next.Restored, next.Lost));
        await host.HasToldAsync(2);
    }

    [Fact]
    public async Task Our_own_changes_and_blocks_that_end_on_time_are_no_incident()
    {
        await using var host = await Host.StartAsync();
        await host.LoadAsync(Thousand);
        await host.BlockAsync("198.51.100.9", 400);
        await host.BlockAsync("198.51.100.9", 300);
        await host.BlockAsync("203.0.112.0/23", 600_000);
        await host.SendAsync(new EnforceRequest { Verb = EnforceVerb.Release, Target = "203.0.112.0/23" });
        Assert.True(await Eventually.HoldsAsync(async () => await host.RemainingAsync("198.51.100.9") == 0));
        await host.SendAsync(new EnforceRequest { Verb = EnforceVerb.Clear });
        host.Namespace.NftScript(
            "table ip other {\nset s { type ipv4_addr; }\n}\nadd element ip other s { 10.77.0.6 }\ndelete table ip other\n"
        );

        await host.BlockAsync("198.51.100.10", 60_000);
        host.Namespace.NftScript("delete element inet redoubt block4 { 198.51.100.10 }\n");
        var first = await host.NextIncidentAsync(0);
        Assert.Equal((1, 0), (first.Restored, first.Lost));
        await host.HasToldAsync(1);
        Assert.InRange(await host.RemainingAsync("198.51.100.10"), 1, 60_010);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task What_an_order_puts_back_before_the_repair_looks_is_told_all_the_same(bool loadsAll)
    {
        await using var host = await Host.StartAsync();
        await host.BlockAsync("198.51.100.9", 600_000);
        await host.BlockAsync("198.51.100.10", 600_000);
        host.Namespace.NftScript("flush ruleset\n");

        // The repair waits until whoever changes the firewall has been quiet for a moment; an order does not.
        if (loadsAll)
            await host.LoadAsync(["198.51.100.9", "198.51.100.10"]);
        else
            await host.BlockAsync("198.51.100.9", 600_000);

        var incident = await host.NextIncidentAsync(0);
        Assert.Contains("missing and was put back; 2 blocks were missing and are back", incident.Reason, StringComparison.Ordinal);
        Assert.Equal((2, 0), (incident.Restored, incident.Lost));
        await host.HasToldAsync(1);
    }

    [Fact]
    public async Task A_released_block_is_not_put_back()
    {
        await using var host = await Host.StartAsync();
        await host.LoadAsync(Thousand);
        await host.SendAsync(new EnforceRequest { Verb = EnforceVerb.Release, Target = "10.77.0.6" });
        host.Namespace.NftScript("flush ruleset\n");
        var incident = await host.NextIncidentAsync(0);
        Assert.Equal(Thousand.Length - 1, incident.Restored);
        Assert.Equal(0, await host.RemainingAsync("10.77.0.6"));
    }

    [Fact]
    public async Task A_narrow_prefix_is_blocked_by_itself_again_when_the_wide_one_around_it_is_released()
    {
        await using var host = await Host.StartAsync();
        await host.BlockAsync("203.0.113.128/25", 600_000);
        await host.BlockAsync("203.0.112.0/23", 300_000);
        Assert.Equal(0, await host.RemainingAsync("203.0.113.128/25"));
        await host.SendAsync(new EnforceRequest { Verb = EnforceVerb.Release, Target = "203.0.112.0/23" });
        Assert.InRange(await host.RemainingAsync("203.0.113.128/25"), 500_000, 600_010);
        Assert.Equal(0, await host.RemainingAsync("203.0.112.0/23"));
    }

    [Fact]
    public async Task A_block_made_while_the_ruleset_is_being_flushed_again_and_again_is_there_in_the_end()
    {
        await using var host = await Host.StartAsync();
        var targets = Enumerable.Range(0, 200).Select(i => $"100.64.0.{i}").ToArray();
        var blocking = Task.Run(
            async () =>
            {
                foreach (var target in targets)
                {
                    // Either it is done, or it is said that it was not; then it is asked for again, as the agent does.
                    Assert.True(
                        await Eventually.HoldsAsync(async () => (await host.BlockAsync(target, 600_000)).Outcome == EnforceOutcome.Enforced)
                    );
                }
            },
            Cancellation
        );
        for (var i = 0; i < 20; i++)
            host.Namespace.NftScript("flush ruleset\n");
        await blocking;

        // The last flush may still be on its way to the enforcer.
        Assert.True(
            await Eventually.HoldsAsync(async () =>
                targets.Except((await host.SendAsync(new EnforceRequest { Verb = EnforceVerb.List })).Targets).Any() == false
            )
        );
    }

    [Fact]
    public async Task Blocks_that_cannot_be_put_back_are_told_and_tried_again()
    {
        await using var host = await Host.StartAsync();
        await host.BlockAsync("203.0.113.128/25", 600_000);

        // A range by hand that overlaps: ours cannot be put beside it.
        host.Namespace.NftScript(
            """
            delete element inet redoubt net4 { 203.0.113.128/25 }
            add element inet redoubt net4 { 203.0.113.200-203.0.114.7 timeout 1h }

            """
        );
        var lost = await host.NextIncidentAsync(0);
        Assert.Equal((0, 1), (lost.Restored, lost.Lost));
        Assert.Contains("could not be put back", lost.Reason, StringComparison.Ordinal);

        host.Namespace.NftScript("delete element inet redoubt net4 { 203.0.113.200-203.0.114.7 }\n");
        var back = await host.NextIncidentAsync(lost.Incident);
        Assert.Equal((1, 0), (back.Restored, back.Lost));
        Assert.InRange(await host.RemainingAsync("203.0.113.128/25"), 500_000, 600_010);
    }

    /// <summary>Single addresses and prefixes of both families: 900 + 100, some of them of the attacker's host.</summary>
    private static string[] Thousand { get; } =
    [
        "10.77.0.6",
        "10.77.0.7",
        .. Enumerable.Range(0, 898).Select(i => $"100.64.{i / 256}.{i % 256}"),
        .. Enumerable.Range(0, 80).Select(i => $"2001:db8::{i + 1:x}"),
        .. Enumerable.Range(0, 10).Select(i => $"203.0.{104 + i}.0/24"),
        .. Enumerable.Range(0, 10).Select(i => $"2001:db8:{i + 1:x}::/64"),
    ];

    /// <summary>A host of the test's own: what it tells must not mix with what another test has damaged.</summary>
    private sealed class Host : IAsyncDisposable
    {
        private readonly Home home = new();
        private EnforcerProcess? process;
        private EnforcerClient? client;

        internal Network Network { get; } = new();

        internal Namespace Namespace => Network.Host;

        internal static async Task<Host> StartAsync()
        {
            var host = new Host();
            host.process = await EnforcerProcess.StartAsync(host.Namespace, host.home.Path);
            host.client = await EnforcerClient.ConnectAsync(host.home.SocketPath, Cancellation);
            return host;
        }

        internal Task<EnforceReply> SendAsync(EnforceRequest request) => client!.SendAsync(request, Cancellation);

        internal Task<EnforceReply> BlockAsync(string target, long milliseconds) =>
            SendAsync(
                new EnforceRequest
                {
                    Verb = EnforceVerb.Block,
                    Target = target,
                    DurationMilliseconds = milliseconds,
                }
            );

        internal async Task LoadAsync(string[] targets)
        {
            var reply = await SendAsync(
                new EnforceRequest
                {
                    Verb = EnforceVerb.Load,
                    Targets = targets,
                    TargetsDurationMilliseconds = [.. targets.Select(_ => 600_000L)],
                }
            );
            Assert.Equal((EnforceOutcome.Ok, targets.Length), (reply.Outcome, reply.Restored));
            Assert.Empty(reply.NotEnforced);
        }

        internal async Task<long> RemainingAsync(string target) =>
            (await SendAsync(new EnforceRequest { Verb = EnforceVerb.Read, Target = target })).RemainingMilliseconds;

        internal Task<EnforceReply> NextIncidentAsync(long after) =>
            SendAsync(new EnforceRequest { Verb = EnforceVerb.Watch, After = after });

        internal async Task HoldsAllAsync(string[] targets)
        {
            var list = await SendAsync(new EnforceRequest { Verb = EnforceVerb.List });
            Assert.Empty(targets.Except(list.Targets));
            Assert.All(list.TargetsRemainingMilliseconds, r => Assert.InRange(r, 500_000, 600_010));
        }

        /// <summary>So many incidents are in the program log, whose lines come over a pipe.</summary>
        internal async Task HasToldAsync(int incidents) =>
            Assert.True(
                await Eventually.HoldsAsync(() =>
                    Task.FromResult(
                        process!.Errors.Split('\n').Count(l => l.Contains(" was changed", StringComparison.Ordinal)) == incidents
                    )
                ),
                process!.Errors
            );

        public async ValueTask DisposeAsync()
        {
            if (client is not null)
                await client.DisposeAsync();
            if (process is not null)
                await process.DisposeAsync();
            home.Dispose();
            Network.Dispose();
        }
    }
}
