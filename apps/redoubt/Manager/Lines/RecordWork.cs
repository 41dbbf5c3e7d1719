using Microsoft.Extensions.Logging;
using Redoubt.Host;
using Redoubt.Record;

namespace Redoubt.App.Manager;

/// <summary>Writes records to their files. A full disk stops acknowledgement, not the manager: agents keep the lines, and it goes on when there is room.</summary>
/// <remarks>Threads: the analysis; <see cref="Problem"/> may be read by any.</remarks>
internal sealed class RecordWork(LoopPulse pulse, TimeProvider time, ILogger log)
{
    private static readonly TimeSpan FirstPause = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(10);

    private volatile string? _problem;

    /// <summary>Why records cannot be written at the moment, or null. What was to be written then still stands in the redo log.</summary>
    internal string? Problem => _problem;

    /// <summary>Writes a batch, and waits for the disk as long as it takes.</summary>
    /// <returns>Why it had to wait, once it is over; null when nothing was wrong.</returns>
    internal async Task<string?> WriteAsync(RecordStage records, IReadOnlyList<RecordAppend> batch, CancellationToken stopping)
    {
        for (var pause = FirstPause; !TryWrite(records, batch, pause); pause = Pause)
        {
            using (pulse.Outside())
                await Task.Delay(pause, time, stopping);
        }

        if (_problem is not { } problem)
            return null;

        _problem = null;
        log.AlertsWritten();
        return problem;
    }

    private bool TryWrite(RecordStage records, IReadOnlyList<RecordAppend> batch, TimeSpan pause)
    {
        try
        {
            records.Write(batch);
            return true;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            if (_problem is null)
                log.AlertsNotWritten(e.Message, pause.TotalSeconds);

            _problem = e.Message;
            return false;
        }
    }
}
