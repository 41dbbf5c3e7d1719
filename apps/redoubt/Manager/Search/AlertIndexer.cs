using System.Threading.Channels;
using Microsoft.Data.Sqlite;
using Microsoft.Extensions.Logging;
using Redoubt.Config;
using Redoubt.Model;
using Redoubt.Record;
using Redoubt.Store;

namespace Redoubt.App.Manager;

/// <summary>Keeps the index of alerts behind the records: reads what the files hold, the newest day first, within the owner's bounds.</summary>
/// <remarks>
/// The analysis knows nothing of it and waits for nothing here. Its work takes at most a tenth of one processor. An index
/// that is damaged or taken away is made again; one that cannot be written is behind until it can. Threads: safe; a search and a step exclude each other.
/// </remarks>
internal sealed class AlertIndexer(
    string path,
    Func<RecordOptions> records,
    Func<GlobalOptions> options,
    Func<Alarm, ValueTask> tell,
    TimeProvider time,
    ILogger log
) : IDisposable
{
    /// <summary>Between two looks at the records; a search looks itself.</summary>
    internal static readonly TimeSpan Pause = TimeSpan.FromSeconds(5);

    // For each second of work: the way of a line comes first, and its processors may be few.
    private const int Rest = 9;

    private static readonly TimeSpan LongestCatchUp = TimeSpan.FromSeconds(1);

    // An index that is damaged again and again has a disk that is broken: making it anew all the time would break it further.
    private static readonly TimeSpan BetweenRebuilds = TimeSpan.FromMinutes(10);

    private readonly Lock _lock = new();
    private readonly DayReader _reader = new();
    private AlertIndex? _index;
    private DateOnly? _unread;
    private volatile bool _isLate;
    private string? _problem;
    private Alarm? _untold;
    private DateTimeOffset _lostAt = DateTimeOffset.MinValue;
    private DateTimeOffset _notBefore = DateTimeOffset.MinValue;

    /// <summary>Whether the owner wants an index.</summary>
    internal bool IsWanted => options().AlertIndexDays > 0;

    /// <summary>What a search may miss at the moment, for people; null: nothing.</summary>
    internal string? Note =>
        _problem is { } problem ? $"The index of alerts cannot be written ({problem}); new alerts may be missing."
        : _isLate ? "There are more alerts than were read so far: the newest of today are not in the index yet."
        : _unread is { } day
            ? FormattableString.Invariant($"The index is still being made: {day:yyyy-MM-dd} and earlier days are not all in it.")
        : records().JsonOutput ? null
        : "<jsonout_output> is no: new alerts are in no index.";

    /// <summary>Works until cancelled.</summary>
    internal async Task RunAsync(CancellationToken stopping)
    {
        using var timer = new PeriodicTimer(Pause, time);
        try
        {
            do
            {
                await CatchUpAsync(stopping);
            } while (await timer.WaitForNextTickAsync(stopping));
        }
        catch (Exception e) when (e is OperationCanceledException or ChannelClosedException)
        {
            // The manager ends; the next start goes on where this one was.
        }
    }

    /// <summary>Reads all that is on record and not in the index.</summary>
    internal async Task CatchUpAsync(CancellationToken stopping)
    {
        for (var isMore = true; isMore; )
        {
            var start = time.GetTimestamp();
            isMore = await Task.Run(Step, stopping) is not null;
            if (Interlocked.Exchange(ref _untold, null) is { } alarm)
                await tell(alarm);

            if (isMore)
                await Task.Delay(time.GetElapsedTime(start) * Rest, time, stopping);
        }
    }

    /// <summary>The newest alerts that a filter lets through; what was written a moment ago is among them.</summary>
    internal IReadOnlyList<byte[]> Search(AlertFilter filter)
    {
        var start = time.GetTimestamp();
        do
        {
            _isLate = Step() == Today;
        } while (_isLate && time.GetElapsedTime(start) < LongestCatchUp);

        IReadOnlyList<byte[]> found = [];
        Guard(index =>
        {
            found = index.Search(filter);
            return null;
        });
        return found;
    }

    public void Dispose()
    {
        lock (_lock)
            Close();
    }

    private DateOnly Today => DateOnly.FromDateTime(time.GetLocalNow().DateTime);

    /// <summary>Reads one piece of the newest day that has something to read; null when no day has.</summary>
    private DateOnly? Step() => Guard(ReadPiece);

    private DateOnly? ReadPiece(AlertIndex index)
    {
        var bytes = options().AlertIndexBytes;
        var first = Later(index.FirstDayWithin(bytes), Today.AddDays(-Math.Min(options().AlertIndexDays, Today.DayNumber)));
        var days = DayFile.Under(records().Folder).Where(d => d.IsAlertsJson && d.Day >= first).ToArray();
        foreach (var gone in index.Days.Except(days.Select(d => d.Day)))
            index.Forget(gone);

        foreach (var day in days.Reverse())
        {
            if (!_reader.Read(index, day, OnDamagedDay))
                continue;

            if (index.Bytes > bytes)
                index.Shrink();

            if (day.Day < Today)
                _unread = day.Day;

            return day.Day;
        }

        _unread = null;
        return null;
    }

    private void OnDamagedDay(DayFile day, string reason) => log.DayDamaged(day.Compressed, reason);

    private static DateOnly Later(DateOnly one, DateOnly other) => one > other ? one : other;

    // Whatever happens to the index, only the search has less: nothing of it may reach the manager.
    private DateOnly? Guard(Func<AlertIndex, DateOnly?> work)
    {
        lock (_lock)
        {
            if (!IsWanted)
                Close();

            if (!IsWanted || time.GetUtcNow() < _notBefore)
                return null;

            try
            {
                var result = work(Opened());
                if (_problem is not null)
                    log.IndexWritten();

                _problem = null;
                return result;
            }
            catch (Exception e) when (Database.IsDiskProblem(e) || e is IOException or UnauthorizedAccessException)
            {
                if (_problem is null)
                    log.IndexNotWritten(e.Message);

                _problem = e.Message;
                return null;
            }
            catch (Exception e) when (e is SqliteException or InvalidDataException)
            {
                Close();
                Lost(e.Message);
                return null;
            }
        }
    }

    private AlertIndex Opened()
    {
        if (_index is not null && !File.Exists(path))
        {
            Close();
            Lost("its file is gone");
        }

        return _index ??= new AlertIndex(path);
    }

    private void Lost(string reason)
    {
        log.IndexLost(reason);
        _untold = new Alarm(OwnRules.AlertIndexLost, reason);
        _unread = Today;
        var now = time.GetUtcNow();
        if (now < _lostAt + BetweenRebuilds)
            (_notBefore, _problem) = (now + BetweenRebuilds, reason);

        _lostAt = now;
        try
        {
            foreach (var file in (string[])[path, path + "-wal", path + "-shm"])
                File.Delete(file);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            (_notBefore, _problem) = (now + BetweenRebuilds, e.Message);
        }
    }

    private void Close()
    {
        _reader.Dispose();
        _index?.Dispose();
        _index = null;
    }
}
