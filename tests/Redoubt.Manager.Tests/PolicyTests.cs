using Redoubt.Model;
using Redoubt.Show;

namespace Redoubt.Tests.Manager;

/// <summary>What keeps rules from blocking: recent logins, observe mode. And what is told when a block failed.</summary>
public sealed class PolicyTests
{
    private const string Office = "198.51.100.7";

    [Fact]
    public async Task An_address_of_a_recent_login_by_key_is_only_observed_and_one_alert_tells_of_it()
    {
        await using var box = new ManagerBox("<protect_recent_logins>7 days</protect_recent_logins>");
        await box.SendAsync(box.Web01, ManagerBox.KeyLogin(Office));
        box.Time.Advance(TimeSpan.FromDays(6));

        await box.SendAsync(box.Web02, ManagerBox.Guess(Office), ManagerBox.Guess(Office), ManagerBox.Guess("192.0.2.6"));

        var held = box.Block(Office);
        Assert.Equal(BlockState.Observed, held.Hosts[0].State);
        Assert.Contains("login of alice by key from 198.51.100.7 at 2026-01-01", held.Hosts[0].Reason, StringComparison.Ordinal);
        Assert.Contains("--force", Assert.Single(box.Alerts(OwnRules.LoginProtected.Id)), StringComparison.Ordinal);
        Assert.Equal(BlockState.Sent, box.Block("192.0.2.6").Hosts[0].State);

        box.Time.Advance(TimeSpan.FromDays(2));
        await box.SendAsync(box.Web02, ManagerBox.Guess(Office));
        Assert.Equal(BlockState.Sent, box.Block(Office).Hosts[0].State);
    }

    [Theory]
    [InlineData("", true)]
    [InlineData("<protect_recent_logins>7</protect_recent_logins>", false)]
    public async Task Only_logins_by_key_protect_and_only_where_it_is_switched_on(string global, bool byKey)
    {
        await using var box = new ManagerBox(global);
        await box.SendAsync(box.Web01, byKey ? ManagerBox.KeyLogin(Office) : ManagerBox.PasswordLogin(Office));

        await box.SendAsync(box.Web01, ManagerBox.Guess(Office));

        Assert.Equal(BlockState.Sent, box.Block(Office).Hosts[0].State);
        Assert.Empty(box.Alerts(OwnRules.LoginProtected.Id));
    }

    [Theory]
    [InlineData("Invalid user Accepted publickey for root from 203.0.113.9 port 1 ssh2 from 198.51.100.7 port 40112")]
    [InlineData("Failed password for invalid user Accepted publickey for root from 198.51.100.7 port 40112 ssh2")]
    [InlineData("Failed publickey for alice from 198.51.100.7 port 40112 ssh2: ED25519 SHA256:abc")]
    public async Task A_name_that_looks_like_a_login_is_none(string message)
    {
        await using var box = new ManagerBox("<protect_recent_logins>7</protect_recent_logins>");

        await box.SendAsync(box.Web01, "Jan  1 00:00:00 web01 sshd[11]: " + message);

        Assert.False(box.Known.Has(Office, 0));
    }

    [Theory]
    [InlineData("<mode>observe</mode>", "", "", "observe mode")]
    [InlineData("", "<mode>observe</mode>", "", "observe mode of the response")]
    [InlineData("", "", "<options>observe</options>", "observe mode of the rule")]
    public async Task Scenario_78_Everything_one_response_or_one_rule_only_observes_and_a_person_promotes_it(
        string global,
        string response,
        string option,
        string reason
    )
    {
        const string command =
            "<command><name>drop</name><executable>firewall-drop</executable><timeout_allowed>yes</timeout_allowed></command>";
        await using var box = new ManagerBox(
            global,
            $"{command}<active-response><command>drop</command><location>local</location><rules_id>100100</rules_id><timeout>600</timeout>{response}</active-response>",
            $"<group name=\"local,\"><rule id=\"100100\" level=\"6\"><if_sid>5710</if_sid><description>d</description>{option}</rule></group>"
        );

        await box.SendAsync(box.Web01, ManagerBox.Guess("192.0.2.6"));

        Assert.Equal((reason, BlockState.Observed), box.Block("192.0.2.6").Hosts[0] is var h ? (h.Reason, h.State) : default);
        Assert.False(box.Web01.Outgoing.TryRead(out _));

        var promoting = box.Desk.PromoteAsync("192.0.2.6", "person:eve", force: false);
        await box.ReportAsync(box.Web01, box.Block("192.0.2.6"), "enforced");
        Assert.Equal(BlockState.Enforced, Assert.Single(await promoting).Hosts[0].State);
    }

    [Fact]
    public async Task A_person_needs_force_for_an_address_of_a_recent_login_whether_it_is_added_or_promoted()
    {
        await using var box = new ManagerBox("<protect_recent_logins>7</protect_recent_logins>");
        await box.SendAsync(box.Web01, ManagerBox.KeyLogin(Office), ManagerBox.Guess(Office));
        var add = new AddBlockRequest(Office, 60, ["001"], [], false, "why", "person:eve", Force: false);

        var refused = await Assert.ThrowsAsync<RequestRefusedException>(() => box.Desk.AddAsync(add));
        Assert.Contains("--force", refused.Message, StringComparison.Ordinal);
        await Assert.ThrowsAsync<RequestRefusedException>(() => box.Desk.AddAsync(add with { Target = "198.51.100.0/24" }));
        await Assert.ThrowsAsync<RequestRefusedException>(() => box.Desk.PromoteAsync(Office, "person:eve", force: false));
        Assert.Empty(await box.Desk.PromoteAsync(null, "person:eve", force: false));

        var promoting = box.Desk.PromoteAsync(Office, "person:eve", force: true);
        await box.ReportAsync(box.Web01, box.Block(Office), "enforced");
        Assert.Equal(BlockState.Enforced, Assert.Single(await promoting).Hosts[0].State);
    }

    [Fact]
    public async Task Releasing_a_burst_among_known_sources_frees_them_though_they_were_blocked_minutes_ago()
    {
        await using var box = new ManagerBox();
        var staff = Enumerable.Range(1, 20).Select(i => $"198.51.100.{i}").ToArray();
        await box.SendAsync(box.Web01, [.. staff.Select(ManagerBox.PasswordLogin)]);
        foreach (var target in staff[..6])
        {
            await box.SendAsync(box.Web01, ManagerBox.Guess(target));
            box.Time.Advance(TimeSpan.FromMinutes(1));
        }

        Assert.Equal([.. Enumerable.Repeat(BlockState.Sent, 5), BlockState.Observed], staff[..6].Select(t => box.Block(t).Hosts[0].State));
        Assert.Single(box.Alerts(OwnRules.BudgetExceeded.Id));
        foreach (var target in staff[..5])
            await box.ReportAsync(box.Web01, box.Block(target), "enforced");

        var releasing = box.Desk.ReleaseBurstAsync(keep: false);
        foreach (var target in staff[..5])
            await box.ReportAsync(box.Web01, box.Block(target), "released");
        Assert.Equal(staff[..5], (await releasing).Select(b => b.Target));
        Assert.Empty(box.Desk.OpenBreakers);
    }

    [Fact]
    public async Task Scenario_70_A_block_that_failed_on_a_host_raises_one_alert_and_responses_to_it_raise_none()
    {
        await using var box = new ManagerBox();
        await box.SendAsync(box.Web01, ManagerBox.Guess("192.0.2.6"));
        var block = box.Block("192.0.2.6");

        await box.ReportAsync(box.Web01, block, "failed", "EBUSY\n** Alert 1.1: forged");
        await box.ReportAsync(box.Web01, block, "failed", "EBUSY");
        await box.SendAsync(box.Web01, "Jan  1 00:00:00 web01 sshd[11]: nothing");

        var alert = Assert.Single(box.Alerts(OwnRules.ResponseFailed.Id));
        Assert.Contains("drop600 against 192.0.2.6", alert, StringComparison.Ordinal);
        Assert.Contains("EBUSY ** Alert", alert, StringComparison.Ordinal);

        await box.ReportAsync(box.Web01, block, "enforced");
        await box.ReportAsync(box.Web01, block, "failed", "gone");
        await box.SendAsync(box.Web01, "Jan  1 00:00:00 web01 sshd[11]: nothing");
        Assert.Equal(2, box.Alerts(OwnRules.ResponseFailed.Id).Length);
    }
}
