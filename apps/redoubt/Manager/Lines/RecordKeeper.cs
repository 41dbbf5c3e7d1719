using System.Threading.Channels;
using Microsoft.Extensions.Logging;
using Redoubt.Model;
using Redoubt.Record;

namespace Redoubt.App.Manager;

/// <summary>Turns the record files at midnight, puts days away that are over, and removes what is beyond the owner's bounds.</summary>
/// <remarks>Beside the analysis, which only closes a day between two batches. What the disk refuses is told once and tried again.</remarks>
internal sealed class RecordKeeper(Func<RecordOptions> options, Analysis analysis, TimeProvider time, ILogger log)
{
    /// <summary>A day stays open a little longer than it lasts: clocks are set back by seconds, and followers read to its end.</summary>
    internal static readonly TimeSpan Settling = TimeSpan.FromHours(1);

    /// <summary>Between two looks.</summary>
    internal static readonly TimeSpan Pause = TimeSpan.FromMinutes(1);

    private readonly HashSet<string> _givenUp = new(StringComparer.Ordinal);
    private Task<string?> _turning = Task.FromResult<string?>(null);
    private string? _problem;

    /// <summary>Works until cancelled.</summary>
    internal async Task RunAsync(CancellationToken stopping)
    {
        using var timer = new PeriodicTimer(Pause, time);
        try
        {
            do
            {
                await LookAsync(stopping);
            } while (await timer.WaitForNextTickAsync(stopping));
        }
        catch (Exception e) when (e is OperationCanceledException or ChannelClosedException)
        {
            // The manager ends; a day that was not put away is put away after the next start.
        }
    }

    /// <summary>Does what is due.</summary>
    internal async Task LookAsync(CancellationToken stopping)
    {
        var now = options();
        var today = DateOnly.FromDateTime(TimeZoneInfo.ConvertTime(time.GetUtcNow() - Settling, time.LocalTimeZone).DateTime);
        IReadOnlyList<DayFile> over = [];
        // What makes room comes first: the analysis may be waiting for it.
        var problem = Try(() => Retain(now, today));
        problem = Try(() => over = DaysOver(now, today)) ?? problem;
        problem = await TurnAsync(over, stopping) ?? problem;
        foreach (var day in over.Where(d => d.IsClosed))
        {
            try
            {
                problem = Try(() => DayArchive.Store(day)) ?? problem;
            }
            catch (InvalidDataException e)
            {
                // Only a person can tell which of the two files is right; asking every minute helps nobody.
                _givenUp.Add(day.Path);
                await TellAsync(e.Message, stopping);
            }
        }

        if (problem is not null && _problem is null)
            await TellAsync(problem, stopping);

        if (problem is null && _problem is not null)
            log.RecordsKeptAgain();

        _problem = problem;
    }

    private IReadOnlyList<DayFile> DaysOver(RecordOptions now, DateOnly today) =>
        now.Compress ? [.. DayFile.Under(now.Folder).Where(d => d.Day < today && d.IsLeft && !_givenUp.Contains(d.Path))] : [];

    private void Retain(RecordOptions now, DateOnly today)
    {
        foreach (var day in RecordRetention.Apply(now, today))
            log.RecordsRemoved(day.Path);
    }

    // The analysis may be waiting for the very room that the next look makes.
    private async Task<string?> TurnAsync(IReadOnlyList<DayFile> over, CancellationToken stopping)
    {
        if (_turning.IsCompleted)
            _turning = analysis.TurnRecordsAsync(over);

        try
        {
            return await _turning.WaitAsync(Pause, time, stopping);
        }
        catch (TimeoutException)
        {
            return analysis.RecordsProblem ?? analysis.LedgerProblem;
        }
    }

    private static string? Try(Action work)
    {
        try
        {
            work();
            return null;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return e.Message;
        }
    }

    private async Task TellAsync(string problem, CancellationToken stopping)
    {
        log.RecordsNotKept(problem);
        // An analysis that waits for its disk tells of that itself.
        if (_turning.IsCompleted)
            await analysis.TellAsync(new Alarm(OwnRules.RecordsWaited, problem), OwnAlert.Manager).AsTask().WaitAsync(stopping);
    }
}
