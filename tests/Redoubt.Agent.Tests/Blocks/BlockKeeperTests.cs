using Redoubt.Agent.Blocks;
using Redoubt.Model;
using Redoubt.Respond;

namespace Redoubt.Tests.Agent.Blocks;

public sealed class BlockKeeperTests : KeeperTest
{
    [Fact]
    public async Task A_block_gets_its_whole_time_and_is_released_when_it_is_over()
    {
        _keeper.Accept(Order(seconds: 1800));

        Assert.Equal(1_800_000, (await _enforcer.NextAsync(EnforceVerb.Block)).DurationMilliseconds);
        Assert.Equal("enforced", (await _reports.NextAsync()).State);

        await AdvanceToEndAsync(TimeSpan.FromSeconds(1800));
        await _enforcer.NextAsync(EnforceVerb.Release);
        Assert.Equal("released", (await _reports.NextAsync()).State);
    }

    [Fact]
    public async Task Scenario_52_Successive_offences_climb_the_ladder_and_stay_on_its_last_step()
    {
        Use(new BlockSettings { Ladder = new OffenderLadder { Minutes = [60, 120, 180] } });
        foreach (var (block, minutes) in new[] { 30, 60, 120, 180, 180 }.Select((m, i) => ((ulong)i + 1, m)))
        {
            _keeper.Accept(Order(block, seconds: 1800));
            Assert.Equal(minutes * 60_000L, (await _enforcer.NextAsync(EnforceVerb.Block)).DurationMilliseconds);
            Assert.Equal((int)block - 1 is var step && step > 3 ? 3 : step, (await _reports.NextAsync()).Step);
            _keeper.Accept(Removal(block, forget: false));
            Assert.Equal("released", (await _reports.NextAsync()).State);
        }
    }

    [Fact]
    public async Task Forgetting_starts_the_ladder_anew()
    {
        Use(new BlockSettings { Ladder = new OffenderLadder { Minutes = [60] } });
        foreach (var (block, forget, minutes) in new[] { (1UL, true, 30), (2UL, false, 30), (3UL, false, 60) })
        {
            _keeper.Accept(Order(block, seconds: 1800));
            Assert.Equal(minutes * 60_000L, (await _enforcer.NextAsync(EnforceVerb.Block)).DurationMilliseconds);
            _keeper.Accept(Removal(block, forget));
            await _enforcer.NextAsync(EnforceVerb.Release);
        }
    }

    [Fact]
    public async Task Scenario_53_The_ladder_outlives_a_restart()
    {
        Use(new BlockSettings { Ladder = new OffenderLadder { Minutes = [60] } });
        _keeper.Accept(Order(1, seconds: 1800));
        await _enforcer.NextAsync(EnforceVerb.Block);
        _keeper.Accept(Removal(1, forget: false));
        await _enforcer.NextAsync(EnforceVerb.Release);

        await RestartAsync();
        Use(new BlockSettings { Ladder = new OffenderLadder { Minutes = [60] } });
        _keeper.Accept(Order(2, seconds: 1800));

        Assert.Equal(3_600_000, (await _enforcer.NextAsync(EnforceVerb.Block)).DurationMilliseconds);
    }

    [Fact]
    public async Task Scenario_54_A_source_that_was_quiet_for_ten_times_the_longest_step_starts_anew()
    {
        Use(new BlockSettings { Ladder = new OffenderLadder { Minutes = [60] } });
        foreach (var (block, quietMinutes, minutes) in new[] { (1UL, 0, 30), (2UL, 60, 60), (3UL, (10 * 60) + 61, 30) })
        {
            _time.Advance(TimeSpan.FromMinutes(quietMinutes));
            _keeper.Accept(Order(block, seconds: 1800));
            Assert.Equal(minutes * 60_000L, (await _enforcer.NextAsync(EnforceVerb.Block)).DurationMilliseconds);
            _keeper.Accept(Removal(block, forget: false));
            await _enforcer.NextAsync(EnforceVerb.Release);
        }
    }

    [Fact]
    public async Task Scenario_57_A_stopped_and_started_agent_leaves_its_blocks_with_their_ends()
    {
        _keeper.Accept(Order(1, seconds: 1800));
        await _enforcer.NextAsync(EnforceVerb.Block);
        await _reports.NextAsync();
        _time.Advance(TimeSpan.FromSeconds(600));

        await RestartAsync();
        _enforcer.Connect();

        await _enforcer.NextAsync(EnforceVerb.Load);
        Assert.False(_enforcer.Got(EnforceVerb.Release));
        Assert.True(_enforcer.Holds(Attacker));
        await AdvanceToEndAsync(TimeSpan.FromSeconds(1200));
        await _enforcer.NextAsync(EnforceVerb.Release);
        Assert.Equal("released", (await _reports.NextAsync()).State);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(-1)]
    public async Task Scenario_61_A_clock_that_jumps_an_hour_moves_no_end(int hours)
    {
        _keeper.Accept(Order(1, seconds: 1800, executable: "custom"));
        _keeper.Accept(Order(2, seconds: 1800));
        await _enforcer.NextAsync(EnforceVerb.Block);
        await _reports.NextAsync();
        await _reports.NextAsync();

        _time.Jump = TimeSpan.FromHours(hours);
        _keeper.Accept(Order(2, seconds: 600, triggers: 2));
        Assert.Equal(1_800_000, (await _enforcer.NextAsync(EnforceVerb.Block)).DurationMilliseconds);
        await _reports.NextAsync();
        await AdvanceToEndAsync(TimeSpan.FromSeconds(1800));

        Assert.Equal("released", (await _reports.NextAsync()).State);
        Assert.Equal("released", (await _reports.NextAsync()).State);
    }

    [Fact]
    public async Task Scenario_55_Lines_under_way_when_the_block_began_are_the_same_offence()
    {
        Use(new BlockSettings { Ladder = new OffenderLadder { Minutes = [60, 120] } });
        _keeper.Accept(Order(1, seconds: 1800));
        await _enforcer.NextAsync(EnforceVerb.Block);

        _time.Advance(TimeSpan.FromSeconds(1));
        _keeper.Accept(Order(1, seconds: 1800, triggers: 2));
        var renewed = await _enforcer.NextAsync(EnforceVerb.Block);
        Assert.True(renewed.AlreadyActive);
        Assert.Equal(1_800_000, renewed.DurationMilliseconds);

        _time.Advance(TimeSpan.FromSeconds(60));
        _keeper.Accept(Order(1, seconds: 1800, triggers: 3));
        Assert.Equal(1_800_000, (await _enforcer.NextAsync(EnforceVerb.Block)).DurationMilliseconds);
    }

    [Fact]
    public async Task Scenario_56_A_later_shorter_response_never_shortens_a_block()
    {
        _keeper.Accept(Order(1, seconds: 3600));
        await _enforcer.NextAsync(EnforceVerb.Block);

        _time.Advance(TimeSpan.FromSeconds(60));
        _keeper.Accept(Order(1, seconds: 60, triggers: 2));

        Assert.Equal(3_540_000, (await _enforcer.NextAsync(EnforceVerb.Block)).DurationMilliseconds);
    }

    [Fact]
    public async Task Scenario_26_An_order_that_waited_for_the_host_has_its_remaining_time_and_a_past_one_does_nothing()
    {
        _keeper.Accept(Order(1, seconds: 1800, age: 600_000));
        Assert.Equal(1_200_000, (await _enforcer.NextAsync(EnforceVerb.Block)).DurationMilliseconds);
        Assert.Equal("enforced", (await _reports.NextAsync()).State);

        _keeper.Accept(Order(2, seconds: 60, age: 600_000, target: "192.0.2.7"));
        Assert.Equal("released", (await _reports.NextAsync()).State);
        Assert.False(_enforcer.Holds("192.0.2.7"));
    }

    [Fact]
    public async Task A_killed_agent_knows_its_blocks_and_releases_what_ended_meanwhile()
    {
        _keeper.Accept(Order(1, seconds: 1800));
        await _enforcer.NextAsync(EnforceVerb.Block);
        await _reports.NextAsync();
        await StopAsync();
        _time.Advance(TimeSpan.FromSeconds(1801));

        Start();

        await _enforcer.NextAsync(EnforceVerb.Release);
        Assert.Equal("released", (await _reports.NextAsync()).State);
    }

    [Fact]
    public async Task Scenario_59_A_block_that_a_reboot_took_out_of_the_kernel_is_put_back_for_its_remaining_time()
    {
        _keeper.Accept(Order(1, seconds: 1800));
        await _enforcer.NextAsync(EnforceVerb.Block);
        await _reports.NextAsync();
        _enforcer.Lose(Attacker);
        _time.Advance(TimeSpan.FromSeconds(300));

        _enforcer.Connect();

        var load = await _enforcer.NextAsync(EnforceVerb.Load);
        Assert.Equal([Attacker], load.Targets);
        Assert.Equal([1_500_000L], load.TargetsDurationMilliseconds);
        Assert.True(_enforcer.Holds(Attacker));
    }

    [Fact]
    public async Task A_block_that_can_not_be_put_back_has_failed_and_is_tried_again()
    {
        _keeper.Accept(Order(1, seconds: 1800));
        Assert.Equal("enforced", (await _reports.NextAsync()).State);
        _enforcer.Lose(Attacker);
        _enforcer.BlockAnswer = new EnforceReply { Outcome = EnforceOutcome.Failed, Reason = "EBUSY" };
        _enforcer.Connect();
        var failed = await _reports.NextAsync();
        Assert.Equal(("failed", "EBUSY"), (failed.State, failed.Reason));
        _enforcer.BlockAnswer = null;

        await AdvanceToEndAsync(TimeSpan.FromSeconds(5));

        Assert.Equal("enforced", (await _reports.NextAsync()).State);
        Assert.True(_enforcer.Holds(Attacker));
    }

    [Fact]
    public async Task A_clock_that_jumped_does_not_change_when_a_block_ends()
    {
        _keeper.Accept(Order(1, seconds: 1800));
        Assert.Equal("enforced", (await _reports.NextAsync()).State);

        // The kernel counts on: half an hour is left there, whatever the wall clock says.
        _enforcer.Prolong(Attacker, TimeSpan.FromHours(1));
        _enforcer.Connect();
        await _enforcer.NextAsync(EnforceVerb.Load);

        _keeper.ReportAll();
        Assert.InRange((await _reports.NextAsync()).Remaining, 5_399_000, 5_400_000);
    }

    [Fact]
    public async Task Two_responses_of_different_back_ends_are_released_each_by_itself()
    {
        _keeper.Accept(Order(1, seconds: 1800));
        await _enforcer.NextAsync(EnforceVerb.Block);
        var second = Order(2, seconds: 3600);
        second.Executable = "host-deny";
        _keeper.Accept(second);
        await _enforcer.NextAsync(EnforceVerb.Block);

        _time.Advance(TimeSpan.FromSeconds(1801));

        Assert.Equal("firewall-drop", (await _enforcer.NextAsync(EnforceVerb.Release)).Response);
    }

    [Fact]
    public async Task Without_an_enforcer_a_block_has_failed_and_is_made_when_one_comes()
    {
        _enforcer.IsThere = false;
        _keeper.Accept(Order(1, seconds: 1800));
        var failed = await _reports.NextAsync();
        Assert.Equal(("failed", "no enforcer"), (failed.State, failed.Reason));

        _enforcer.Connect();

        Assert.Equal("enforced", (await _reports.NextAsync()).State);
        Assert.True(_enforcer.Holds(Attacker));
    }

    [Fact]
    public async Task Scenario_70_A_refused_block_has_failed_and_is_tried_again()
    {
        _enforcer.BlockAnswer = new EnforceReply { Outcome = EnforceOutcome.Failed, Reason = "EBUSY" };
        _keeper.Accept(Order(1, seconds: 1800));
        Assert.Equal("EBUSY", (await _reports.NextAsync()).Reason);
        _enforcer.BlockAnswer = null;

        await AdvanceToEndAsync(TimeSpan.FromSeconds(5));

        Assert.Equal("enforced", (await _reports.NextAsync()).State);
    }

    [Fact]
    public async Task A_protected_target_is_reported_as_skipped_and_not_kept()
    {
        _enforcer.BlockAnswer = new EnforceReply { Outcome = EnforceOutcome.Skipped, Reason = "default gateway" };
        _keeper.Accept(Order(1, seconds: 1800));

        var report = await _reports.NextAsync();
        Assert.Equal(("skipped", "default gateway"), (report.State, report.Reason));
        Assert.Empty(_journal.Blocks);
    }

    [Fact]
    public async Task Two_blocks_of_one_address_keep_it_blocked_until_the_longer_one_ends()
    {
        _keeper.Accept(Order(1, seconds: 60));
        await _enforcer.NextAsync(EnforceVerb.Block);
        _keeper.Accept(Order(2, seconds: 3600, executable: "default-firewall-drop"));
        await _enforcer.NextAsync(EnforceVerb.Block);
        await _reports.NextAsync();
        await _reports.NextAsync();

        await AdvanceToEndAsync(TimeSpan.FromSeconds(60));

        Assert.Equal(("released", 1UL), (await _reports.NextAsync()) is var r ? (r.State, r.Block) : default);
        Assert.True(_enforcer.Holds(Attacker));
    }

    [Fact]
    public async Task Scenario_51_A_permanent_block_stays_until_it_is_removed()
    {
        _keeper.Accept(Order(1, seconds: 0));
        Assert.Equal(0, (await _enforcer.NextAsync(EnforceVerb.Block)).DurationMilliseconds);
        Assert.Equal(-1, (await _reports.NextAsync()).Remaining);
        _time.Advance(TimeSpan.FromDays(400));
        Assert.True(_enforcer.Holds(Attacker));

        _keeper.Accept(Removal(1, forget: false));
        await _enforcer.NextAsync(EnforceVerb.Release);
    }

    [Fact]
    public async Task A_removal_of_a_block_that_this_host_does_not_know_still_frees_the_address()
    {
        _keeper.Accept(Removal(7, forget: false));

        Assert.Equal(Attacker, (await _enforcer.NextAsync(EnforceVerb.Release)).Target);
        Assert.Equal("released", (await _reports.NextAsync()).State);
    }

    [Theory]
    [InlineData(false, 1)]
    [InlineData(true, 0)]
    public async Task The_enforcer_hears_of_the_white_list_unless_it_does_not_count(bool ignores, int entries)
    {
        Use(new BlockSettings { Allowed = [Network("10.0.0.0/24"), Network("192.0.2.0/24")] });
        var order = Order(1, seconds: 1800);
        order.IgnoreAllow = ignores;
        _keeper.Accept(order);

        Assert.Equal(entries, (await _enforcer.NextAsync(EnforceVerb.Block)).Protected.Length);
    }

    private static BlockTarget Network(string text) =>
        BlockTarget.TryParse(text, out var target) ? target : throw new FormatException(text);

    [Fact]
    public async Task A_disabled_executor_changes_nothing_and_says_so()
    {
        Use(new BlockSettings { ResponsesDisabled = true });
        _keeper.Accept(Order(1, seconds: 1800));

        Assert.Contains("disabled", (await _reports.NextAsync()).Reason, StringComparison.Ordinal);
        Assert.False(_enforcer.Holds(Attacker));
    }

    [Fact]
    public async Task A_damaged_journal_line_costs_that_line_alone()
    {
        _keeper.Accept(Order(1, seconds: 1800));
        await _enforcer.NextAsync(EnforceVerb.Block);
        await _reports.NextAsync();
        await StopAsync();
        File.AppendAllText(_path, "{\"block\":{\"id\":9,\"exec");

        Start();

        Assert.Equal([1UL], _journal.Blocks.Keys);
    }
}
