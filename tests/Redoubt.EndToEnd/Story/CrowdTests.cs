using System.Net;
using Redoubt.Lab;

namespace Redoubt.Tests.EndToEnd.Story;

public class CrowdTests : LabTest
{
    private const int Attackers = 100;

    [Fact]
    public async Task Scenario_23_A_hundred_attackers_are_all_noticed_and_seven_lines_are_none()
    {
        await using var sshd = await Sshd.StartAsync(Net, Net.Agent);
        var redoubt = await DeployAsync();

        var sequence = AuthLogLines.Addresses("192.0.2", Attackers);
        foreach (var source in sequence)
            await sshd.AppendAsync(AuthLogLines.Attack(source));
        await AllAreNoticedAsync(redoubt, sequence, "one after the other");

        var together = AuthLogLines.Addresses("198.51.100", Attackers);
        await sshd.AppendAsync(string.Concat(together.Select(s => AuthLogLines.Attack(s))));
        await AllAreNoticedAsync(redoubt, together, "in one write");

        var interleaved = AuthLogLines.Addresses("203.0.113", Attackers);
        for (var i = 0; i < 8; i++)
            await sshd.AppendAsync(string.Concat(interleaved.Select(s => AuthLogLines.InvalidUser(s, i))));
        await AllAreNoticedAsync(redoubt, interleaved, "interleaved");

        var patient = AuthLogLines.Addresses("10.9.0", Attackers);
        await sshd.AppendAsync(string.Concat(patient.Select(s => AuthLogLines.Attack(s, lines: 7))));
        // Lines are processed in order: once this one is noticed, all before it were looked at.
        var last = IPAddress.Parse("10.9.1.1");
        await sshd.AppendAsync(AuthLogLines.Attack(last));
        await redoubt.WaitForAlertAsync("5712", last, Soon);
        Assert.Equal(0, (await redoubt.AlertsAsync()).Count(a => patient.Any(p => Deployment.IsOf(a, "5712", p))));
    }

    private async Task AllAreNoticedAsync(Deployment redoubt, IReadOnlyList<IPAddress> sources, string how)
    {
        var noticed = 0;
        try
        {
            await Wait.UntilAsync(
                async () =>
                {
                    var alerts = (await redoubt.AlertsAsync())
                        .Where(a => Deployment.IsOf(a, "5712"))
                        .Select(a => a.GetProperty("data").GetProperty("srcip").GetString())
                        .ToArray();
                    noticed = sources.Count(s => alerts.Contains(s.ToString()));
                    return noticed == sources.Count;
                },
                "all attackers are noticed",
                Soon
            );
        }
        catch (TimeoutException)
        {
            Assert.Fail($"Expected {sources.Count} of {sources.Count} attackers that come {how} to be noticed, got {noticed}.");
        }

        await Wait.UntilAsync(
            async () =>
            {
                var blocked = (await Net.Agent.KernelBlocksAsync()).Select(b => b.Target).ToHashSet(StringComparer.Ordinal);
                return sources.All(s => blocked.Contains(s.ToString()));
            },
            $"the kernel blocks all {sources.Count} attackers that came {how}",
            Soon
        );
        var counts = (await redoubt.AlertsAsync())
            .Where(a => Deployment.IsOf(a, "5712"))
            .GroupBy(a => a.GetProperty("data").GetProperty("srcip").GetString());
        Assert.DoesNotContain(counts, c => c.Count() > 1);
    }
}
