using Microsoft.Extensions.Logging;
using Redoubt.Model;
using Redoubt.Record;

namespace Redoubt.App.Manager;

/// <summary>Turns the record files at midnight, puts days away that are over, and removes what is beyond the owner's bounds.</summary>
/// <remarks>Beside the analysis, which only closes a day between two batches. What the disk refuses is told once and tried again.</remarks>
internal sealed class RecordKeeper(Func<RecordOptions> options, Analysis analysis, TimeProvider time, ILogger log)
{
    /// <summary>Hosts' clocks differ and lines wait at agents: a day stays open a little longer than it lasts.</summary>
    internal static readonly TimeSpan Settling = TimeSpan.FromHours(1);

    private static readonly TimeSpan Pause = TimeSpan.FromMinutes(1);

    private readonly HashSet<string> _given = new(StringComparer.Ordinal);
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
        catch (OperationCanceledException)
        {
            // The manager ends; a day that was not put away is put away after the next start.
        }
    }

    /// <summary>Does what is due.</summary>
    internal async Task LookAsync(CancellationToken stopping)
    {
        var now = options();
        var today = DateOnly.FromDateTime(TimeZoneInfo.ConvertTime(time.GetUtcNow() - Settling, time.LocalTimeZone).DateTime);
        IReadOnlyList<DayFile> over = now.Compress
            ? [.. DayFile.Under(now.Folder).Where(d => d.Day < today && IsLeft(d) && !_given.Contains(d.Path))]
            : [];
        var problem = await analysis.TurnRecordsAsync(over).WaitAsync(stopping);
        foreach (var day in over.Where(d => d.IsClosed))
            problem = Try(() => DayArchive.Store(day), day.Path) ?? problem;

        problem = Try(() => Retain(now, today), path: null) ?? problem;
        await TellAsync(problem, stopping);
    }

    private static bool IsLeft(DayFile day) => File.Exists(day.Path) || File.Exists(day.Unfinished);

    private void Retain(RecordOptions now, DateOnly today)
    {
        foreach (var day in RecordRetention.Apply(now, today))
            log.LogInformation("Removed the records {Path}: the configuration keeps no more", day.Path);
    }

    private string? Try(Action work, string? path)
    {
        try
        {
            work();
            return null;
        }
        catch (InvalidDataException e)
        {
            // Only a person can tell which of the two files is right; asking every minute helps nobody.
            _given.Add(path!);
            return e.Message;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return e.Message;
        }
    }

    private async Task TellAsync(string? problem, CancellationToken stopping)
    {
        if (problem is not null && _problem is null)
        {
            log.LogError("Records of a day that is over cannot be put away: {Reason} Nothing is lost; it is tried again", problem);
            await analysis.TellAsync(new Alarm(OwnRules.RecordsWaited, problem), OwnAlert.Manager).AsTask().WaitAsync(stopping);
        }

        if (problem is null && _problem is not null)
            log.LogInformation("Records are put away again");

        _problem = problem;
    }
}
