using Redoubt.Respond;

namespace Redoubt.Agent.Blocks;

/// <summary>The programs that are under way: a program may take a minute, and blocks do not wait for it.</summary>
/// <remarks>The enforcer keeps the order of one target's requests. Threads: <see cref="Begin"/>, <see cref="IsRunning"/>, <see cref="IsUndoing"/> and <see cref="End"/>
/// are for the block keeper's task alone.</remarks>
internal sealed class ProgramRuns(IEnforcement enforcement, Action<ProgramAnswer> answered)
{
    private static readonly TimeSpan FirstRetry = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan LongestRetry = TimeSpan.FromMinutes(10);

    private readonly Dictionary<(ulong Block, EnforceVerb Verb), int> _underWay = [];
    private readonly Dictionary<ulong, int> _failures = [];

    /// <summary>Whether the enforcer was asked to run this block's program, and has not yet answered.</summary>
    internal bool IsRunning(ulong block) => _underWay.ContainsKey((block, EnforceVerb.Run));

    /// <summary>Whether it was asked to undo it, and has not yet answered.</summary>
    internal bool IsUndoing(ulong block) => _underWay.ContainsKey((block, EnforceVerb.Undo));

    /// <summary>Asks the enforcer; the answer comes by itself.</summary>
    internal void Begin(HeldBlock block, EnforceRequest request, CancellationToken stopping)
    {
        var key = (block.Id, request.Verb);
        _underWay[key] = _underWay.GetValueOrDefault(key) + 1;
        _ = SendAsync(block, request, stopping);
    }

    /// <summary>Takes note of an answer.</summary>
    internal void End(ProgramAnswer answer)
    {
        var key = (answer.Block.Id, answer.Verb);
        if (--_underWay[key] == 0)
            _underWay.Remove(key);
    }

    /// <summary>How long to wait after a program failed to undo: longer each time.</summary>
    internal TimeSpan RetryAfterFailure(ulong block)
    {
        var failures = _failures[block] = _failures.GetValueOrDefault(block) + 1;
        var wait = FirstRetry * Math.Pow(2, Math.Min(failures - 1, 16));
        return wait < LongestRetry ? wait : LongestRetry;
    }

    /// <summary>Forgets the failures of a block that is over.</summary>
    internal void Forget(ulong block) => _failures.Remove(block);

    private async Task SendAsync(HeldBlock block, EnforceRequest request, CancellationToken stopping)
    {
        // The answer must come in every case: until then the block counts as under way.
        EnforceReply? reply = null;
        try
        {
            reply = await enforcement.SendAsync(request, stopping);
        }
        catch (OperationCanceledException) when (stopping.IsCancellationRequested)
        {
            return;
        }
        catch (ArgumentException e)
        {
            reply = new EnforceReply { Outcome = EnforceOutcome.Refused, Reason = e.Message };
        }

        answered(new ProgramAnswer(block, request.Verb, reply));
    }
}
