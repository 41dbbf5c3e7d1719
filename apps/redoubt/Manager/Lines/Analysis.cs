using System.Threading.Channels;
using Microsoft.Extensions.Logging;
using Redoubt.Decide;
using Redoubt.Engine;
using Redoubt.Host;
using Redoubt.Model;
using Redoubt.Record;
using Redoubt.Store;
using Redoubt.Transport.Protocol;

namespace Redoubt.App.Manager;

/// <summary>The way of a line through the manager: decode, match, correlate, decide, record. One task, in order of arrival.</summary>
/// <remarks>
/// Batches are processed together when they are queued together, and never wait for more. A decision goes out at once; the records of a batch are
/// stored with the new positions in one transaction, written to their files, and only then acknowledged, so that every line counts exactly once
/// (docs/decisions/0003-exactly-once.md). A full queue makes the senders wait.
/// </remarks>
internal sealed class Analysis
{
    private const int MaxBatchesTogether = 64;

    private readonly Channel<Work> _queue = Channel.CreateBounded<Work>(new BoundedChannelOptions(256) { SingleReader = true });
    private readonly Dictionary<(string Agent, string Source, string File), long> _positions = [];
    private readonly Dictionary<(string Agent, string Source, string File), long> _moved = [];
    private readonly EngineMemory _memory;
    private readonly LineJournal _journal;
    private readonly Dispatcher _dispatcher;
    private readonly LoginSources _logins;
    private readonly TimeProvider _time;
    private readonly ILogger _log;

    private readonly LoopPulse _pulse;
    private readonly LedgerWork _ledgerWork;
    private readonly ForgedLineNotices _forgeries = new();
    private readonly RecordWork _recordWork;
    private RecordStage _records;
    private AnalysisEngine _engine;
    private Decider _decider;

    internal Analysis(
        AnalysisEngine engine,
        EngineMemory memory,
        Decider decider,
        RecordStage records,
        LineJournal journal,
        Dispatcher dispatcher,
        LoginSources logins,
        TimeProvider time,
        ILogger log
    )
    {
        _memory = memory;
        _engine = engine;
        _decider = decider;
        _records = records;
        _journal = journal;
        _dispatcher = dispatcher;
        _logins = logins;
        _time = time;
        _log = log;
        _pulse = new LoopPulse("the analysis", () => _queue.Writer.TryWrite(default));
        _ledgerWork = new LedgerWork(_pulse, time, log);
        _recordWork = new RecordWork(_pulse, time, log);
    }

    /// <summary>Beats with every batch; not while the disk keeps it waiting.</summary>
    internal LoopPulse Pulse => _pulse;

    /// <summary>Why the ledger cannot be written at the moment, or null. Lines wait at the agents meanwhile.</summary>
    internal string? LedgerProblem => _ledgerWork.Problem;

    /// <summary>Why records cannot be written at the moment, or null. Lines wait at the agents meanwhile.</summary>
    internal string? RecordsProblem => _recordWork.Problem;

    /// <summary>What happened so far.</summary>
    internal AnalysisCounters Counters { get; } = new();

    /// <summary>Queues a batch; waits while the queue is full.</summary>
    internal ValueTask AddAsync(ReceivedBatch batch, CancellationToken cancellation) =>
        _queue.Writer.WriteAsync(new Work(batch, null), cancellation);

    /// <summary>Puts new rules and responses in force between two batches.</summary>
    /// <param name="engine">Makes the new engine from the one in use, whose memory it takes over.</param>
    /// <param name="decider">The responses.</param>
    /// <param name="records">The records.</param>
    internal Task UseAsync(Func<AnalysisEngine, AnalysisEngine> engine, Decider decider, RecordStage records) =>
        BetweenBatchesAsync(() =>
        {
            if (!ReferenceEquals(_records, records))
                _records.Dispose();

            (_engine, _decider, _records) = (engine(_engine), decider, records);
            _records.TurnTo(Now);
        });

    /// <summary>Puts other responses or protected addresses in force between two batches.</summary>
    internal Task UseAsync(Decider decider) => BetweenBatchesAsync(() => _decider = decider);

    /// <summary>Raises an alert about a host between two batches; it is written before the next batch is looked at.</summary>
    internal ValueTask TellAsync(Alarm alarm, AgentIdentity about) =>
        _queue.Writer.WriteAsync(new Work(null, () => Report(OwnAlert.Of(about, Now, alarm, alarm.Text))));

    /// <summary>Analyses a line that the manager has to say of a host, between two batches.</summary>
    /// <returns>False when the manager ends.</returns>
    internal async ValueTask<bool> TellAsync(string line, AgentIdentity about, string location)
    {
        try
        {
            await _queue.Writer.WriteAsync(new Work(null, () => Judge(OwnLine(line, about, location))));
            return true;
        }
        catch (ChannelClosedException)
        {
            return false;
        }
    }

    private LogLine OwnLine(string line, AgentIdentity about, string location) =>
        new()
        {
            Text = System.Text.Encoding.UTF8.GetBytes(line),
            ArrivalUnixMilliseconds = Now,
            Agent = about,
            Location = location,
            Kind = LineKind.Log,
        };

    /// <summary>Makes the record files of this moment and closes days that are over, between two batches.</summary>
    /// <returns>Why that cannot be done now, or null.</returns>
    internal async Task<string?> TurnRecordsAsync(IReadOnlyList<DayFile> over)
    {
        string? problem = null;
        await BetweenBatchesAsync(() =>
        {
            try
            {
                problem = _records.TurnTo(Now);
                // A day must not be closed while the redo log may still write into it.
                if (over.Count > 0 && _ledgerWork.TryDo(() => _journal.Confirm(Now)))
                    _records.Close(over);
            }
            catch (Exception e) when (e is IOException or UnauthorizedAccessException)
            {
                problem = e.Message;
            }
        });
        return problem;
    }

    private async Task BetweenBatchesAsync(Action change)
    {
        var done = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        await _queue.Writer.WriteAsync(
            new Work(
                null,
                () =>
                {
                    change();
                    done.SetResult();
                }
            )
        );
        await done.Task;
    }

    /// <summary>Works until cancelled. What is not acknowledged then is sent again by the agents.</summary>
    internal async Task RunAsync(CancellationToken stopping)
    {
        _memory.Restore(_engine);
        var together = new List<ReceivedBatch>();
        try
        {
            await WriteUnconfirmedAsync(stopping);
            while (await _queue.Reader.WaitToReadAsync(stopping))
            {
                _pulse.Beat();
                Action? change = null;
                while (change is null && together.Count < MaxBatchesTogether && _queue.Reader.TryRead(out var work))
                {
                    change = work.Change;
                    if (work.Batch is { } batch)
                        together.Add(batch);
                }

                _records.TurnTo(Now);
                await ProcessAsync(together, stopping);
                together.Clear();
                if (change is not null)
                {
                    change();
                    await StoreAsync(stopping);
                }

                _memory.SaveWhenDue(_engine);
            }
        }
        catch (OperationCanceledException)
        {
            // The manager ends; what was not acknowledged comes again.
        }
        finally
        {
            _queue.Writer.TryComplete();
        }

        // Lines that could not be stored come again: their events must not be counted twice.
        if (_ledgerWork.Problem is null)
        {
            _memory.Save(_engine);
            // Records that still wait for room are written at the next start.
            if (_recordWork.Problem is null)
                _ledgerWork.TryDo(() => _journal.Confirm(Now));
        }

        _records.Dispose();
    }

    private long Now => _time.GetUtcNow().ToUnixTimeMilliseconds();

    private async Task ProcessAsync(List<ReceivedBatch> batches, CancellationToken stopping)
    {
        foreach (var (session, lines) in batches)
        {
            _pulse.Beat();
            var counted = Counters.Of(session.Identity.Id);
            foreach (var source in lines.Sources)
            {
                foreach (var line in source.Lines)
                    Process(session, source, line, counted);
            }
        }

        await StoreAsync(stopping);
        foreach (var (session, lines) in batches)
        {
            session.Send(new ManagerMessage { Ack = new Ack { Sequence = lines.Sequence } });
            Counters.Of(session.Identity.Id).Stored(lines, Now);
        }
    }

    private void Process(AgentSession session, SourceLines source, Line line, AgentLines counted)
    {
        Counters.Received++;
        counted.Received++;
        session.LinesReceived++;
        if (!IsNew(session, source, (long)line.End))
        {
            Counters.Duplicates++;
            counted.Duplicates++;
            return;
        }

        try
        {
            Analyse(session, source, line);
            Counters.Processed++;
            counted.Processed++;
        }
        catch (Exception e) when (e is not OutOfMemoryException)
        {
            // A defect of ours. The line must not come again and again, and the lines behind it must not wait for a repair.
            Counters.Shed++;
            counted.Shed++;
            _log.LineFailed(e, source.Location, session.Identity.Id, Start(line));
        }
    }

    private void Analyse(AgentSession session, SourceLines source, Line line)
    {
        if (line.Truncated)
            Counters.Truncated++;

        var origin = OriginOf(line);
        if (origin == LineOrigin.Forged)
        {
            TellForged(session, source, line);
            return;
        }

        Judge(
            new LogLine
            {
                Text = TextOf(line, source.Format),
                ArrivalUnixMilliseconds = Math.Clamp(line.Arrival, Now - LongestDelay, Now),
                Agent = session.Identity,
                Location = source.Location,
                Kind = LineKind.Log,
                Origin = origin,
            }
        );
    }

    private void Judge(in LogLine line)
    {
        var result = _engine.Analyse(line);
        if (result.ToCostAlert() is { } costly)
            Report(costly with { Origin = line.Origin });

        if (result.Event.DecoderName is not null)
            Counters.Decoded++;

        if (result.Rule is not null)
            Counters.Matched++;

        var hasResponse = result.Rule is { Level: > 0 } rule && _decider.HasResponse(rule.Id);
        var isLogin = result.Rule is { } told && _decider.TellsLogin(told.Id);
        if (!result.IsAlert && !hasResponse && !isLogin && !_records.KeepsArchives)
            return;

        var alert = _records.AssignId(result.ToAlert() with { Origin = line.Origin });
        if (isLogin && Login.Of(alert) is { } login)
            _ledgerWork.Do(() => _logins.Remember(alert.Agent.Id, login.Address, login.IsByKey, login.User, alert.ArrivalUnixMilliseconds));

        if (result.IsAlert)
        {
            Counters.Alerts++;
            _records.AddAlert(alert);
        }

        _records.AddArchive(alert);
        if (hasResponse)
            Decide(alert);
    }

    // A number that this version does not know is no reason to trust the line.
    private static LineOrigin OriginOf(Line line) =>
        line.Origin switch
        {
            Origin.Relayed => LineOrigin.Relayed,
            Origin.Verified => LineOrigin.Verified,
            Origin.Unprivileged => LineOrigin.Unprivileged,
            Origin.Forged => LineOrigin.Forged,
            _ => LineOrigin.Network,
        };

    // No rule sees it: it would count against somebody who has done nothing.
    private void TellForged(AgentSession session, SourceLines source, Line line)
    {
        Counters.Forged++;
        var writer = $"{source.Location} holds a line of {line.Writer}";
        if (_forgeries.TryTell(session.Identity.Id, Now, out var untold))
            Report(
                OwnAlert.Of(
                    session.Identity,
                    line.Arrival,
                    new Alarm(OwnRules.ForgedLine, untold == 0 ? writer : $"{writer}; {untold} more before it"),
                    Start(line)
                ) with
                {
                    Location = source.Location,
                    Origin = LineOrigin.Forged,
                }
            );
    }

    // An alert of Redoubt's own, on which a response may be bound as on any other.
    private void Report(Alert own)
    {
        var alert = _records.AssignId(own);
        Counters.LastIncident = new Incident(Now, own.Agent.Id, own.Agent.Name, own.Description);
        Counters.Alerts++;
        _records.AddAlert(alert);
        if (_decider.HasResponse(alert.Rule!.Id))
            Decide(alert);
    }

    // A host's clock may be wrong or lie: lines never come from the future, nor from longer ago than logs are kept waiting.
    private const long LongestDelay = 30L * 86_400_000;

    // Only these formats hold newlines inside a record; elsewhere one would be a forgery.
    private static ReadOnlySpan<byte> TextOf(Line line, string format)
    {
        var text = line.Text.Span;
        if (format is "full_command" or "multi-line-regex" || !text.Contains((byte)'\n'))
            return text;

        var copy = text.ToArray();
        copy.AsSpan().Replace((byte)'\n', (byte)' ');
        return copy;
    }

    private static string Start(Line line) => System.Text.Encoding.UTF8.GetString(line.Text.Span[..Math.Min(line.Text.Length, 200)]);

    private void Decide(Alert alert)
    {
        var decisions = _decider.Decide(alert);
        if (decisions.Count == 0)
            return;

        var document = System.Text.Encoding.UTF8.GetString(_records.Json.Format(alert));
        foreach (var decision in decisions)
        {
            Counters.Decisions++;
            _ledgerWork.Do(() =>
            {
                if (_dispatcher.Carry(decision, document) is { } alarm)
                    Report(OwnAlert.Of(alert, alarm));
            });
        }
    }

    // A full disk stops acknowledgement, not the manager.
    private async Task CatchUpAsync(CancellationToken stopping)
    {
        if (await _ledgerWork.CatchUpAsync(stopping) is { } problem)
            Report(OwnAlert.Of(OwnAlert.Manager, Now, new Alarm(OwnRules.LedgerWaited, problem), problem));
    }

    // An agent sends lines again when it does not know that we had them; positions in one file only grow.
    private bool IsNew(AgentSession session, SourceLines source, long end)
    {
        var key = (session.Identity.Id, source.Source, source.File);
        if (!_positions.TryGetValue(key, out var position))
            position = _journal.PositionOf(key.Id, key.Source, key.File);

        if (end <= position)
        {
            _positions[key] = position;
            return false;
        }

        _positions[key] = end;
        _moved[key] = end;
        return true;
    }

    private async Task StoreAsync(CancellationToken stopping)
    {
        await CatchUpAsync(stopping);
        var records = _records.Take();
        if (_moved.Count == 0 && records.Count == 0)
            return;

        await _ledgerWork.DoAsync(
            () =>
                _journal.Store(
                    _moved.Select(m => new LinePosition(m.Key.Agent, m.Key.Source, m.Key.File, m.Value)),
                    records.Select(r => new RedoRecord(r.Path, r.Offset, r.Bytes)),
                    Now
                ),
            stopping
        );
        _moved.Clear();
        var hasWaited = await WriteAsync(records, stopping);

        // The alert that tells of what had to wait is a record of its own.
        if (hasWaited || _ledgerWork.Problem is not null)
            await StoreAsync(stopping);
    }

    private async Task<bool> WriteAsync(IReadOnlyList<RecordAppend> records, CancellationToken stopping)
    {
        if (await _recordWork.WriteAsync(_records, records, stopping) is not { } problem)
            return false;

        Report(OwnAlert.Of(OwnAlert.Manager, Now, new Alarm(OwnRules.RecordsWaited, problem), problem));
        return true;
    }

    // After a crash: the last batch may have been stored and not written.
    private async Task WriteUnconfirmedAsync(CancellationToken stopping)
    {
        IReadOnlyList<RedoRecord> records = [];
        await _ledgerWork.DoAsync(() => records = _journal.Unconfirmed(), stopping);
        var hasWaited = await WriteAsync([.. records.Select(r => new RecordAppend(r.Path, r.Start, r.Bytes))], stopping);
        await _ledgerWork.DoAsync(() => _journal.Confirm(Now), stopping);
        if (hasWaited)
            await StoreAsync(stopping);
    }

    private readonly record struct Work(ReceivedBatch? Batch, Action? Change);
}
