using System.Threading.Channels;
using Microsoft.Extensions.Logging;
using Redoubt.Transport.Protocol;

namespace Redoubt.Agent.Blocks;

/// <summary>Keeps this host's blocks as the ledger wants them: blocks, renews, releases on time, and tells what came of it.</summary>
/// <remarks>
/// One task owns all state and takes one thing after the other: orders, ends of blocks, a new connection to the enforcer.
/// Every change is in the journal before the enforcer is asked, so that a killed agent goes on where it was.
/// Ends are kept on the monotonic clock while the process lives: a clock jump neither shortens nor lengthens a block.
/// Source: active-response.md 2.7, 2.8 and 3 with their [D] rows.
/// </remarks>
internal sealed class BlockKeeper
{
    private static readonly TimeSpan UsualWay = TimeSpan.FromSeconds(2);
    private static readonly TimeSpan MaxTimer = TimeSpan.FromDays(1);

    private readonly BlockJournal _journal;
    private readonly HeldBlocks _held;
    private readonly FirewallBlocks _firewall;
    private readonly ProgramBlocks _programs;
    private readonly BlockPlanner _planner;
    private readonly TimeProvider _time;
    private readonly Channel<Work> _work = Channel.CreateUnbounded<Work>(new UnboundedChannelOptions { SingleReader = true });
    private volatile BlockSettings _settings;
    private (int Decided, int Enforced) _told;

    internal BlockKeeper(
        BlockJournal journal,
        IEnforcement enforcement,
        IBlockReports reports,
        BlockSettings settings,
        TimeProvider time,
        ILogger log
    )
    {
        _journal = journal;
        _time = time;
        _settings = settings;
        _held = new HeldBlocks(journal, reports, time);
        _firewall = new FirewallBlocks(_held, enforcement, () => _settings, log);
        _programs = new ProgramBlocks(_held, enforcement, () => _settings, answer => _work.Writer.TryWrite(new Work(Answer: answer)), log);
        _planner = new BlockPlanner(journal);
        enforcement.Connected += () => _work.Writer.TryWrite(new Work(Verify: true));
    }

    /// <summary>Version of the last order that is done and durable.</summary>
    internal ulong Version => _journal.Version;

    /// <summary>Blocks that this host has to hold, and those that its enforcer has confirmed. Raised when it has changed and no work waits.</summary>
    internal event Action<int, int>? Counted;

    /// <summary>New settings; they hold from the next block on.</summary>
    internal void Use(BlockSettings settings) => _settings = settings;

    /// <summary>Takes an order of the manager.</summary>
    internal void Accept(BlockOrder order) => _work.Writer.TryWrite(new Work(order, ReceivedAt: _time.GetTimestamp()));

    /// <summary>After a reconnect the manager learns every state again: reports sent into a broken stream are lost.</summary>
    internal void ReportAll() => _work.Writer.TryWrite(new Work(Report: true));

    /// <summary>Works until cancelled; blocks stay.</summary>
    internal async Task RunAsync(CancellationToken stopping)
    {
        while (!stopping.IsCancellationRequested)
        {
            try
            {
                if (await NextAsync(stopping) is { } work)
                    await DoAsync(work, stopping);

                await LookAtDueAsync(stopping);
                TellCounts();
            }
            catch (OperationCanceledException) when (stopping.IsCancellationRequested)
            {
                return;
            }
        }
    }

    // In a burst once, at its end.
    private void TellCounts()
    {
        var now = _held.Counts;
        if (now == _told || _work.Reader.TryPeek(out _))
            return;

        _told = now;
        Counted?.Invoke(now.Decided, now.Enforced);
    }

    // Waits for work or for the next end of a block, whichever comes first.
    private async Task<Work?> NextAsync(CancellationToken stopping)
    {
        if (_work.Reader.TryRead(out var ready))
            return ready;

        if (_held.UntilNext() is not { } wait)
            return await _work.Reader.ReadAsync(stopping);

        if (wait <= TimeSpan.Zero)
            return null;

        using var timer = CancellationTokenSource.CreateLinkedTokenSource(stopping);
        using var alarm = _time.CreateTimer(_ => timer.Cancel(), null, wait < MaxTimer ? wait : MaxTimer, Timeout.InfiniteTimeSpan);
        try
        {
            return await _work.Reader.ReadAsync(timer.Token);
        }
        catch (OperationCanceledException) when (!stopping.IsCancellationRequested)
        {
            return null;
        }
    }

    private async Task DoAsync(Work work, CancellationToken stopping)
    {
        if (work.Order is { } order)
        {
            if (order.Removed)
                await RemoveAsync(order, stopping);
            else
                await ApplyAsync(order, work.ReceivedAt, stopping);

            _journal.SetVersion(order.Version);
        }
        else if (work.Answer is { } answer)
        {
            _programs.Take(answer);
        }
        else if (work.Verify)
        {
            await _firewall.VerifyAsync(stopping);
            await _programs.VerifyAsync(stopping);
        }
        else
        {
            _held.ReportAll();
        }
    }

    private async Task ApplyAsync(BlockOrder order, long receivedAt, CancellationToken stopping)
    {
        var held = _held.Find(order.Block);
        if (held is not null && order.Triggers <= held.Triggers)
        {
            _held.Report(held, _held.Remaining(held));
            return;
        }

        var now = _held.Now;
        var age = AgeOf(order, receivedAt);
        var isActive =
            held is not null
            && (held.IsEnforced || (held.IsProgram && _programs.IsRunning(held)))
            && (held.Ends is null || held.Ends > now);
        var block = _planner.Plan(order, held, isActive, now, age, _settings.Ladder);
        if (block.Ends <= now)
        {
            _held.Drop(block, "its time was over before it arrived here", released: true);
            return;
        }

        _held.Put(isActive && block.IsProgram ? WithAlertOf(held!, block) : block);
        // The time that journalling took is not the attacker's to win: the kernel gets the whole duration.
        await CarryOutAsync(block, isActive, block.Ends is { } ends ? ends - now : -1, stopping);
    }

    // A program is undone with the document that it was run with.
    private static HeldBlock WithAlertOf(HeldBlock first, HeldBlock renewed) =>
        renewed with
        {
            AlertId = first.AlertId,
            RuleId = first.RuleId,
            Document = first.Document,
            Arguments = first.Arguments,
            Origin = first.Origin,
            User = first.User,
        };

    // An order on its usual way gets its whole time from now on: never less than was configured. One that waited for this host to
    // come back has been used up in part.
    private long AgeOf(BlockOrder order, long receivedAt)
    {
        var age = order.Age + (long)_time.GetElapsedTime(receivedAt).TotalMilliseconds;
        return age < (long)UsualWay.TotalMilliseconds ? 0 : age;
    }

    private async Task CarryOutAsync(HeldBlock block, bool isActive, long left, CancellationToken stopping)
    {
        if (!block.IsProgram)
            await _firewall.BlockAsync(block, isActive, left, stopping);
        else if (left != 0)
            _programs.Run(block, left, stopping);
    }

    private async Task RemoveAsync(BlockOrder order, CancellationToken stopping)
    {
        if (order.Forget)
            _planner.Forget(order);

        var now = _held.Now;
        await ReleaseAsync(_held.Find(order.Block) ?? HeldBlock.Of(order, now, now), "removed", stopping);
    }

    private async Task LookAtDueAsync(CancellationToken stopping)
    {
        while (_held.TryTakeDue(out var id))
        {
            if (_held.Find(id) is not { } block)
                continue;

            if (block.Ends is { } ends && ends <= _held.Now)
            {
                await ReleaseAsync(block, "its time is over", stopping);
            }
            else
            {
                _held.Schedule(block);
                if (block.IsProgram ? _programs.MustRun(block) : !block.IsEnforced)
                    await CarryOutAsync(block, isActive: false, _held.Remaining(block), stopping);
            }
        }
    }

    private async Task ReleaseAsync(HeldBlock block, string reason, CancellationToken stopping)
    {
        if (block.IsProgram)
            _programs.Undo(block, reason, stopping);
        else
            await _firewall.ReleaseAsync(block, reason, stopping);
    }

    private sealed record Work(
        BlockOrder? Order = null,
        bool Verify = false,
        bool Report = false,
        long ReceivedAt = 0,
        ProgramAnswer? Answer = null
    );
}
