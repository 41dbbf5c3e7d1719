using Redoubt.Show;
using Redoubt.Transport.Protocol;

namespace Redoubt.Tests.Manager.Fleet;

/// <summary>What agents are sent of the files of their groups.</summary>
public sealed class SharedConfigurationTests : IAsyncDisposable
{
    private readonly FleetBox _box = new();

    public ValueTask DisposeAsync() => _box.DisposeAsync();

    [Fact]
    public void The_files_of_several_groups_come_in_the_order_of_the_groups_each_with_its_name()
    {
        _box.Write("web", FleetBox.Reads("/var/log/web.log"));
        _box.Write("db", FleetBox.Reads("/var/log/db.log"));
        var session = _box.Connect(_box.Add("a", "web", "default", "db"));

        _box.Look();

        Assert.Equal(
            $"<!-- Source file: web/agent.conf -->\n{FleetBox.Reads("/var/log/web.log")}\n"
                + "<!-- Source file: default/agent.conf -->\n<agent_config></agent_config>\n"
                + $"<!-- Source file: db/agent.conf -->\n{FleetBox.Reads("/var/log/db.log")}\n",
            Assert.Single(FleetBox.Configurations(session))
        );
    }

    [Fact]
    public void A_changed_file_is_sent_once_and_only_to_the_agents_of_its_group()
    {
        _box.Write("web", FleetBox.Reads("/a"));
        var (web, other) = (_box.Connect(_box.Add("a", "web")), _box.Connect(_box.Add("b")));
        _box.Look();
        FleetBox.Configurations(web);
        FleetBox.Configurations(other);

        _box.Write("web", FleetBox.Reads("/b"));
        _box.Look();
        _box.Look();

        Assert.Equal([FleetBox.Reads("/b")], FleetBox.Configurations(web));
        Assert.Empty(FleetBox.Configurations(other));
    }

    [Fact]
    public void A_file_that_is_still_being_written_is_not_sent()
    {
        var session = _box.Connect(_box.Add("a"));
        _box.Look();
        FleetBox.Configurations(session);

        _box.Write("default", string.Empty);
        _box.Shared.Look();
        _box.Write("default", FleetBox.Reads("/whole"));
        _box.Shared.Look();
        Assert.Empty(FleetBox.Configurations(session));

        _box.Shared.Look();
        Assert.Equal([FleetBox.Reads("/whole")], FleetBox.Configurations(session));
    }

    [Fact]
    public void A_changed_membership_is_sent_at_once()
    {
        _box.Write("web", FleetBox.Reads("/web"));
        var session = _box.Connect(_box.Add("a"));
        _box.Look();
        FleetBox.Configurations(session);

        var view = _box.Desk.Assign(new AssignRequest("a", ["web"], Append: true));

        Assert.Equal(["default", "web"], view.Groups);
        Assert.Contains("/web", Assert.Single(FleetBox.Configurations(session)), StringComparison.Ordinal);
        _box.Desk.Assign(new AssignRequest("a", ["web"], Append: false));
        Assert.Equal([FleetBox.Reads("/web")], FleetBox.Configurations(session));
        Assert.Equal(["default"], Assert.Single(_box.Desk.RemoveGroup("web")).Groups);
        Assert.Equal(["<agent_config></agent_config>"], FleetBox.Configurations(session));
    }

    [Fact]
    public void A_file_with_errors_is_told_with_its_line_and_what_was_valid_stays()
    {
        _box.Write("web", FleetBox.Reads("/a"));
        var session = _box.Connect(_box.Add("a", "web"));
        _box.Look();
        FleetBox.Configurations(session);

        _box.Write("web", "<agent_config>\n<localfile>\n<log_format>syslog</log_format>\n</localfile></agent_config>\n");
        _box.Look();

        Assert.Empty(FleetBox.Configurations(session));
        var group = Assert.Single(_box.Desk.Groups(), g => g.Name == "web");
        Assert.False(group.Valid);
        Assert.Equal((_box.FileOf("web"), 2), (group.Problems[0].File, group.Problems[0].Line));
        Assert.NotNull(group.Sha256);
    }

    [Fact]
    public void Where_no_valid_content_is_known_the_agents_keep_what_they_have_in_all_their_groups()
    {
        _box.Write("web", FleetBox.Reads("/web"));
        _box.Write("broken", "<agent_config>");
        var session = _box.Connect(_box.Add("a", "web", "broken"));
        session.ConfigSha256 = "of-yesterday";

        _box.Look();

        Assert.Empty(FleetBox.Configurations(session));
        Assert.Equal("invalid", _box.Desk.Config("a").State);
        _box.Write("broken", "<agent_config></agent_config>");
        _box.Look();
        Assert.Single(FleetBox.Configurations(session));
    }

    [Fact]
    public void A_file_that_goes_away_takes_its_part_along_but_only_when_it_stays_away()
    {
        _box.Write("web", FleetBox.Reads("/web"));
        var session = _box.Connect(_box.Add("a", "web"));
        _box.Look();
        FleetBox.Configurations(session);

        File.Delete(_box.FileOf("web"));
        _box.Shared.Look();
        _box.Write("web", FleetBox.Reads("/web"));
        _box.Look();
        Assert.Empty(FleetBox.Configurations(session));

        File.Delete(_box.FileOf("web"));
        _box.Look();
        Assert.Equal([string.Empty], FleetBox.Configurations(session));
    }

    [Fact]
    public void What_an_agent_runs_with_is_shown_with_its_hash_and_a_refusal_with_its_reason()
    {
        var id = _box.Add("a");
        Assert.Equal(("waiting", null), (_box.Desk.Config("a").State, _box.Desk.Config("a").Content));
        var session = _box.Connect(id);
        _box.Look();
        _box.Shared.Take(session, new ConfigReport { Sha256 = session.ConfigSha256, Applied = true });
        var first = _box.Desk.Config("a");
        Assert.Equal(("applied", "<agent_config></agent_config>", first.WantedSha256), (first.State, first.Content, first.Sha256));

        _box.Write("default", FleetBox.Reads("/b"));
        _box.Look();
        Assert.Equal("waiting", _box.Desk.Config("a").State);
        _box.Shared.Take(
            session,
            new ConfigReport
            {
                Sha256 = session.ConfigSha256,
                Applied = false,
                Reason = "agent.conf:1: no",
            }
        );

        var failed = _box.Desk.Config("a");
        Assert.Equal(("failed", "agent.conf:1: no"), (failed.State, failed.Reason));
        Assert.Equal((first.Sha256, first.Content), (failed.Sha256, failed.Content));
        Assert.NotEqual(failed.Sha256, failed.WantedSha256);
    }

    [Fact]
    public void The_default_group_stays_and_names_that_leave_the_folder_are_no_groups()
    {
        _box.Add("a");

        Assert.Throws<RequestRefusedException>(() => _box.Desk.RemoveGroup("default"));
        foreach (var name in (string[])["../default", ".", "..", "a/b", "", "a b"])
            Assert.Throws<RequestRefusedException>(() => _box.Desk.Assign(new AssignRequest("a", [name], Append: false)));

        Assert.Empty(_box.Groups.Of("../..").Content!);
    }
}
