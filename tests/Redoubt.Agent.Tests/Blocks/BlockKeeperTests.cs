using System.Threading.Channels;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;
using Redoubt.Agent.Blocks;
using Redoubt.Respond;
using Redoubt.Transport.Protocol;

namespace Redoubt.Tests.Agent.Blocks;

public sealed class BlockKeeperTests : IAsyncDisposable
{
    private const string Attacker = "192.0.2.6";
    private readonly FakeTimeProvider _time = new(DateTimeOffset.Parse("2026-01-01T00:00:00Z"));
    private readonly string _path = Path.Combine(Directory.CreateTempSubdirectory("redoubt-keeper-").FullName, "blocks.log");
    private readonly FakeEnforcer _enforcer;
    private readonly Reports _reports = new();
    private BlockJournal _journal;
    private BlockKeeper _keeper;
    private CancellationTokenSource _stopping;
    private Task _running;
    private BlockSettings _settings = new();

    public BlockKeeperTests()
    {
        _enforcer = new FakeEnforcer(_time);
        Start();
    }

    public async ValueTask DisposeAsync()
    {
        await StopAsync();
        Directory.Delete(Path.GetDirectoryName(_path)!, recursive: true);
    }

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
    public async Task Successive_offences_climb_the_ladder_and_stay_on_its_last_step()
    {
        Use(new BlockSettings { RepeatedOffendersMinutes = [60, 120, 180] });
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
        Use(new BlockSettings { RepeatedOffendersMinutes = [60] });
        foreach (var (block, forget, minutes) in new[] { (1UL, true, 30), (2UL, false, 30), (3UL, false, 60) })
        {
            _keeper.Accept(Order(block, seconds: 1800));
            Assert.Equal(minutes * 60_000L, (await _enforcer.NextAsync(EnforceVerb.Block)).DurationMilliseconds);
            _keeper.Accept(Removal(block, forget));
            await _enforcer.NextAsync(EnforceVerb.Release);
        }
    }

    [Fact]
    public async Task The_ladder_outlives_a_restart()
    {
        Use(new BlockSettings { RepeatedOffendersMinutes = [60] });
        _keeper.Accept(Order(1, seconds: 1800));
        await _enforcer.NextAsync(EnforceVerb.Block);
        _keeper.Accept(Removal(1, forget: false));
        await _enforcer.NextAsync(EnforceVerb.Release);

        await RestartAsync();
        Use(new BlockSettings { RepeatedOffendersMinutes = [60] });
        _keeper.Accept(Order(2, seconds: 1800));

        Assert.Equal(3_600_000, (await _enforcer.NextAsync(EnforceVerb.Block)).DurationMilliseconds);
    }

    [Fact]
    public async Task Lines_under_way_when_the_block_began_are_the_same_offence()
    {
        Use(new BlockSettings { RepeatedOffendersMinutes = [60, 120] });
        _keeper.Accept(Order(1, seconds: 1800));
        await _enforcer.NextAsync(EnforceVerb.Block);

        _time.Advance(TimeSpan.FromSeconds(1));
        _keeper.Accept(Order(1, seconds: 1800, triggers: 2));
        var renewed = await _enforcer.NextAsync(EnforceVerb.Block);
        Assert.True(renewed.AlreadyActive);
        Assert.Equal(1_800_000, renewed.DurationMilliseconds);

        _time.Advance(TimeSpan.FromSeconds(60));
        _keeper.Accept(Order(1, seconds: 1800, triggers: 3));
        Assert.Equal(3_600_000, (await _enforcer.NextAsync(EnforceVerb.Block)).DurationMilliseconds);
    }

    [Fact]
    public async Task A_later_shorter_response_never_shortens_a_block()
    {
        _keeper.Accept(Order(1, seconds: 3600));
        await _enforcer.NextAsync(EnforceVerb.Block);

        _time.Advance(TimeSpan.FromSeconds(60));
        _keeper.Accept(Order(1, seconds: 60, triggers: 2));

        Assert.Equal(3_540_000, (await _enforcer.NextAsync(EnforceVerb.Block)).DurationMilliseconds);
    }

    [Fact]
    public async Task An_order_that_waited_for_the_host_has_its_remaining_time_and_a_past_one_does_nothing()
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
    public async Task A_block_that_the_kernel_lost_is_put_back_when_the_enforcer_comes_back()
    {
        _keeper.Accept(Order(1, seconds: 1800));
        await _enforcer.NextAsync(EnforceVerb.Block);
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
    public async Task A_refused_block_is_tried_again()
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
    public async Task A_permanent_block_stays_until_it_is_removed()
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

    private void Use(BlockSettings settings)
    {
        _settings = settings;
        _keeper.Use(settings);
    }

    [System.Diagnostics.CodeAnalysis.MemberNotNull(nameof(_journal), nameof(_keeper), nameof(_running), nameof(_stopping))]
    private void Start()
    {
        _stopping = new CancellationTokenSource();
        _journal = BlockJournal.Open(_path, NullLogger.Instance);
        _keeper = new BlockKeeper(_journal, _enforcer, _reports, _settings, _time, NullLogger.Instance);
        _running = _keeper.RunAsync(_stopping.Token);
    }

    private async Task StopAsync()
    {
        await _stopping.CancelAsync();
        await _running;
        _journal.Dispose();
    }

    private async Task RestartAsync()
    {
        await StopAsync();
        Start();
    }

    // The keeper sets its timer on its own task: the clock moves on in steps until it has woken.
    private async Task AdvanceToEndAsync(TimeSpan span)
    {
        _time.Advance(span);
        for (var i = 0; i < 200 && !_reports.HasAny; i++)
        {
            await Task.Yield();
            _time.Advance(TimeSpan.FromMilliseconds(10));
            await Task.WhenAny(_reports.Any, Task.Delay(10, TestContext.Current.CancellationToken));
        }
    }

    private static BlockOrder Order(
        ulong block = 1,
        long seconds = 1800,
        uint triggers = 1,
        long age = 0,
        string target = Attacker,
        string executable = "firewall-drop"
    ) =>
        new()
        {
            Version = (block * 100) + triggers,
            Block = block,
            Executable = executable,
            Response = executable + seconds,
            Target = target,
            Seconds = seconds,
            Triggers = triggers,
            Age = age,
            AlertId = "1.1",
            RuleId = 5712,
            Document = "{}",
        };

    private static BlockOrder Removal(ulong block, bool forget) =>
        new()
        {
            Version = (block * 100) + 50,
            Block = block,
            Executable = "firewall-drop",
            Target = Attacker,
            Removed = true,
            Forget = forget,
            Document = "{}",
        };

    private sealed class Reports : IBlockReports
    {
        private readonly Channel<BlockReport> _all = Channel.CreateUnbounded<BlockReport>();

        internal bool HasAny => _all.Reader.TryPeek(out _);

        internal Task Any => _all.Reader.WaitToReadAsync().AsTask();

        public void Report(BlockReport report) => _all.Writer.TryWrite(report);

        internal async Task<BlockReport> NextAsync()
        {
            using var deadline = new CancellationTokenSource(TimeSpan.FromSeconds(20));
            return await _all.Reader.ReadAsync(deadline.Token);
        }
    }
}
