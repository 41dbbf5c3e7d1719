using Redoubt.Model;

namespace Redoubt.Tests.Manager.Fleet;

/// <summary>What is told of agents that come and go (rules 501 to 506).</summary>
public sealed class FleetEventTests : IAsyncDisposable
{
    private static readonly AgentIdentity Web01 = new("001", "web01", "10.0.0.5");

    private readonly FleetBox _box = new();

    public ValueTask DisposeAsync() => _box.DisposeAsync();

    [Fact]
    public async Task A_first_start_and_a_later_one_are_told_with_name_and_address()
    {
        await _box.Events.StartedAsync(Web01);
        Assert.Contains("ossec: Agent started: 'web01->10.0.0.5'.", Assert.Single(await _box.AlertsAsync(501)), StringComparison.Ordinal);
        Assert.Empty(await _box.AlertsAsync(503));

        await _box.Events.StartedAsync(Web01);
        Assert.Contains(
            "\"agent\":{\"id\":\"001\",\"name\":\"web01\"",
            Assert.Single(await _box.AlertsAsync(503)),
            StringComparison.Ordinal
        );
    }

    [Fact]
    public async Task An_agent_that_was_cut_off_is_told_of_once_when_it_stays_away()
    {
        await _box.Events.WentAsync(Web01, inOrder: false);
        _box.Time.Advance(TimeSpan.FromMinutes(14));
        await _box.Events.LookAsync();
        Assert.Empty(await _box.AlertsAsync(504, 506));

        _box.Time.Advance(TimeSpan.FromMinutes(1));
        await _box.Events.LookAsync();
        await _box.Events.LookAsync();

        Assert.Contains(
            "ossec: Agent disconnected: 'web01-10.0.0.5'.",
            Assert.Single(await _box.AlertsAsync(504)),
            StringComparison.Ordinal
        );
    }

    [Fact]
    public async Task An_agent_that_is_back_in_time_raises_nothing()
    {
        await _box.Events.WentAsync(Web01, inOrder: false);
        _box.Events.Came("001");
        _box.Time.Advance(TimeSpan.FromHours(1));
        await _box.Events.LookAsync();

        Assert.Empty(await _box.AlertsAsync(504));
    }

    [Fact]
    public async Task An_agent_that_ends_in_order_has_stopped_and_is_not_missed()
    {
        await _box.Events.WentAsync(Web01, inOrder: true);
        _box.Time.Advance(TimeSpan.FromHours(1));
        await _box.Events.LookAsync();

        Assert.Single(await _box.AlertsAsync(506));
        Assert.Empty(await _box.AlertsAsync(504));
    }

    [Fact]
    public async Task An_agent_that_is_removed_is_told_of_as_removed_alone()
    {
        var id = _box.Add("web01");
        _box.Connect(id);
        await _box.Desk.RemoveAsync(id);
        await _box.Events.WentAsync(Web01, inOrder: false);
        _box.Time.Advance(TimeSpan.FromHours(1));
        await _box.Events.LookAsync();

        Assert.Contains("ossec: Agent removed: 'web01-10.0.0.5'.", Assert.Single(await _box.AlertsAsync(505)), StringComparison.Ordinal);
        Assert.Empty(await _box.AlertsAsync(504, 506));
    }
}
