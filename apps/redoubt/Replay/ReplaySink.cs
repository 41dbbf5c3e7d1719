using System.Globalization;
using Redoubt.Decide;
using Redoubt.Model;
using Redoubt.Record;

namespace Redoubt.App.Replay;

/// <summary>The last stage: gives alerts their ids, records them, decides, prints. In the order of the lines.</summary>
/// <remarks>Threads: not safe; one stage owns it. Errors: <see cref="IOException"/> when a file or the output cannot be written.</remarks>
internal sealed class ReplaySink : IDisposable
{
    private const int WriteEvery = 1_024;

    private readonly RecordStage? _records;
    private readonly ReplayJson? _json;
    private readonly Decider _decider;
    private readonly RehearsedBlocks _blocks;
    private readonly AlertIds _ids;
    private int _queued;

    internal ReplaySink(RecordStage? records, ReplayJson? json, Decider decider, RehearsedBlocks blocks, TimeZoneInfo zone)
    {
        _records = records;
        _json = json;
        _decider = decider;
        _blocks = blocks;
        _ids = new AlertIds(zone);
    }

    /// <summary>What was found; the stages before fill in their part.</summary>
    internal ReplaySummary Summary { get; } = new();

    /// <summary>Takes what the next line led to.</summary>
    internal void Take(ReplayedLine line)
    {
        if (line.CostAlert is { } costly)
            Take(costly, isAlert: true, _decider.HasResponse(costly.Rule!.Id), isLine: false);

        if (line.Alert is { } alert)
            Take(alert, line.IsAlert, line.HasResponse, isLine: true);
        else if (line.IsAlert)
            Count(line.Rule!);

        if (++_queued >= WriteEvery)
            Flush();
    }

    private void Take(Alert line, bool isAlert, bool hasResponse, bool isLine)
    {
        var alert = _records?.AssignId(line) ?? _ids.Assign(line);
        if (isAlert)
        {
            Count(alert.Rule!);
            var json = _json?.Alert(alert);
            if (_records is null)
                _ids.Add(json?.Length ?? 0);
            else
                _records.AddAlert(alert);
        }

        if (isLine && _records is { KeepsArchives: true })
            _records.AddArchive(alert);

        if (hasResponse)
            Decide(alert);
    }

    private void Count(RuleSummary rule)
    {
        Summary.Alerts++;
        Summary.AlertsByRule[rule.Id] = Summary.AlertsByRule.GetValueOrDefault(rule.Id) + 1;
        Summary.Rules.TryAdd(rule.Id, rule);
    }

    /// <summary>Writes what is queued.</summary>
    internal void Flush()
    {
        _queued = 0;
        _records?.WriteQueued();
    }

    public void Dispose() => _records?.Dispose();

    private void Decide(Alert alert)
    {
        foreach (var decision in _decider.Decide(alert))
        {
            var (carried, step, isNew) = _blocks.Take(decision);
            Summary.Responses.Add(carried, isNew, _blocks.InForce);
            _json?.Decision(carried, step);
        }
    }

    /// <summary>Ids of alerts that are not recorded: the second, and where the record would stand in that day's alerts.json.</summary>
    private sealed class AlertIds(TimeZoneInfo zone)
    {
        private readonly Dictionary<DateOnly, long> _offsets = [];
        private DateOnly _day;

        internal Alert Assign(Alert alert)
        {
            _day = RecordDay.Of(alert.ArrivalUnixMilliseconds, zone);
            var offset = _offsets.GetValueOrDefault(_day);
            return alert with { Id = string.Create(CultureInfo.InvariantCulture, $"{alert.ArrivalUnixMilliseconds / 1000}.{offset}") };
        }

        internal void Add(int bytes) => _offsets[_day] = _offsets.GetValueOrDefault(_day) + bytes + 1;
    }
}
