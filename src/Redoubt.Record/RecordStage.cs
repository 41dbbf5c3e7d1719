using System.Globalization;
using Redoubt.Model;

namespace Redoubt.Record;

/// <summary>The record stage: gives alerts their ids and writes alerts.json, alerts.log and the archives.</summary>
/// <remarks>
/// A batch is queued with <see cref="AddAlert"/> and <see cref="AddArchive"/>, taken with <see cref="Take"/>, stored by the caller in its
/// redo log, and then written with <see cref="Write"/>. After a crash the same batch is written again, at the same places.
/// Threads: not safe; the analysis thread owns it. Errors: <see cref="IOException"/> when a file cannot be written.
/// </remarks>
public sealed class RecordStage : IDisposable
{
    private readonly RecordOptions _options;
    private readonly AlertJson _json;
    private readonly AlertText _text;
    private readonly RecordFile _alertsJson;
    private readonly RecordFile _alertsLog;
    private readonly RecordFile _archivesJson;
    private readonly RecordFile _archivesLog;
    private readonly List<RecordAppend> _earlierDays = [];
    private long? _now;

    /// <summary>Makes the stage; files are opened with the first record.</summary>
    public RecordStage(RecordOptions options, TimeZoneInfo zone)
    {
        _options = options;
        _json = new AlertJson(options.ManagerName, options.MailLevel, zone);
        _text = new AlertText(options.ManagerName, _json, zone);
        var alerts = Path.Combine(options.Folder, "alerts");
        var archives = Path.Combine(options.Folder, "archives");
        _alertsJson = new RecordFile(alerts, "alerts.json", "alerts", "json", zone);
        _alertsLog = new RecordFile(alerts, "alerts.log", "alerts", "log", zone);
        _archivesJson = new RecordFile(archives, "archives.json", "archive", "json", zone);
        _archivesLog = new RecordFile(archives, "archives.log", "archive", "log", zone);
    }

    /// <summary>The JSON form, for the document that responses get.</summary>
    public AlertJson Json => _json;

    /// <summary>From now on records stand in the files of this moment, whatever their own time, and the fixed names lead to these files.</summary>
    /// <remarks>So whoever follows alerts.json sees every record, also of lines that waited at a host. Without this each record stands in the file
    /// of its own day, as a replay wants it. Cost: nothing within a minute; else a few system calls.</remarks>
    /// <returns>Why a file cannot be made at the moment, or null. Records can be queued nevertheless; their write waits for it.</returns>
    public string? TurnTo(long nowUnixMilliseconds)
    {
        // Days end with minutes.
        var isOtherMinute = _now is not { } before || before / 60_000 != nowUnixMilliseconds / 60_000;
        _now = nowUnixMilliseconds;
        if (isOtherMinute)
        {
            foreach (var file in Files.Where(IsWanted))
                Prepare(file, nowUnixMilliseconds);
        }

        return Files.Select(f => f.Problem).FirstOrDefault(p => p is not null);
    }

    private bool IsWanted(RecordFile file) =>
        ReferenceEquals(file, _alertsJson) ? _options.JsonOutput
        : ReferenceEquals(file, _alertsLog) ? _options.AlertsLog
        : ReferenceEquals(file, _archivesJson) ? _options.LogAllJson
        : _options.LogAll;

    /// <summary>Closes days that are over: records that still come for them stand in the first day that is open.</summary>
    /// <remarks>Must be called when nothing is queued and the redo log is empty: what was taken must be in its file for good.</remarks>
    /// <exception cref="IOException">A mark cannot be made; the days before it are closed.</exception>
    public void Close(IReadOnlyList<DayFile> days)
    {
        foreach (var day in days.Where(d => !d.IsClosed))
        {
            DayFile.Create(day.Unfinished).Dispose();
            foreach (var file in Files)
                file.Close(day);
        }
    }

    /// <summary>Gives an alert its id: the second, and the byte where its record starts in alerts.log.</summary>
    public Alert AssignId(Alert alert)
    {
        var now = alert.ArrivalUnixMilliseconds;
        var file = _options.AlertsLog ? _alertsLog : _alertsJson;
        if (_options.AlertsLog || _options.JsonOutput)
            Prepare(file, now);

        return alert with
        {
            Id = string.Create(CultureInfo.InvariantCulture, $"{now / 1000}.{file.NextOffset}"),
        };
    }

    /// <summary>Queues the records of an alert that has its id.</summary>
    public void AddAlert(Alert alert)
    {
        if (_options.JsonOutput)
        {
            Prepare(_alertsJson, alert.ArrivalUnixMilliseconds);
            _json.Write(_alertsJson.Pending, alert, withFullLog: false);
            _alertsJson.Pending.Add("\n"u8);
        }

        if (_options.AlertsLog)
        {
            Prepare(_alertsLog, alert.ArrivalUnixMilliseconds);
            _text.WriteAlert(_alertsLog.Pending, alert);
        }
    }

    /// <summary>Whether lines without an alert are recorded at all.</summary>
    public bool KeepsArchives => _options.LogAll || _options.LogAllJson;

    /// <summary>Queues the archive records of any line; the id is that of its alert, or was given as for one.</summary>
    public void AddArchive(Alert line)
    {
        if (_options.LogAllJson)
        {
            Prepare(_archivesJson, line.ArrivalUnixMilliseconds);
            _json.Write(_archivesJson.Pending, line, withFullLog: true);
            _archivesJson.Pending.Add("\n"u8);
        }

        if (_options.LogAll)
        {
            Prepare(_archivesLog, line.ArrivalUnixMilliseconds);
            _text.WriteArchive(_archivesLog.Pending, line);
        }
    }

    /// <summary>Takes what is queued; empty when nothing is.</summary>
    public IReadOnlyList<RecordAppend> Take()
    {
        var batch = new List<RecordAppend>(_earlierDays);
        _earlierDays.Clear();
        foreach (var file in Files)
        {
            if (file.Take() is { } append)
                batch.Add(append);
        }

        return batch;
    }

    /// <summary>Writes what is queued straight to its files: for those who keep no redo log, such as a replay.</summary>
    public void WriteQueued()
    {
        foreach (var append in _earlierDays)
            RecordFile.WriteAt(append);

        _earlierDays.Clear();
        foreach (var file in Files)
            file.WriteQueued();

        AllWritten();
    }

    /// <summary>Writes a batch to its files.</summary>
    public void Write(IReadOnlyList<RecordAppend> batch)
    {
        foreach (var append in batch)
        {
            if (!Files.Any(f => f.TryWrite(append)))
                RecordFile.WriteAt(append);
        }

        AllWritten();
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach (var file in Files)
            file.Dispose();
    }

    private RecordFile[] Files => field ??= [_alertsJson, _alertsLog, _archivesJson, _archivesLog];

    private void AllWritten()
    {
        foreach (var file in Files)
            file.AllWritten();
    }

    private void Prepare(RecordFile file, long arrival)
    {
        if (file.Prepare(_now ?? arrival) is { } earlier)
            _earlierDays.Add(earlier);
    }
}
