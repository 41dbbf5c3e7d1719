using System.Collections.Concurrent;
using Redoubt.Store;

namespace Redoubt.Tests.Store;

public class AgentRegistryTests
{
    [Fact]
    public void A_token_registers_as_many_agents_as_it_has_uses()
    {
        using var box = new StoreBox();
        box.Agents.AddToken("hash", ["web"], uses: 2, expires: 1000);

        Assert.Equal(("001", "a"), IdAndName(box.Agents.Enrol("hash", "a", 1)));
        Assert.Equal(("002", "b"), IdAndName(box.Agents.Enrol("hash", "b", 1)));
        Assert.Null(box.Agents.Enrol("hash", "c", 1));
        box.Reopen();
        Assert.Null(box.Agents.Enrol("hash", "c", 1));
        Assert.All(box.Agents.All(), a => Assert.Equal(["web"], a.Groups));
    }

    [Theory]
    [InlineData(999, true)]
    [InlineData(1000, false)]
    [InlineData(1001, false)]
    public void A_token_is_good_until_it_expires(long now, bool good)
    {
        using var box = new StoreBox();
        box.Agents.AddToken("hash", ["default"], 1, expires: 1000);

        Assert.Equal(good, box.Agents.Enrol("hash", "a", now) is not null);
    }

    [Fact]
    public void An_unknown_token_registers_nobody_and_costs_no_other_one_a_use()
    {
        using var box = new StoreBox();
        box.Agents.AddToken("hash", ["default"], 1, 1000);

        Assert.Null(box.Agents.Enrol("other", "a", 1));
        Assert.Null(box.Agents.Enrol(string.Empty, "a", 1));
        Assert.Null(box.Agents.Enrol("' OR 1=1 --", "a", 1));
        Assert.Empty(box.Agents.All());
        Assert.NotNull(box.Agents.Enrol("hash", "a", 1));
    }

    [Fact]
    public void Many_at_once_never_get_more_than_the_uses()
    {
        using var box = new StoreBox();
        box.Agents.AddToken("hash", ["default"], uses: 5, expires: 1000);
        var agents = new ConcurrentBag<AgentRecord>();

        Parallel.For(
            0,
            64,
            _ =>
            {
                if (box.Agents.Enrol("hash", "same", 1) is { } agent)
                    agents.Add(agent);
            }
        );

        Assert.Equal(5, agents.Count);
        Assert.Equal(["001", "002", "003", "004", "005"], agents.Select(a => a.Id).Order());
        Assert.Equal(["same", "same-2", "same-3", "same-4", "same-5"], agents.Select(a => a.Name).Order());
    }

    [Fact]
    public void The_managers_own_agent_is_registered_once()
    {
        using var box = new StoreBox();

        Parallel.For(0, 16, n => Assert.Equal("000", box.Agents.EnsureManagerHost($"keep{n}", 1).Id));

        Assert.Single(box.Agents.All());
        box.Agents.AddToken("hash", ["default"], 1, 1000);
        Assert.Equal("001", box.Agents.Enrol("hash", box.Agents.All()[0].Name, 1)!.Id);
        Assert.Equal(2, box.Agents.All().Select(a => a.Name).Distinct().Count());
    }

    [Fact]
    public void Agents_beyond_999_get_four_digits_and_stand_in_order()
    {
        using var box = new StoreBox();
        box.Agents.AddToken("hash", ["default"], uses: 1001, expires: 1000);
        box.Database.InTransaction(() =>
        {
            for (var n = 0; n < 1001; n++)
                box.Agents.Enrol("hash", $"a{n}", 1);
        });

        Assert.Equal(["999", "1000", "1001"], box.Agents.All().Skip(998).Select(a => a.Id));
    }

    [Fact]
    public void What_an_agent_says_is_remembered()
    {
        using var box = new StoreBox();
        box.Agents.AddToken("hash", ["default"], 1, 1000);
        var id = box.Agents.Enrol("hash", "web01", 7)!.Id;

        box.Agents.SetCertificate(id, "cafe", 50);
        box.Agents.SetConnected(id, "10.0.0.5", "0.1.0", "Linux", 5, 20);
        box.Agents.SetConnected(id, null, "0.2.0", "Linux", 6, 30);
        box.Agents.SetConfig(id, "beef", false, "line 3", 31);
        box.Agents.SetSeen(id, 40);
        box.Reopen();

        var agent = box.Agents.Find(id)!;
        Assert.True(agent is { Name: "web01", Registered: 7, LastSeen: 40, Address: "10.0.0.5", Version: "0.2.0", Os: "Linux" });
        Assert.True(agent is { Certificate: "cafe", ConfigSha256: "beef", ConfigApplied: false, ConfigReason: "line 3", IsRevoked: false });
        Assert.Null(box.Agents.Find("999"));
    }

    [Fact]
    public void What_an_agent_tells_of_its_host_is_remembered()
    {
        using var box = new StoreBox();
        var id = box.Agents.Prepare("web01", ["default"], 1)!.Id;

        box.Agents.SetHost(id, [new("env", "test, \"quoted\""), new("rack", "7")], ["10.0.0.5", "fd00::5"]);
        box.Reopen();

        var agent = box.Agents.Find(id)!;
        Assert.Equal([("env", "test, \"quoted\""), ("rack", "7")], agent.Labels.Select(l => (l.Key, l.Value)));
        Assert.Equal(["10.0.0.5", "fd00::5"], agent.Addresses);
    }

    [Fact]
    public void A_configuration_that_was_not_applied_leaves_the_one_before_in_force()
    {
        using var box = new StoreBox();
        var id = box.Agents.Prepare("web01", ["default"], 1)!.Id;

        box.Agents.SetConfig(id, "one", applied: true, null, 5);
        box.Agents.SetConfig(id, "two", applied: false, "why", 6);

        var agent = box.Agents.Find(id)!;
        Assert.Equal(("one", "two", "why", 6), (agent.ConfigInForce, agent.ConfigSha256, agent.ConfigReason, agent.ConfigAt));
        box.Agents.SetConfigInForce(id, string.Empty);
        Assert.Null(box.Agents.Find(id)!.ConfigInForce);
    }

    [Fact]
    public void Contents_are_kept_as_long_as_an_agent_has_them()
    {
        using var box = new StoreBox();
        var id = box.Agents.Prepare("web01", ["default"], 1)!.Id;
        var contents = new SharedConfigs(box.Database);

        contents.Remember("one", [1]);
        box.Agents.SetConfig(id, "one", applied: true, null, 5);
        contents.Remember("two", [2]);
        contents.Remember("three", [3]);

        Assert.Equal([1], contents.Find("one"));
        Assert.Null(contents.Find("two"));
        Assert.Equal([3], contents.Find("three"));
    }

    [Fact]
    public void A_group_that_is_dropped_leaves_its_agents_in_their_others_or_in_the_default_one()
    {
        using var box = new StoreBox();
        box.Agents.Prepare("a", ["web"], 1);
        box.Agents.Prepare("b", ["db", "web"], 1);
        box.Agents.Prepare("c", ["webber"], 1);

        Assert.Equal(["default", "db"], box.Agents.DropGroup("web").Select(a => string.Join(',', a.Groups)));
        Assert.Equal(["webber"], box.Agents.FindNamed("c")!.Groups);
    }

    private static (string Id, string Name) IdAndName(AgentRecord? agent) => (agent!.Id, agent.Name);
}
