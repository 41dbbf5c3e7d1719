using Microsoft.Extensions.Logging;
using Redoubt.Respond;

namespace Redoubt.Agent.Blocks;

/// <summary>The responses that a program carries out: asked like the firewall, but their answers come later, and what they do is not to be read from any kernel.</summary>
/// <remarks>Threads: the block keeper's task.</remarks>
internal sealed class ProgramBlocks
{
    private static readonly TimeSpan FailedRetry = TimeSpan.FromSeconds(5);

    private readonly HeldBlocks _held;
    private readonly IEnforcement _enforcement;
    private readonly Func<BlockSettings> _settingsNow;
    private readonly ILogger _log;
    private readonly ProgramRuns _programs;

    /// <param name="held">All blocks.</param>
    /// <param name="enforcement">Who is asked.</param>
    /// <param name="settings">Those in force.</param>
    /// <param name="answered">Brings an answer to the keeper's task.</param>
    /// <param name="log">For people.</param>
    internal ProgramBlocks(
        HeldBlocks held,
        IEnforcement enforcement,
        Func<BlockSettings> settings,
        Action<ProgramAnswer> answered,
        ILogger log
    )
    {
        _held = held;
        _enforcement = enforcement;
        _settingsNow = settings;
        _log = log;
        _programs = new ProgramRuns(enforcement, answered);
        held.Dropped += _programs.Forget;
    }

    private BlockSettings Settings => _settingsNow();

    /// <summary>What was never answered, because no enforcer was there or it had too much to do, is asked again; what failed is not.</summary>
    internal bool MustRun(HeldBlock block) => block.State == "sent" && !_programs.IsRunning(block.Id);

    /// <summary>Whether the enforcer was asked to run it, and has not yet answered.</summary>
    internal bool IsRunning(HeldBlock block) => _programs.IsRunning(block.Id);

    /// <summary>Asks for a run; the answer comes by itself.</summary>
    internal void Run(HeldBlock block, long left, CancellationToken stopping)
    {
        if (Settings.ResponsesDisabled)
        {
            _held.Drop(block, reason: null, released: false);
            _held.Report(block with { State = "failed", Reason = "responses are disabled on this host" }, 0);
            return;
        }

        _programs.Begin(
            block,
            BlockRequests.For(block, EnforceVerb.Run, Settings) with
            {
                DurationMilliseconds = Math.Max(left, 0),
            },
            stopping
        );
    }

    /// <summary>Asks to undo what was run; the answer comes by itself.</summary>
    internal void Undo(HeldBlock block, string reason, CancellationToken stopping)
    {
        if (_programs.IsUndoing(block.Id))
            return;

        // One that was under way when this agent was killed may have done its work: undone once too often is better than never.
        var isHeld = _held.Holds(block.Id);
        if (!isHeld || (block.State != "sent" && !block.NeedsUndo))
        {
            _held.Drop(block, reason, released: true);
            return;
        }

        var ending = block with { Ends = Math.Min(block.Ends ?? long.MaxValue, _held.Now), Reason = reason };
        _held.Put(ending);
        _held.StopWaiting(ending.Id);
        _programs.Begin(ending, BlockRequests.For(ending, EnforceVerb.Undo, Settings), stopping);
    }

    /// <summary>Tells an enforcer that came (back) what is in force, and runs what was never run.</summary>
    internal async Task VerifyAsync(CancellationToken stopping)
    {
        foreach (var block in _held.All.Where(b => b.IsProgram && _held.Remaining(b) != 0).ToArray())
        {
            if (block.NeedsUndo)
                await _enforcement.SendAsync(BlockRequests.For(block, EnforceVerb.Hold, Settings) with { Key = block.Key }, stopping);
            else if (MustRun(block))
                Run(block, _held.Remaining(block), stopping);
        }
    }

    /// <summary>Takes an answer.</summary>
    internal void Take(ProgramAnswer answer)
    {
        _programs.End(answer);
        // Removed meanwhile, or asked for again: then a later answer counts.
        if (_held.Find(answer.Block.Id) is not { } held || held.Triggers != answer.Block.Triggers)
            return;

        if (answer.Verb == EnforceVerb.Undo)
            TakeUndone(held, answer.Reply);
        else
            TakeRun(held, answer.Reply);
    }

    private void TakeRun(HeldBlock held, EnforceReply? reply)
    {
        var reason = reply is null ? Enforcement.NotThere : reply.Reason;
        var done = held with
        {
            Reason = reason,
            Key = reply?.Key ?? held.Key,
            NeedsUndo = reply is { NeedsUndo: true } || (held.NeedsUndo && reply?.Outcome != EnforceOutcome.Enforced),
        };
        if (_programs.IsUndoing(held.Id))
            return;

        switch (reply?.Outcome)
        {
            case null or EnforceOutcome.Busy:
                _log.ProgramNotRun(held.Executable, Shown(held), reason, FailedRetry.TotalSeconds);
                _held.Report(held with { State = "failed", Reason = reason }, _held.Remaining(held));
                if (!Settings.ResponsesDisabled)
                    _held.LookAgain(held.Id, FailedRetry);

                return;
            case EnforceOutcome.Enforced when !done.NeedsUndo:
                _log.ProgramRan(held.Executable, Shown(held), held.RuleId, reason);
                _held.Drop(done, $"done: {reason}", released: true);
                return;
            case EnforceOutcome.Enforced:
                _log.ProgramHolds(held.Executable, Shown(held), held.RuleId, reason);
                _held.Keep(done with { State = "enforced" });
                return;
            case EnforceOutcome.Skipped:
                _log.ProgramLeftAlone(held.Executable, Shown(held), reason);
                _held.Drop(done, reason, released: false);
                _held.Report(done with { State = "skipped" }, 0);
                return;
            default:
                _log.ProgramFailed(held.Executable, Shown(held), reason);
                Fail(done with { State = "failed" });
                return;
        }
    }

    // A program that failed half way is undone at the end of its time; one that did nothing is over.
    private void Fail(HeldBlock failed)
    {
        if (failed.NeedsUndo)
        {
            _held.Keep(failed);
            return;
        }

        _held.Drop(failed, reason: null, released: false);
        _held.Report(failed, 0);
    }

    private void TakeUndone(HeldBlock held, EnforceReply? reply)
    {
        if (reply is { Outcome: EnforceOutcome.Released })
        {
            _log.ProgramUndone(held.Executable, Shown(held), held.Reason);
            _held.Drop(held, $"{held.Reason}: {reply.Reason}", released: true);
            return;
        }

        var wait = _programs.RetryAfterFailure(held.Id);
        var why = reply?.Reason ?? Enforcement.NotThere;
        _log.ProgramNotUndone(held.Executable, Shown(held), why, wait.TotalSeconds);
        _held.Report(held with { State = "failed", Reason = "undo: " + why }, 0);
        _held.LookAgain(held.Id, wait);
    }

    // A user's name is text of whoever typed it.
    private static string Shown(HeldBlock block) =>
        block.Subject.Length == 0 ? "this host" : string.Concat(block.Subject.Take(64).Select(c => char.IsControl(c) ? '.' : c));
}
