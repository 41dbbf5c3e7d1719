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
    private CommandOptions? _command;

    public RoutingTests()
    {
        _database = new Database(Path.Combine(_folder.FullName, "redoubt.db"));
        var agents = new AgentRegistry(_database);
        agents.EnsureManagerHost("keep", 0);
        agents.AddToken("hash", "default", uses: 3, long.MaxValue);
        foreach (var name in (string[])["web01", "web02", "web03"])
            Assert.NotNull(agents.Enrol("hash", name, 0));

        _ledger = new BlockLedger(_database);
        _dispatcher = new Dispatcher(
            _ledger,
            agents,
            _sessions,
            new BlockBudget(new BudgetOptions()),
            _ => _command,
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
        _command = new CommandOptions
        {
            Name = "c",
            Executable = "c",
            Protocol = ScriptProtocol.Arguments,
            DeadlineSeconds = 90,
        };

        _dispatcher.Carry(Decision(ResponseHosts.Local, "001"), "{}");

        Assert.Equal(("argv", 90), Assert.Single(Orders("001")) is var order ? (order.Protocol, order.Deadline) : default);
    }

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
                Rule = null,
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
