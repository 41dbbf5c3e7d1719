using Redoubt.Agent.Blocks;
using Redoubt.Model;
using Redoubt.Respond;
using Redoubt.Transport.Protocol;

namespace Redoubt.Tests.Agent.Blocks;

/// <summary>Responses that are programs of the host's owner: run beside the blocks, undone once, over restarts too.</summary>
public sealed class ProgramTests : KeeperTest
{
    private const string Custom = "custom";

    [Fact]
    public async Task A_program_that_holds_something_is_undone_when_its_time_is_over()
    {
        var order = Order(1, seconds: 1800, executable: Custom);
        order.User = "alice";
        order.Protocol = "argv";
        order.Deadline = 90;
        _keeper.Accept(order);

        var run = await _enforcer.NextAsync(EnforceVerb.Run);
        Assert.Equal((Custom, Attacker, "alice", 1_800_000), (run.Response, run.Target, run.User, run.DurationMilliseconds));
        Assert.Equal((Model.ScriptProtocol.Arguments, 90_000), (run.Protocol, run.DeadlineMilliseconds));
        Assert.Equal(("enforced", "exit 0 after 3 ms"), (await _reports.NextAsync()) is var r ? (r.State, r.Reason) : default);

        await AdvanceToEndAsync(TimeSpan.FromSeconds(1800));
        await _enforcer.NextAsync(EnforceVerb.Undo);
        Assert.Equal(
            ("released", "its time is over: exit 0 after 3 ms"),
            (await _reports.NextAsync()) is var e ? (e.State, e.Reason) : default
        );
        Assert.DoesNotContain(1UL, _journal.Blocks.Keys);
    }

    [Fact]
    public async Task Scenario_40_A_program_that_holds_nothing_is_over_at_once_and_runs_again_at_the_next_trigger()
    {
        _enforcer.Program = _ => Task.FromResult<EnforceReply?>(FakeEnforcer.Ran(needsUndo: false));

        _keeper.Accept(Order(1, seconds: 1800, executable: Custom));
        Assert.Equal(("released", "done: exit 0 after 3 ms"), (await _reports.NextAsync()) is var r ? (r.State, r.Reason) : default);
        Assert.DoesNotContain(1UL, _journal.Blocks.Keys);
        _keeper.Accept(Order(2, seconds: 1800, executable: Custom));
        Assert.Equal("released", (await _reports.NextAsync()).State);

        await _enforcer.NextAsync(EnforceVerb.Run);
        await _enforcer.NextAsync(EnforceVerb.Run);
        _time.Advance(TimeSpan.FromSeconds(1801));
        await SettleAsync();
        Assert.False(_enforcer.Got(EnforceVerb.Undo));
    }

    [Fact]
    public async Task Scenario_42_A_block_does_not_wait_for_a_program_that_hangs()
    {
        _enforcer.Program = _ => new TaskCompletionSource<EnforceReply?>().Task;
        _keeper.Accept(Order(1, executable: Custom));
        await _enforcer.NextAsync(EnforceVerb.Run);

        _keeper.Accept(Order(2, target: "192.0.2.7"));

        Assert.Equal(("enforced", 2UL), (await _reports.NextAsync()) is var r ? (r.State, r.Block) : default);
    }

    [Fact]
    public async Task Scenario_44_A_second_trigger_moves_the_end_and_keeps_the_document_of_the_first()
    {
        _keeper.Accept(WithDocument(Order(1, seconds: 600, executable: Custom), "first"));
        await _enforcer.NextAsync(EnforceVerb.Run);
        await _reports.NextAsync();

        _time.Advance(TimeSpan.FromSeconds(300));
        _keeper.Accept(WithDocument(Order(1, seconds: 600, triggers: 2, executable: Custom), "second"));
        var second = await _enforcer.NextAsync(EnforceVerb.Run);
        Assert.Equal((600_000, "{\"id\":\"second\"}"), (second.DurationMilliseconds, second.AlertDocument));
        Assert.Equal(600_000, (await _reports.NextAsync()).Remaining);

        await AdvanceToEndAsync(TimeSpan.FromSeconds(600));
        Assert.Equal("{\"id\":\"first\"}", (await _enforcer.NextAsync(EnforceVerb.Undo)).AlertDocument);
    }

    [Fact]
    public async Task Scenario_57_What_is_in_force_is_held_and_undone_after_a_restart_of_the_agent()
    {
        _keeper.Accept(Order(1, seconds: 1800, executable: Custom));
        await _enforcer.NextAsync(EnforceVerb.Run);
        await _reports.NextAsync();
        await RestartAsync();

        _enforcer.Connect();
        var held = await _enforcer.NextAsync(EnforceVerb.Hold);
        Assert.Equal((Custom, Attacker, "custom-key"), (held.Response, held.Target, held.Key));
        Assert.False(_enforcer.Got(EnforceVerb.Run));

        await AdvanceToEndAsync(TimeSpan.FromSeconds(1800));
        await _enforcer.NextAsync(EnforceVerb.Undo);
        Assert.Equal("released", (await _reports.NextAsync()).State);
    }

    [Fact]
    public async Task Scenario_59_What_ended_while_the_host_was_down_is_undone_at_start()
    {
        _keeper.Accept(Order(1, seconds: 1800, executable: "disable-account", target: ""));
        await _enforcer.NextAsync(EnforceVerb.Run);
        await _reports.NextAsync();
        await StopAsync();
        _time.Advance(TimeSpan.FromSeconds(1801));

        Start();

        Assert.Equal("disable-account", (await _enforcer.NextAsync(EnforceVerb.Undo)).Response);
        Assert.Equal("released", (await _reports.NextAsync()).State);
    }

    [Fact]
    public async Task A_program_that_was_under_way_when_the_agent_was_killed_is_run_again()
    {
        _enforcer.Program = _ => new TaskCompletionSource<EnforceReply?>().Task;
        _keeper.Accept(Order(1, seconds: 1800, executable: Custom));
        await _enforcer.NextAsync(EnforceVerb.Run);
        await StopAsync();
        _enforcer.Program = null;

        Start();
        _enforcer.Connect();

        await _enforcer.NextAsync(EnforceVerb.Run);
        Assert.Equal("enforced", (await _reports.NextAsync()).State);
    }

    [Theory]
    [InlineData(EnforceOutcome.Refused, "failed")]
    [InlineData(EnforceOutcome.Failed, "failed")]
    [InlineData(EnforceOutcome.Skipped, "skipped")]
    public async Task Scenario_49_A_program_that_could_not_be_run_gives_one_result_and_is_not_tried_again(
        EnforceOutcome outcome,
        string state
    )
    {
        _enforcer.Program = _ => Task.FromResult<EnforceReply?>(new EnforceReply { Outcome = outcome, Reason = "is not there" });

        _keeper.Accept(Order(1, seconds: 60, executable: Custom));

        Assert.Equal((state, "is not there"), (await _reports.NextAsync()) is var r ? (r.State, r.Reason) : default);
        await _enforcer.NextAsync(EnforceVerb.Run);
        _time.Advance(TimeSpan.FromSeconds(61));
        await SettleAsync();
        Assert.False(_enforcer.Got(EnforceVerb.Run));
        Assert.False(_enforcer.Got(EnforceVerb.Undo));
        Assert.DoesNotContain(1UL, _journal.Blocks.Keys);
    }

    [Fact]
    public async Task What_failed_half_way_is_undone_at_its_end()
    {
        _enforcer.Program = r =>
            Task.FromResult<EnforceReply?>(
                r.Verb == EnforceVerb.Run
                    ? new EnforceReply
                    {
                        Outcome = EnforceOutcome.Failed,
                        Reason = "exit 1",
                        NeedsUndo = true,
                    }
                    : new EnforceReply { Outcome = EnforceOutcome.Released, Reason = "exit 0" }
            );
        _keeper.Accept(Order(1, seconds: 60, executable: Custom));
        Assert.Equal("failed", (await _reports.NextAsync()).State);

        await AdvanceToEndAsync(TimeSpan.FromSeconds(60));

        Assert.Equal("released", (await _reports.NextAsync()).State);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Without_an_enforcer_or_with_a_busy_one_a_program_is_run_later(bool busy)
    {
        _enforcer.IsThere = busy;
        _enforcer.Program = busy
            ? _ => Task.FromResult<EnforceReply?>(new EnforceReply { Outcome = EnforceOutcome.Busy, Reason = "128 are running" })
            : null;
        _keeper.Accept(Order(1, seconds: 1800, executable: Custom));
        Assert.Equal("failed", (await _reports.NextAsync()).State);
        _enforcer.IsThere = true;
        _enforcer.Program = null;

        await AdvanceToEndAsync(TimeSpan.FromSeconds(5));

        Assert.Equal("enforced", (await _reports.NextAsync()).State);
    }

    [Fact]
    public async Task A_failed_undo_is_tried_again_ever_more_seldom_until_it_works()
    {
        var fails = 2;
        _enforcer.Program = r =>
            Task.FromResult<EnforceReply?>(
                r.Verb == EnforceVerb.Run ? FakeEnforcer.Ran(needsUndo: true)
                : fails-- > 0 ? new EnforceReply { Outcome = EnforceOutcome.Failed, Reason = "exit 1" }
                : new EnforceReply { Outcome = EnforceOutcome.Released, Reason = "exit 0" }
            );
        _keeper.Accept(Order(1, seconds: 60, executable: Custom));
        await _reports.NextAsync();

        await AdvanceToEndAsync(TimeSpan.FromSeconds(60));
        Assert.Equal(("failed", "undo: exit 1"), (await _reports.NextAsync()) is var r ? (r.State, r.Reason) : default);
        await AdvanceToEndAsync(TimeSpan.FromSeconds(5));
        Assert.Equal("failed", (await _reports.NextAsync()).State);
        await AdvanceToEndAsync(TimeSpan.FromSeconds(10));
        Assert.Equal("released", (await _reports.NextAsync()).State);
    }

    [Fact]
    public async Task A_person_who_removes_it_undoes_it_even_while_it_runs()
    {
        var running = new TaskCompletionSource<EnforceReply?>();
        _enforcer.Program = r =>
            r.Verb == EnforceVerb.Run
                ? running.Task
                : Task.FromResult<EnforceReply?>(new EnforceReply { Outcome = EnforceOutcome.Released, Reason = "exit 0" });
        _keeper.Accept(Order(1, seconds: 1800, executable: Custom));
        await _enforcer.NextAsync(EnforceVerb.Run);

        _keeper.Accept(Removal(1, forget: false, Custom));

        await _enforcer.NextAsync(EnforceVerb.Undo);
        Assert.Equal("released", (await _reports.NextAsync()).State);
        running.SetResult(FakeEnforcer.Ran(needsUndo: true));
        await SettleAsync();
        Assert.DoesNotContain(1UL, _journal.Blocks.Keys);
    }

    [Fact]
    public async Task What_ended_while_no_manager_was_there_is_told_again_after_the_next_connection()
    {
        _enforcer.Program = _ =>
            Task.FromResult<EnforceReply?>(new EnforceReply { Outcome = EnforceOutcome.Skipped, Reason = "an administrator" });
        _keeper.Accept(Order(1, executable: Custom));
        Assert.Equal("skipped", (await _reports.NextAsync()).State);

        _keeper.ReportAll();

        Assert.Equal(("skipped", "an administrator", 1UL), (await _reports.NextAsync()) is var r ? (r.State, r.Reason, r.Block) : default);
    }

    [Fact]
    public async Task Triggers_while_it_runs_are_the_same_offence()
    {
        Use(new BlockSettings { Ladder = new OffenderLadder { Minutes = [60, 120] } });
        var running = new TaskCompletionSource<EnforceReply?>();
        _enforcer.Program = _ => running.Task;
        for (var i = 1U; i <= 10; i++)
            _keeper.Accept(Order(1, seconds: 1800, triggers: i, executable: Custom));
        for (var i = 0; i < 10; i++)
            Assert.Equal(1_800_000, (await _enforcer.NextAsync(EnforceVerb.Run)).DurationMilliseconds);

        running.SetResult(FakeEnforcer.Ran(needsUndo: true));

        Assert.Equal(("enforced", 0), (await _reports.NextAsync()) is var r ? (r.State, r.Step) : default);
    }

    [Fact]
    public async Task A_program_and_a_block_for_one_address_end_apart()
    {
        _keeper.Accept(Order(1, seconds: 60));
        _keeper.Accept(Order(2, seconds: 3600, executable: Custom));
        await _reports.NextAsync();
        await _reports.NextAsync();

        await AdvanceToEndAsync(TimeSpan.FromSeconds(60));

        Assert.Equal(("released", 1UL), (await _reports.NextAsync()) is var r ? (r.State, r.Block) : default);
        Assert.False(_enforcer.Holds(Attacker));
        Assert.Equal([2UL], _journal.Blocks.Keys);
    }

    private static BlockOrder WithDocument(BlockOrder order, string id)
    {
        order.Document = $"{{\"id\":\"{id}\"}}";
        return order;
    }

    // Everything that was asked of the keeper before is done when a block that comes after it is made.
    private async Task SettleAsync()
    {
        _keeper.Accept(Order(99, target: "192.0.2.99"));
        while ((await _reports.NextAsync()).Block != 99) { }
    }
}
