using Redoubt.App.Manager;
using Redoubt.Show;
using Redoubt.Transport.Certificates;
using Redoubt.Transport.Protocol;

namespace Redoubt.Tests.Manager.Fleet;

/// <summary>What people do to the fleet.</summary>
public sealed class FleetDeskTests : IAsyncDisposable
{
    private readonly FleetBox _box = new();

    public ValueTask DisposeAsync() => _box.DisposeAsync();

    [Fact]
    public async Task An_agent_goes_through_the_states_of_the_field()
    {
        var id = _box.Add("web01");
        Assert.Equal("never_connected", State(id));

        var session = _box.Connect(id, tellsState: false);
        Assert.Equal("pending", State(id));
        session.IsActive = true;
        Assert.Equal("active", State(id));

        _box.Sessions.Remove(session);
        _box.Time.Advance(TimeSpan.FromMinutes(5));
        _box.Agents.SetSeen(id, _box.Now);
        Assert.Equal(("disconnected", "2026-01-01T00:05:00.000Z"), (State(id), _box.Desk.Show(id).Disconnected));

        await _box.Desk.RemoveAsync(id);
        Assert.Equal("removed", State(id));
    }

    [Fact]
    public void An_agent_is_found_by_its_id_and_by_its_name()
    {
        var id = _box.Add("web01");

        Assert.Equal(id, _box.Desk.Show("web01").Id);
        Assert.Equal("web01", _box.Desk.Show(id).Name);
        Assert.Contains("agents list", Refused(() => _box.Desk.Show("web02")).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void The_token_of_an_added_agent_is_for_that_agent_alone()
    {
        _box.Write("web", "<agent_config></agent_config>");
        var added = _box.Desk.Add(new AddAgentRequest("web01", ["default", "web"], 3600));
        var hash = EnrolmentToken.Parse(added.Token)!.SecretHash;

        var agent = _box.Agents.Enrol(hash, "another-name", _box.Now)!;

        Assert.Equal((added.Id, "web01", 1), (agent.Id, agent.Name, agent.Generation));
        Assert.Equal(["default", "web"], agent.Groups);
        Assert.Null(_box.Agents.Enrol(hash, "web01", _box.Now));
    }

    [Theory]
    [InlineData("web 01", "default", true)]
    [InlineData("", "default", true)]
    [InlineData("../x", "default", true)]
    [InlineData("web02", "..", true)]
    [InlineData("web02", "", true)]
    [InlineData("web02", "nowhere", false)]
    [InlineData("web01", "default", false)]
    public void A_wrong_name_an_unknown_group_and_a_name_that_is_taken_are_refused(string name, string group, bool isUsage)
    {
        _box.Add("web01");

        Assert.Equal(isUsage, Refused(() => _box.Desk.Add(new AddAgentRequest(name, [group], 3600))).IsUsage);
        Assert.Single(_box.Desk.All());
    }

    [Fact]
    public async Task A_removed_agent_is_told_at_once_and_its_name_is_free()
    {
        var id = _box.Add("web01");
        var session = _box.Connect(id);

        await _box.Desk.RemoveAsync("web01");

        var told = Assert.Single(FleetBox.Sent(session)).Revoked.Reason;
        Assert.Contains("agent 001 (web01) was removed from the fleet at 2026-01-01", told, StringComparison.Ordinal);
        Assert.True(session.Outgoing.Completion.IsCompleted, "Expected no further message after the last one.");
        Assert.Empty(_box.Desk.All());
        Assert.Contains("before", (await RefusedAsync(() => _box.Desk.RemoveAsync(id))).Message, StringComparison.Ordinal);
        Assert.Equal("002", _box.Add("web01"));
    }

    [Fact]
    public async Task Tokens_of_a_removed_agent_are_void_and_a_new_one_brings_it_back()
    {
        var id = _box.Add("web01");
        var old = Hash(_box.Desk.Token(new TokenRequest("default", 1, 3600, id)));
        await _box.Desk.RemoveAsync(id);
        Assert.Null(_box.Agents.Enrol(old, "web01", _box.Now));

        var back = _box.Agents.Enrol(Hash(_box.Desk.Token(new TokenRequest("default", 5, 3600, id))), "x", _box.Now)!;

        Assert.Equal((id, "web01", false), (back.Id, back.Name, back.IsRevoked));
    }

    [Fact]
    public async Task A_removed_agent_whose_name_was_taken_comes_back_under_another()
    {
        var id = _box.Add("web01");
        await _box.Desk.RemoveAsync(id);
        _box.Add("web01");

        Assert.Equal("web01-2", _box.Agents.Enrol(Hash(_box.Desk.Token(new TokenRequest("default", 1, 3600, id))), "x", _box.Now)!.Name);
    }

    [Fact]
    public async Task The_managers_own_agent_is_neither_removed_nor_enrolled()
    {
        await RefusedAsync(() => _box.Desk.RemoveAsync("000"));
        Refused(() => _box.Desk.Token(new TokenRequest("default", 1, 60, "000")));
    }

    [Fact]
    public async Task A_restart_is_over_when_another_start_of_the_process_has_connected()
    {
        var id = _box.Add("web01");
        var session = _box.Connect(id, started: 1);

        var restart = _box.Desk.RestartAsync("web01");
        Assert.NotNull(Assert.Single(FleetBox.Sent(session)).Restart);
        _box.Restarts.Take(session, new RestartReport { Ends = true });
        _box.Connect(id, started: 1);
        Assert.False(restart.IsCompleted, "Expected a new connection of the same process not to count.");
        _box.Time.Advance(TimeSpan.FromSeconds(2));
        _box.Connect(id, started: 2);

        Assert.Equal(new RestartView(id, "web01", "restarted", null, 2), await restart);
    }

    [Fact]
    public async Task An_agent_that_nobody_would_start_again_reloads()
    {
        var session = _box.Connect(_box.Add("web01"));

        var restart = _box.Desk.RestartAsync("web01");
        _box.Restarts.Take(session, new RestartReport { Ends = false });

        Assert.Equal("reloaded", (await restart).Outcome);
    }

    [Theory]
    [InlineData(true, "has not come back")]
    [InlineData(false, "did not answer")]
    public async Task A_restart_that_comes_to_nothing_says_why(bool answers, string reason)
    {
        var session = _box.Connect(_box.Add("web01"));
        var restart = _box.Desk.RestartAsync("web01");
        if (answers)
            _box.Restarts.Take(session, new RestartReport { Ends = true });

        await Assert.ThrowsAsync<RequestRefusedException>(() => _box.Desk.RestartAsync("web01"));
        _box.Time.Advance(TimeSpan.FromMinutes(1));

        var outcome = await restart;
        Assert.Equal("failed", outcome.Outcome);
        Assert.Contains(reason, outcome.Reason, StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_agent_that_is_not_connected_cannot_be_restarted()
    {
        _box.Add("web01");

        var refusal = await Assert.ThrowsAsync<RequestRefusedException>(() => _box.Desk.RestartAsync("web01"));

        Assert.Contains("not connected", refusal.Message, StringComparison.Ordinal);
    }

    private string State(string id) => _box.Desk.Show(id).State;

    private static string Hash(TokenView token) => EnrolmentToken.Parse(token.Token)!.SecretHash;

    private static Task<RequestRefusedException> RefusedAsync(Func<Task> work) => Assert.ThrowsAsync<RequestRefusedException>(work);

    private static RequestRefusedException Refused<T>(Func<T> work) =>
        Assert.Throws<RequestRefusedException>(() =>
        {
            work();
        });
}
