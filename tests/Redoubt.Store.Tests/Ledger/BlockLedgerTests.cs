using Redoubt.Model;
using Redoubt.Store;

namespace Redoubt.Tests.Store;

public class BlockLedgerTests
{
    private const long Start = 1_000_000;

    [Fact]
    public void What_a_person_asks_for_is_a_block_of_its_own_or_more_time_for_the_one_that_is_there()
    {
        using var box = new StoreBox();
        Assert.True(BlockTarget.TryParse("10.0.0.6", out var target));
        var byHand = new ManualBlock(target, 60, "looks odd", "person:eve", "manual-1");

        var first = box.Ledger.Record(byHand, ["001"], "{}", Start);
        box.Ledger.Report(first.Id, "001", BlockState.Enforced, null, Start, Start + 60_000, 0);
        var longer = box.Ledger.Record(byHand with { Seconds = 600, Author = "person:bob" }, ["001"], "{}", Start + 1000);
        box.Reopen();

        var block = Assert.Single(box.Ledger.Current(Start + 1000));
        Assert.Equal(first.Id, longer.Id);
        Assert.True(
            block
                is {
                    Rule: 0,
                    ByPerson: true,
                    Author: "person:bob",
                    Triggers: 2,
                    Seconds: 600,
                    FirstSeen: 0,
                    AlertId: "manual-1",
                    Target: "10.0.0.6"
                }
        );
        Assert.True(block.Hosts[0].Version > first.Hosts[0].Version, "Expected a new order for the host.");

        // A rule that meets the same target afterwards makes it an offence again.
        Assert.False(box.Ledger.Record(Decide(), ["001"], "{}", Start + 2000).ByPerson);
    }

    [Fact]
    public void Protected_entries_survive_a_restart_and_end_on_time()
    {
        using var box = new StoreBox();
        box.Allowed.Put(new AllowedEntry("10.0.0.0/8", "ours", "person:eve", Start, null));
        box.Allowed.Put(new AllowedEntry("192.0.2.7", "a test", "person:eve", Start, Start + 1000));
        box.Allowed.Put(new AllowedEntry("10.0.0.0/8", "still ours", "person:bob", Start, null));
        box.Reopen();

        Assert.Equal(["10.0.0.0/8", "192.0.2.7"], box.Allowed.Current(Start).Select(a => a.Entry));
        Assert.Equal("still ours", Assert.Single(box.Allowed.Current(Start + 1000)).Why);
        Assert.True(box.Allowed.Remove("10.0.0.0/8"));
        Assert.False(box.Allowed.Remove("10.0.0.0/8"));
    }

    [Fact]
    public void A_decision_becomes_a_block_with_everything_that_led_to_it()
    {
        using var box = new StoreBox();

        box.Ledger.Record(Decide() with { Arguments = ["--zone", "dmz"], User = "eve" }, ["001", "002"], "{\"a\":1}", Start);
        box.Reopen();

        var block = Assert.Single(box.Ledger.Current(Start));
        Assert.True(
            block
                is {
                    Response: "firewall-drop600",
                    Executable: "firewall-drop",
                    Target: "10.0.0.6",
                    User: "eve",
                    Rule: 5712,
                    AlertId: "1.2",
                    Author: "rule"
                }
        );
        Assert.True(
            block
                is {
                    Start: Start,
                    Seconds: 600,
                    Triggers: 1,
                    LastTrigger: Start,
                    FirstSeen: 77,
                    Document: "{\"a\":1}",
                    Observe: false,
                    Removed: false,
                    Forget: false
                }
        );
        Assert.Equal("brute force", block.Description);
        Assert.Equal(["--zone", "dmz"], block.Arguments);
        Assert.Equal(["now \uFFFD", "before"], block.Evidence);
        Assert.Equal(["001", "002"], block.Hosts.Select(h => h.Agent));
        Assert.All(block.Hosts, h => Assert.True(h is { State: BlockState.Decided, Reason: null, Step: 0, Ends: Start + 600_000 }));
        Assert.Equal(Start + 600_000, block.End);
    }

    [Fact]
    public void A_further_trigger_of_a_current_block_extends_it()
    {
        using var box = new StoreBox();
        var first = Record(box, Decide());
        Report(box, first, BlockState.Enforced, Start + 600_000);

        var again = box.Ledger.Record(Decide(seconds: 900, alert: "2.0"), ["001"], "{}", Start + 60_000);

        Assert.Equal(first.Id, again.Id);
        Assert.True(again is { Triggers: 2, LastTrigger: Start + 60_000, AlertId: "2.0", Seconds: 900, Start: Start });
        var host = Assert.Single(again.Hosts);
        Assert.Equal((BlockState.Enforced, Start + 960_000), (host.State, host.Ends));
        Assert.True(host.Version > first.Hosts[0].Version);
    }

    [Fact]
    public void A_shorter_trigger_never_shortens_a_block_and_one_without_end_stays_without()
    {
        using var box = new StoreBox();
        Record(box, Decide());
        Assert.Equal(Start + 600_000, box.Ledger.Record(Decide(seconds: 10), ["001"], "{}", Start + 1000).End);

        Assert.Null(box.Ledger.Record(Decide(seconds: 0), ["001"], "{}", Start + 2000).End);
        Assert.Null(box.Ledger.Record(Decide(seconds: 10), ["001"], "{}", Start + 3000).End);
    }

    [Fact]
    public void The_ledger_is_the_ladders_memory()
    {
        using var box = new StoreBox();
        var ladder = new OffenderLadder { Minutes = [60, 120], ResetAfter = TimeSpan.FromHours(10) };
        var at = Start;
        LedgerBlock Offend(BlockState state = BlockState.Decided)
        {
            box.Reopen();
            var block = box.Ledger.Record(Decide() with { State = state }, ["001"], "{}", at, ladder);
            Assert.Equal(block.Id, box.Ledger.Record(Decide() with { State = state }, ["001"], "{}", at + 10_000, ladder).Id);
            at = box.Ledger.Get(block.Id)!.End!.Value + 1000;
            return box.Ledger.Get(block.Id)!;
        }

        Assert.Equal(
            [(600, 0), (3600, 1), (7200, 2), (7200, 2)],
            Enumerable.Range(0, 4).Select(_ => Offend()).Select(b => ((int)b.Seconds, b.Step))
        );

        // What is only observed climbs a ladder of its own, and being passed over is no offence.
        Assert.Equal((0, 1), (Offend(BlockState.Observed).Step, Offend(BlockState.Observed).Step));
        Assert.Equal(0, Offend(BlockState.Skipped).Step);

        var forgotten = Offend();
        box.Ledger.Remove(forgotten.Id, forget: true, at);
        Assert.Equal(0, Offend().Step);
        Assert.Equal(1, Offend().Step);
        at += (long)TimeSpan.FromHours(10).TotalMilliseconds;
        Assert.Equal(0, Offend().Step);
    }

    [Fact]
    public void After_its_end_or_its_removal_the_next_trigger_is_a_new_block()
    {
        using var box = new StoreBox();
        var first = Record(box, Decide());
        var second = box.Ledger.Record(Decide(), ["001"], "{}", Start + 600_000);
        Assert.NotEqual(first.Id, second.Id);

        box.Ledger.Remove(second.Id, forget: false, Start + 600_001);
        Assert.NotEqual(second.Id, box.Ledger.Record(Decide(), ["001"], "{}", Start + 600_002).Id);
    }

    [Fact]
    public void Another_target_or_another_program_is_another_block()
    {
        using var box = new StoreBox();

        var ids = new[] { Decide(), Decide("10.0.0.7"), Decide("2001:db8::6"), Decide(executable: "host-deny") }.Select(d =>
            Record(box, d).Id
        );

        Assert.Equal(4, ids.Distinct().Count());
    }

    [Fact]
    public void Without_an_address_another_user_is_another_block()
    {
        using var box = new StoreBox();
        var account = Decide(executable: "disable-account") with { Target = null, User = "eve" };

        Assert.Equal(Record(box, account).Id, Record(box, account).Id);
        Assert.NotEqual(Record(box, account).Id, Record(box, account with { User = "mallory" }).Id);
        Assert.NotEqual(Record(box, account).Id, Record(box, account with { User = null }).Id);
    }

    [Fact]
    public void With_an_address_the_user_makes_no_difference()
    {
        using var box = new StoreBox();

        Assert.Equal(Record(box, Decide() with { User = "eve" }).Id, Record(box, Decide() with { User = "mallory" }).Id);
    }

    [Fact]
    public void A_skip_a_block_and_an_observation_are_entries_of_their_own()
    {
        using var box = new StoreBox();
        var skip = Decide() with { State = BlockState.Skipped, Reason = "white_list 10.0.0.6" };
        var observed = Decide() with { State = BlockState.Observed, Reason = "observe mode" };
        var entries = new[] { skip, Decide(), observed }.Select(d => Record(box, d)).ToArray();

        Assert.Equal(3, entries.Select(e => e.Id).Distinct().Count());
        Assert.Equal([BlockState.Skipped, BlockState.Decided, BlockState.Observed], entries.Select(e => e.Hosts[0].State));
        Assert.Equal(["white_list 10.0.0.6", null, "observe mode"], entries.Select(e => e.Hosts[0].Reason));
        Assert.Equal([false, false, true], entries.Select(e => e.Observe));
        Assert.Equal(entries.Select(e => e.Id), new[] { skip, Decide(), observed }.Select(d => Record(box, d).Id));
    }

    [Fact]
    public void A_skip_without_a_timeout_is_current_for_a_day()
    {
        using var box = new StoreBox();
        box.Ledger.Record(Decide() with { Seconds = 0, State = BlockState.Skipped, Reason = "white_list 10.0.0.6" }, ["001"], "{}", Start);

        Assert.Single(box.Ledger.Current(Start + 86_399_000));
        Assert.Empty(box.Ledger.Current(Start + 86_401_000));
    }

    [Fact]
    public void An_outcome_that_is_known_at_once_is_recorded_and_forgotten_when_it_is_tried_again()
    {
        using var box = new StoreBox();
        var failed = box.Ledger.Record(Decide(), ["000"], "{}", Start);
        box.Ledger.Report(failed.Id, "000", BlockState.Failed, "no enforcer", Start, failed.End, step: 0);
        failed = box.Ledger.Get(failed.Id)!;
        Assert.Equal((BlockState.Failed, "no enforcer"), (failed.Hosts[0].State, failed.Hosts[0].Reason));

        var again = box.Ledger.Record(Decide(), ["000"], "{}", Start + 1000);

        Assert.Equal(failed.Id, again.Id);
        Assert.Equal((BlockState.Decided, (string?)null, Start + 1000), (again.Hosts[0].State, again.Hosts[0].Reason, again.Hosts[0].At));
    }

    [Fact]
    public void An_agent_that_was_away_gets_the_orders_it_does_not_have_oldest_first()
    {
        using var box = new StoreBox();
        var first = Record(box, Decide("10.0.0.1"));
        var second = Record(box, Decide("10.0.0.2"));
        box.Ledger.Record(Decide("10.0.0.3"), ["002"], "{}", Start);
        Record(box, Decide("10.0.0.4") with { State = BlockState.Skipped });
        Record(box, Decide("10.0.0.5") with { State = BlockState.Observed });

        Assert.Equal([first.Id, second.Id], Orders(box, 0));
        Assert.Equal([second.Id], Orders(box, first.Hosts[0].Version));
        Assert.Empty(Orders(box, second.Hosts[0].Version));

        // A further trigger and a removal are new orders.
        var third = Record(box, Decide("10.0.0.1"));
        box.Ledger.Remove(second.Id, forget: false, Start);
        Assert.Equal([first.Id, second.Id], Orders(box, second.Hosts[0].Version));
        Assert.Equal([second.Id], Orders(box, third.Hosts[0].Version));
    }

    [Fact]
    public void An_agent_that_knows_more_than_a_ledger_from_a_backup_gets_what_is_in_force()
    {
        using var box = new StoreBox();
        var current = Record(box, Decide("10.0.0.1"));
        var removed = Record(box, Decide("10.0.0.2"));
        box.Ledger.Remove(removed.Id, forget: false, Start);

        Assert.Equal([current.Id], Orders(box, 1_000_000));
    }

    [Fact]
    public void An_agent_that_knows_nothing_gets_only_what_is_in_force_on_it()
    {
        using var box = new StoreBox();
        var current = Record(box, Decide("10.0.0.1"));
        var removed = Record(box, Decide("10.0.0.2"));
        box.Ledger.Remove(removed.Id, forget: false, Start);
        Record(box, Decide("10.0.0.3", seconds: 5));
        var elsewhere = box.Ledger.Record(Decide("10.0.0.4"), ["001", "002"], "{}", Start);
        Report(box, elsewhere, BlockState.Released, Start + 1000);

        Assert.Equal([current.Id], box.Ledger.OrdersSince("001", 0, Start + 10_000).Select(b => b.Id));
        Assert.Equal([elsewhere.Id], box.Ledger.OrdersSince("002", 0, Start + 10_000).Select(b => b.Id));
    }

    [Fact]
    public void A_handed_over_order_is_sent_and_a_report_is_believed()
    {
        using var box = new StoreBox();
        var block = Record(box, Decide());
        box.Ledger.MarkSent(block.Id, "001", Start + 1);
        Assert.Equal(BlockState.Sent, box.Ledger.Get(block.Id)!.Hosts[0].State);

        box.Ledger.Report(block.Id, "001", BlockState.Enforced, null, Start + 2, Start + 7_200_000, step: 2);
        var host = box.Ledger.Get(block.Id)!.Hosts[0];
        Assert.True(host is { State: BlockState.Enforced, At: Start + 2, Ends: Start + 7_200_000, Step: 2 });

        // The order was answered before it was marked.
        box.Ledger.MarkSent(block.Id, "001", Start + 3);
        Assert.Equal(BlockState.Enforced, box.Ledger.Get(block.Id)!.Hosts[0].State);
    }

    [Theory]
    [InlineData(long.MaxValue)]
    [InlineData(long.MinValue)]
    public void An_end_that_no_calendar_has_can_still_be_shown(long ends)
    {
        using var box = new StoreBox();
        var block = Record(box, Decide());

        Report(box, block, BlockState.Enforced, ends);

        var stored = box.Ledger.Get(block.Id)!.End!.Value;
        Assert.InRange(DateTimeOffset.FromUnixTimeMilliseconds(stored).Year, 1970, 9999);
    }

    [Fact]
    public void A_report_about_another_hosts_block_changes_nothing()
    {
        using var box = new StoreBox();
        var block = Record(box, Decide());

        box.Ledger.Report(block.Id, "002", BlockState.Released, null, Start, Start, 0);
        box.Ledger.Report(block.Id + 9, "001", BlockState.Released, null, Start, Start, 0);

        Assert.Equal(BlockState.Decided, Assert.Single(box.Ledger.Get(block.Id)!.Hosts).State);
    }

    [Fact]
    public void A_removal_is_a_new_order_for_every_host_and_releases_those_that_did_nothing()
    {
        using var box = new StoreBox();
        var block = box.Ledger.Record(Decide(), ["001", "002", "003"], "{}", Start);
        Report(box, block, BlockState.Enforced, Start + 600_000);
        box.Ledger.Report(block.Id, "002", BlockState.Skipped, "never-block", Start, Start + 600_000, 0);

        var removed = box.Ledger.Remove(block.Id, forget: true, Start + 5)!;

        Assert.True(removed is { Removed: true, Forget: true });
        Assert.Equal([BlockState.Enforced, BlockState.Released, BlockState.Decided], removed.Hosts.Select(h => h.State));
        Assert.All(removed.Hosts.Zip(block.Hosts), pair => Assert.True(pair.First.Version > pair.Second.Version));
        Assert.True(box.Ledger.Remove(block.Id, forget: false, Start + 6)!.Forget);
        Assert.Null(box.Ledger.Remove(999, forget: false, Start));
    }

    [Fact]
    public void A_block_is_current_until_its_last_host_is_done()
    {
        using var box = new StoreBox();
        var block = box.Ledger.Record(Decide(), ["001", "002"], "{}", Start);
        Report(box, block, BlockState.Released, Start);
        Assert.Single(box.Ledger.Current(Start + 599_999));
        Assert.Empty(box.Ledger.Current(Start + 600_000));

        box.Ledger.Report(block.Id, "002", BlockState.Released, null, Start, Start, 0);
        Assert.Empty(box.Ledger.Current(Start));
        Assert.Equal([block.Id], box.Ledger.Newest(10).Select(b => b.Id));
    }

    [Fact]
    public void The_newest_are_the_last_ones_oldest_first()
    {
        using var box = new StoreBox();
        var ids = Enumerable.Range(1, 5).Select(n => Record(box, Decide($"10.0.0.{n}")).Id).ToArray();

        Assert.Equal(ids[3..], box.Ledger.Newest(2).Select(b => b.Id));
    }

    [Fact]
    public void A_block_without_a_host_has_no_end_and_is_not_current()
    {
        using var box = new StoreBox();

        var block = box.Ledger.Record(Decide(), [], "{}", Start);

        Assert.Null(block.End);
        Assert.False(block.IsCurrent(Start));
    }

    [Fact]
    public void Versions_go_on_after_a_restart()
    {
        using var box = new StoreBox();
        var before = Record(box, Decide("10.0.0.1")).Hosts[0].Version;

        box.Reopen();

        Assert.True(Record(box, Decide("10.0.0.2")).Hosts[0].Version > before);
    }

    [Fact]
    public void Many_at_once_get_a_version_each()
    {
        using var box = new StoreBox();

        Parallel.For(0, 64, n => Record(box, Decide($"10.0.0.{n}")));

        Assert.Equal(64, box.Ledger.Newest(100).Select(b => b.Hosts[0].Version).Distinct().Count());
    }

    [Theory]
    [InlineData("decided", BlockState.Decided)]
    [InlineData("sent", BlockState.Sent)]
    [InlineData("enforced", BlockState.Enforced)]
    [InlineData("failed", BlockState.Failed)]
    [InlineData("skipped", BlockState.Skipped)]
    [InlineData("observed", BlockState.Observed)]
    [InlineData("released", BlockState.Released)]
    public void Each_state_has_its_word(string word, BlockState state)
    {
        Assert.Equal(word, BlockLedger.Word(state));
        Assert.Equal(state, BlockLedger.StateOf(word));
    }

    [Theory]
    [InlineData("")]
    [InlineData("1")]
    [InlineData("-1")]
    [InlineData("blocked")]
    [InlineData("enforced, sent")]
    public void Any_other_word_is_no_state(string word) => Assert.Null(BlockLedger.StateOf(word));

    private static LedgerBlock Record(StoreBox box, Decision decision) => box.Ledger.Record(decision, ["001"], "{}", Start);

    private static void Report(StoreBox box, LedgerBlock block, BlockState state, long ends) =>
        box.Ledger.Report(block.Id, "001", state, null, Start, ends, 0);

    private static IEnumerable<long> Orders(StoreBox box, long since) => box.Ledger.OrdersSince("001", since, Start).Select(b => b.Id);

    private static Decision Decide(
        string target = "10.0.0.6",
        string executable = "firewall-drop",
        long seconds = 600,
        string alert = "1.2"
    )
    {
        Assert.True(BlockTarget.TryParse(target, out var parsed));
        return new Decision
        {
            Alert = new Alert
            {
                Id = alert,
                ArrivalUnixMilliseconds = 77,
                Rule = new RuleSummary
                {
                    Id = 5712,
                    Level = 10,
                    Description = "x",
                    GroupString = "sshd,",
                },
                Description = "brute force",
                Agent = new AgentIdentity("001", "web01", null),
                Location = "/var/log/auth.log",
                FullLog = [.. "now "u8, 0xFF],
                PreviousLines = ["before"u8.ToArray()],
            },
            Response = executable + seconds,
            Executable = executable,
            Target = parsed,
            Hosts = ResponseHosts.Local,
            Seconds = seconds,
            State = BlockState.Decided,
        };
    }
}
