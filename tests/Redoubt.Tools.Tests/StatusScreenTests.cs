using Redoubt.App.Commands;
using Redoubt.Show;

namespace Redoubt.Tests.Tools;

public class StatusScreenTests
{
    private static readonly DateTimeOffset Now = DateTimeOffset.Parse("2026-01-01T12:00:00Z", null);

    private static readonly StatusView Quiet = new(
        Version: "1.0",
        Ready: true,
        Mode: "enforce",
        Configuration: "/m/etc/redoubt.conf",
        Decoders: 1,
        Rules: 940,
        AgentsActive: 0,
        AgentsTotal: 0,
        Blocks: 0,
        BlocksDecided: 0,
        BlocksEnforced: 0,
        Hosts: [],
        OpenBreakers: [],
        new LineCounters(0, 0, 0, 0, 0, 0, 0, 0, 0, 0, null),
        new SpoolView(0, 0, 0),
        Incident: null,
        Refused: new Dictionary<string, long>(),
        AlertsFile: "/m/logs/alerts/alerts.json",
        StartedAt: "2026-01-01T10:58:00.000Z",
        NotReady: []
    );

    [Fact]
    public void Before_the_first_line_it_is_short() =>
        Assert.Equal(
            """
            Redoubt 1.0: all is up, enforce mode, started 1h 02m ago
              agents   0 of 0 connected
              lines    0 a second; the last never
                       0 received = 0 processed + 0 seen before + 0 shed
              alerts   0 since the start, in /m/logs/alerts/alerts.json
              blocks   0 current (redoubt blocks list)
              enforced 0 of 0 decided, on the hosts that are connected
              rules    940 rules; configuration /m/etc/redoubt.conf

            """,
            Shown(Quiet)
        );

    [Fact]
    public void What_is_wrong_comes_first_and_hosts_that_miss_something_before_others()
    {
        var well = Host("001", "web01") with { BlocksDecided = 3, BlocksEnforced = 3 };
        var status = Quiet with
        {
            Ready = false,
            NotReady = ["agent 003 (mail\u001b[31m) is not connected"],
            OpenBreakers = ["001"],
            AgentsActive = 2,
            AgentsTotal = 3,
            Hosts = [well, Host("002", "db01") with { Enforcer = false, SpoolLocation = "df -P", SpoolPercent = 70 }],
            Lines = new LineCounters(1500, 1400, 90, 10, 0, 0, 7, 0, 0, 123.4, "2026-01-01T11:59:57.500Z"),
            Spool = new SpoolView(12, 345, 6),
            Incident = new IncidentView("2026-01-01T11:55:00.000Z", "001", "web01", "the table was gone"),
            Refused = new Dictionary<string, long> { ["no_handshake"] = 2 },
        };

        Assert.Equal(
            """
            Redoubt 1.0: not all is up, enforce mode, started 1h 02m ago
              ! agent 003 (mail·[31m) is not connected
              ! only observing on 001: too many addresses were to be blocked. Undo: redoubt blocks release-burst
              agents   2 of 3 connected
              lines    123 a second; the last 2s ago
                       1,500 received = 1,400 processed + 90 seen before + 10 shed
              spool    345 lines from the network wait, 12 % full; 6 found no room
              alerts   7 since the start, in /m/logs/alerts/alerts.json
              blocks   0 current (redoubt blocks list)
              enforced 0 of 0 decided, on the hosts that are connected
              incident 5m 00s ago, 001 web01: the table was gone
              refused  2 at the agents' port: 2 no handshake
              rules    940 rules; configuration /m/etc/redoubt.conf

              HOST       LINES/S  LAST    DELAY  SHED  ENFORCED  ENFORCER  REPAIRS  SPOOL
              002 db01   1.5      3s ago  12 ms  0     0 of 0    MISSING   0        70 % df -P
              001 web01  1.5      3s ago  12 ms  0     3 of 3    answers   0        -

            """,
            Shown(status)
        );
    }

    [Fact]
    public void A_large_fleet_is_cut()
    {
        var shown = Shown(Quiet with { Hosts = [.. Enumerable.Range(1, 12).Select(i => Host($"{i:000}", "web"))] });

        Assert.Contains("  010 web", shown, StringComparison.Ordinal);
        Assert.DoesNotContain("  011 web", shown, StringComparison.Ordinal);
        Assert.Contains("… and 2 more (redoubt agents list)", shown, StringComparison.Ordinal);
    }

    private static HostView Host(string id, string name) =>
        new(id, name, Enforcer: true, 0, 0, 0, null, 0, new HostLines(10, 10, 0, 0, 1.5, "2026-01-01T11:59:57.000Z", 12));

    private static string Shown(StatusView status)
    {
        var output = new StringWriter { NewLine = "\n" };
        StatusScreen.Write(output, status, Now);
        return output.ToString();
    }
}
