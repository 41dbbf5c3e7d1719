using Microsoft.Extensions.Logging;
using Redoubt.Host;
using Redoubt.Store;

namespace Redoubt.App.Manager;

/// <summary>What must be in the ledger before the lines that led to it are acknowledged. A full disk makes it wait, in order; nothing is lost.</summary>
/// <remarks>Bounded by the batches that are processed together. Threads: the analysis; <see cref="Problem"/> may be read by any.</remarks>
internal sealed class LedgerWork(LoopPulse pulse, TimeProvider time, ILogger log)
{
    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(1);

    private readonly Queue<Action> _waiting = new();
    private volatile string? _problem;

    /// <summary>Why the ledger cannot be written at the moment, or null.</summary>
    internal string? Problem => _problem;

    /// <summary>Does it at once where the ledger can be written; else before the batch is acknowledged.</summary>
    internal void Do(Action work)
    {
        if (_waiting.Count > 0 || !TryDo(work))
            _waiting.Enqueue(work);
    }

    /// <summary>Does it now, and waits for the ledger as long as it takes.</summary>
    internal async Task DoAsync(Action work, CancellationToken stopping)
    {
        while (!TryDo(work))
        {
            using (pulse.Outside())
                await Task.Delay(Pause, time, stopping);
        }
    }

    /// <summary>Does it if the ledger can be written.</summary>
    internal bool TryDo(Action work)
    {
        try
        {
            work();
            return true;
        }
        catch (Exception e) when (Database.IsDiskProblem(e))
        {
            if (_problem is null)
                log.LedgerNotWritten(e.Message, Pause.TotalSeconds);

            _problem = e.Message;
            return false;
        }
    }

    /// <summary>Does what waits.</summary>
    /// <returns>Why it had to wait, once it is over; null when nothing was wrong.</returns>
    internal async Task<string?> CatchUpAsync(CancellationToken stopping)
    {
        while (_waiting.TryPeek(out var work))
        {
            await DoAsync(work, stopping);
            _waiting.Dequeue();
        }

        if (_problem is not { } problem)
            return null;

        _problem = null;
        log.LedgerWritten();
        return problem;
    }
}
