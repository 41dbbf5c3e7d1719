using System.Text.Json;
using Redoubt.Lab;

namespace Redoubt.Tests.EndToEnd.Fleet;

/// <summary>What the manager tells of a real agent that comes and goes: rules 501 to 506.</summary>
public class FleetEventTests : LabTest
{
    private Deployment _redoubt = null!;

    [Fact]
    public async Task An_agent_that_comes_goes_and_is_removed_raises_an_alert_each_time()
    {
        _redoubt = await DeployAsync(
            new DeploymentOptions
            {
                Global = "<agents_disconnection_time>1s</agents_disconnection_time>",
                Agent =
                    "<labels><label key=\"rack.row\">7</label><label key=\"_secret\">x</label><label key=\"owner\" hidden=\"yes\">y</label></labels>",
            }
        );
        Assert.Equal("ossec: Manager started.", Text(await WaitForAsync("502", 1), "full_log"));
        var first = await WaitForAsync("501", 1);
        Assert.Equal($"ossec: Agent started: 'web01->{Net.Agent.IPv4}'.", Text(first, "full_log"));
        Assert.Equal("web01", Text(first.GetProperty("agent"), "name"));

        await _redoubt.Agent.StopAsync(Soon);
        var stopped = await WaitForAsync("506", 1);
        Assert.Equal("""{"rack":{"row":"7"}}""", stopped.GetProperty("agent").GetProperty("labels").GetRawText());
        Assert.Contains("rack.row: 7\nRule: 506", await File.ReadAllTextAsync(_redoubt.AlertsLog));

        await _redoubt.StartAgentAsync();
        await WaitForAsync("503", 1);

        // Cut off, and not back within the time.
        await _redoubt.Agent.KillAsync();
        Assert.Equal($"ossec: Agent disconnected: 'web01-{Net.Agent.IPv4}'.", Text(await WaitForAsync("504", 1), "full_log"));

        await _redoubt.StartAgentAsync();
        await WaitForAsync("503", 2);
        var removed = await _redoubt.RedoubtAsync("agents", "remove", "web01", "--home", _redoubt.ManagerHome);
        Assert.True(removed.Succeeded, $"{removed}");
        Assert.Equal("web01", Text((await WaitForAsync("505", 1)).GetProperty("agent"), "name"));

        // Each of them was told once, and the removed agent is neither disconnected nor stopped.
        var all = await _redoubt.AlertsAsync();
        foreach (var (rule, count) in new[] { ("501", 1), ("502", 1), ("503", 2), ("504", 1), ("505", 1), ("506", 1) })
            Assert.Equal(count, all.Count(a => Deployment.IsOf(a, rule)));
    }

    private async Task<JsonElement> WaitForAsync(string rule, int count)
    {
        await Wait.UntilAsync(
            async () => (await _redoubt.AlertsAsync()).Count(a => Deployment.IsOf(a, rule)) >= count,
            $"{count} alerts of rule {rule}",
            Soon
        );
        return (await _redoubt.AlertsAsync()).Last(a => Deployment.IsOf(a, rule));
    }

    private static string? Text(JsonElement element, string name) => element.GetProperty(name).GetString();
}
