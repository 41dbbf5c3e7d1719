using Redoubt.Model;
using Redoubt.Transport.Protocol;

namespace Redoubt.Tests.Manager;

/// <summary>What lines may lead to by who wrote them.</summary>
public sealed class OriginTests
{
    private const string Victim = "198.51.100.7";

    [Fact]
    public async Task Forged_lines_count_for_no_rule_and_are_told_with_their_writer()
    {
        await using var box = new ManagerBox(more: Response("5710,5712,990006", "any"));

        await box.SendAsync(box.Web01, Origin.Forged, [.. Enumerable.Repeat(ManagerBox.Guess(Victim), 20)]);

        Assert.DoesNotContain(box.Ledger.Newest(1000), b => b.Target == Victim);
        Assert.Empty(box.Alerts(5710));
        Assert.Empty(box.Alerts(5712));
        var alert = Assert.Single(box.Alerts(OwnRules.ForgedLine.Id));
        Assert.Contains("uid 1000 wrote with /usr/bin/logger", alert, StringComparison.Ordinal);
        Assert.Contains("\"origin\":\"forged\"", alert, StringComparison.Ordinal);
        Assert.Contains(Victim, alert, StringComparison.Ordinal);
        Assert.Equal(20, box.Analysis.Counters.Forged);

        box.Time.Advance(TimeSpan.FromSeconds(11));
        await box.SendAsync(box.Web01, Origin.Forged, ManagerBox.Guess(Victim));
        Assert.Contains("19 more before it", box.Alerts(OwnRules.ForgedLine.Id)[^1], StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(Origin.Unprivileged)]
    [InlineData(Origin.Network)]
    [InlineData((Origin)99)]
    public async Task What_anybody_may_have_written_does_not_add_up_with_the_lines_of_daemons(Origin origin)
    {
        await using var box = new ManagerBox(more: Response("5712", "relayed"));

        await box.SendAsync(box.Web01, origin, [.. Enumerable.Repeat(ManagerBox.Guess(Victim), 7)]);
        await box.SendAsync(box.Web01, ManagerBox.Guess(Victim));
        Assert.Empty(box.Alerts(5712));

        // Nor does it hide them.
        await box.SendAsync(box.Web01, [.. Enumerable.Repeat(ManagerBox.Guess(Victim), 7)]);
        Assert.Equal(BlockState.Sent, box.Block(Victim).Hosts[0].State);
    }

    [Theory]
    [InlineData(Origin.Verified, "verified", BlockState.Sent)]
    [InlineData(Origin.Relayed, "verified", BlockState.Skipped)]
    [InlineData(Origin.Unprivileged, "relayed", BlockState.Skipped)]
    [InlineData(Origin.Unprivileged, "any", BlockState.Sent)]
    public async Task A_response_asks_for_an_origin(Origin origin, string required, BlockState state)
    {
        await using var box = new ManagerBox(more: Response("5710", required));

        await box.SendAsync(box.Web01, origin, ManagerBox.Guess(Victim));

        Assert.Equal(state, box.Block(Victim).Hosts[0].State);
    }

    private static string Response(string rules, string origin) =>
        $"""
            <command><name>drop</name><executable>firewall-drop</executable><timeout_allowed>yes</timeout_allowed></command>
            <active-response>
              <command>drop</command><location>local</location><rules_id>{rules}</rules_id><timeout>600</timeout>
              <require_origin>{origin}</require_origin>
            </active-response>
            """;
}
