using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;
using Redoubt.App.Manager;
using Redoubt.Decide;
using Redoubt.Model;
using Redoubt.Store;
using Redoubt.Transport.Protocol;

namespace Redoubt.Tests.Manager;

/// <summary>Which hosts a decision is handed to (active-response.md 1.5).</summary>
public sealed class RoutingTests : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("rdt-routing-");
    private readonly FakeTimeProvider _time = new(DateTimeOffset.Parse("2026-01-01T00:00:00Z", null));
    private readonly Database _database;
    private readonly AgentSessions _sessions = new();
    private readonly Dictionary<string, AgentSession> _connected = new(StringComparer.Ordinal);
    private readonly BlockLedger _ledger;
    private readonly Dispatcher _dispatcher;
    private DecideOptions _options = new();
    private readonly LoginSources _logins;

    public RoutingTests()
    {
        _database = new Database(Path.Combine(_folder.FullName, "redoubt.db"));
        var agents = new AgentRegistry(_database);
        agents.EnsureManagerHost("keep", 0);
        agents.AddToken("hash", ["default"], uses: 3, long.MaxValue);
        foreach (var name in (string[])["web01", "web02", "web03"])
            Assert.NotNull(agents.Enrol("hash", name, 0));

        _ledger = new BlockLedger(_database);
        _dispatcher = new Dispatcher(
            _ledger,
            agents,
            _sessions,
            _logins = new LoginSources(_database),
            new BlockBudget(new BudgetOptions()),
            () => _options,
            "node01",
            _time,
            NullLogger.Instance
        );
        foreach (var id in (string[])["000", "001", "002", "003"])
            Connect(id);
    }

    public void Dispose()
    {
        _database.Dispose();
        _folder.Delete(recursive: true);
    }

    [Theory]
    [InlineData("000", "000")]
    [InlineData("002", "002")]
    public void Scenario_17_A_local_response_goes_to_the_host_of_the_event(string agent, string host) =>
        Assert.Equal([host], HostsOf(Decision(ResponseHosts.Local, agent)));

    [Fact]
    public void Scenario_18_A_response_of_the_server_goes_to_the_manager_alone() =>
        Assert.Equal(["000"], HostsOf(Decision(ResponseHosts.Server, "001")));

    [Fact]
    public void Scenario_19_A_response_of_all_goes_to_every_agent_once_and_not_to_the_manager() =>
        Assert.Equal(["001", "002", "003"], HostsOf(Decision(ResponseHosts.All | ResponseHosts.Local, "001")));

    [Fact]
    public void Scenario_20_A_response_of_a_defined_agent_goes_to_that_one() =>
        Assert.Equal(["003"], HostsOf(Decision(ResponseHosts.DefinedAgent, "001") with { AgentIds = ["003"] }));

    [Fact]
    public void Scenario_26_An_agent_that_was_away_gets_what_is_left_when_it_comes_back()
    {
        _sessions.Remove(_connected["001"]);
        _dispatcher.Carry(Decision(ResponseHosts.Local, "001"), "{}");
        _time.Advance(TimeSpan.FromSeconds(600));

        var session = Connect("001");
        _dispatcher.CatchUp(session, since: 0);

        Assert.True(session.Outgoing.TryRead(out var message));
        Assert.Equal((1800, 600_000), (message.Order.Seconds, message.Order.Age));
        _time.Advance(TimeSpan.FromSeconds(1201));
        session = Connect("001");
        _dispatcher.CatchUp(session, since: 0);
        Assert.False(session.Outgoing.TryRead(out _));
    }

    [Fact]
    public void Scenario_56_The_longer_of_two_responses_of_one_program_counts()
    {
        _dispatcher.Carry(Decision(ResponseHosts.Local, "001") with { Response = "drop60", Seconds = 60 }, "{}");
        _dispatcher.Carry(Decision(ResponseHosts.Local, "001") with { Response = "drop3600", Seconds = 3600 }, "{}");

        var orders = Orders("001");
        Assert.Equal([60L, 3600L], orders.Select(o => o.Seconds));
        Assert.Equal(orders[0].Block, orders[1].Block);
    }

    [Fact]
    public void An_order_says_how_its_program_is_called()
    {
        var command = new CommandOptions
        {
            Name = "firewall-drop",
            Executable = "c",
            Protocol = ScriptProtocol.Arguments,
            DeadlineSeconds = 90,
        };
        _options = new DecideOptions
        {
            Responses =
            [
                new ActiveResponseOptions
                {
                    Command = command,
                    Hosts = ResponseHosts.Local,
                    TimeoutSeconds = 1800,
                },
            ],
        };

        _dispatcher.Carry(Decision(ResponseHosts.Local, "001"), "{}");

        Assert.Equal(("argv", 90), Assert.Single(Orders("001")) is var order ? (order.Protocol, order.Deadline) : default);
    }

    [Fact]
    public void Offences_climb_the_managers_ladder_on_every_host_and_a_trigger_of_a_blocked_target_takes_no_step()
    {
        _options = new DecideOptions { Ladder = new OffenderLadder { Minutes = [60, 120] } };
        var seconds = new List<long>();
        foreach (var agent in (string[])["001", "002", "003", "001"])
        {
            _dispatcher.Carry(Decision(ResponseHosts.Local, agent), "{}");
            _dispatcher.Carry(Decision(ResponseHosts.Local, agent), "{}");
            seconds.Add(Orders(agent).Max(o => o.Seconds));
            _time.Advance(TimeSpan.FromHours(3));
        }

        Assert.Equal([1800, 3600, 7200, 7200], seconds);
    }

    [Fact]
    public void An_address_with_a_recent_login_by_key_is_only_observed_and_told_once()
    {
        _options = new DecideOptions { Logins = new LoginOptions { ProtectDays = 7 } };
        _logins.Remember("003", "192.0.2.6", isByKey: true, "alice", Now);

        var alarm = _dispatcher.Carry(Decision(ResponseHosts.Local, "001"), "{}");
        var again = _dispatcher.Carry(Decision(ResponseHosts.Local, "001"), "{}");

        Assert.Equal(OwnRules.LoginProtected, alarm?.Rule);
        Assert.Contains("alice", alarm!.Text, StringComparison.Ordinal);
        Assert.Null(again);
        Assert.Empty(Orders("001"));
        Assert.Equal(BlockState.Observed, Assert.Single(Assert.Single(_ledger.Current(Now)).Hosts).State);

        // A login by password can be what the attacker wanted, and an old one tells nothing.
        _time.Advance(TimeSpan.FromDays(8));
        _logins.Remember("003", "192.0.2.6", isByKey: false, "alice", Now);
        Assert.Null(_dispatcher.Carry(Decision(ResponseHosts.Local, "001"), "{}"));
        Assert.Single(Orders("001"));
    }

    [Theory]
    [InlineData(100, 10, 10)]
    [InlineData(100, 25, 25)]
    [InlineData(100, 100, 60)]
    [InlineData(5, 10, 60)]
    [InlineData(100, 0, 5)]
    [InlineData(30, 10, 5)]
    public void Of_the_sources_that_logged_in_rules_block_a_tenth_at_most(int sources, int percent, int blocked)
    {
        _options = new DecideOptions { Logins = new LoginOptions { BlockedPercent = percent } };
        for (var i = 0; i < sources; i++)
            _logins.Remember("001", $"198.51.100.{i}", isByKey: false, null, Now);

        var alarms = new List<Alarm>();
        for (var i = 0; i < 60; i++)
        {
            if (_dispatcher.Carry(Decision(ResponseHosts.Local, "001") with { Target = Target($"198.51.100.{i}") }, "{}") is { } alarm)
                alarms.Add(alarm);
        }

        Assert.Equal(Math.Min(blocked, 60), Orders("001").Count);
        Assert.Equal(blocked < 60 ? [OwnRules.BudgetExceeded] : [], alarms.Select(a => a.Rule));
    }

    [Fact]
    public void The_breaker_that_logins_opened_holds_back_everybody_until_it_closes()
    {
        for (var i = 0; i < 10; i++)
            _logins.Remember("001", $"198.51.100.{i}", isByKey: false, null, Now);

        for (var i = 0; i < LoginOptions.AlwaysAllowed; i++)
            Assert.Null(_dispatcher.Carry(Decision(ResponseHosts.Local, "001") with { Target = Target($"198.51.100.{i}") }, "{}"));

        Assert.NotNull(_dispatcher.Carry(Decision(ResponseHosts.Local, "001") with { Target = Target("198.51.100.7") }, "{}"));
        _dispatcher.Carry(Decision(ResponseHosts.Local, "001") with { Target = Target("203.0.113.7") }, "{}");

        Assert.Equal(LoginOptions.AlwaysAllowed, Orders("001").Count);
    }

    private long Now => _time.GetUtcNow().ToUnixTimeMilliseconds();

    private static BlockTarget Target(string text) => BlockTarget.TryParse(text, out var target) ? target : throw new FormatException(text);

    private AgentSession Connect(string id)
    {
        var session = new AgentSession(new AgentIdentity(id, "host" + id, null), ["default"], new CancellationTokenSource());
        _sessions.Add(session);
        return _connected[id] = session;
    }

    private string[] HostsOf(Decision decision)
    {
        _dispatcher.Carry(decision, "{}");
        return [.. _connected.Keys.Order(StringComparer.Ordinal).SelectMany(id => Orders(id).Select(_ => id))];
    }

    private List<BlockOrder> Orders(string id)
    {
        var orders = new List<BlockOrder>();
        while (_connected[id].Outgoing.TryRead(out var message))
            orders.Add(message.Order);
        return orders;
    }

    private static Decision Decision(ResponseHosts hosts, string agent) =>
        new()
        {
            Alert = new Alert
            {
                Id = "1.1",
                ArrivalUnixMilliseconds = 0,
                Rule = new RuleSummary
                {
                    Id = 5712,
                    Level = 10,
                    Description = "brute force",
                    GroupString = "sshd,",
                },
                Agent = new AgentIdentity(agent, "host" + agent, null),
                Location = "/var/log/auth.log",
                FullLog = [],
            },
            Response = "firewall-drop1800",
            Executable = "firewall-drop",
            Target = BlockTarget.TryParse("192.0.2.6", out var target) ? target : null,
            Hosts = hosts,
            Seconds = 1800,
            State = BlockState.Decided,
        };
}
