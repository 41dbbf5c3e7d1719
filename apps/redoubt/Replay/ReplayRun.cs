using System.Collections.Concurrent;
using System.Runtime.ExceptionServices;
using Redoubt.Decide;
using Redoubt.Engine;
using Redoubt.Engine.Decode;
using Redoubt.Host;
using Redoubt.Model;
using Redoubt.Record;

namespace Redoubt.App.Replay;

/// <summary>Sends the lines of files through the stages of the manager, at the times they tell.</summary>
/// <remarks>
/// read → decode → match and correlate → decide and record. Decoding a line depends on nothing but the line, so several workers do it; matching
/// is one stage that takes chunks in their order, and so is recording. Results therefore do not depend on the number of workers.
/// With one worker everything happens on the calling thread.
/// </remarks>
internal sealed class ReplayRun
{
    private readonly ReplayOptions _options;
    private readonly EngineOptions _engineOptions;
    private readonly AnalysisEngine _engine;
    private readonly Decider _decider;
    private readonly ReplaySink _sink;
    private readonly bool _keepsAlerts;
    private readonly bool _keepsArchives;
    private readonly AgentIdentity _agent = new("000", Environment.MachineName, null);

    private ReplayRun(ReplayOptions options, Decider decider, ReplaySink sink, RecordStage? records)
    {
        _options = options;
        var global = options.Rules.Configuration.Global;
        _engineOptions = new EngineOptions
        {
            LogAlertLevel = global.LogAlertLevel,
            MailAlertLevel = global.EmailAlertLevel,
            MemorySize = global.MemorySize,
            HostName = Environment.MachineName,
            TimeZone = options.Zone,
        };
        _engine = new AnalysisEngine(options.Rules.Ruleset, _engineOptions);
        _decider = decider;
        _sink = sink;
        _keepsAlerts = records is not null || options.Json is not null;
        _keepsArchives = records is { KeepsArchives: true };
    }

    private ReplaySummary Summary => _sink.Summary;

    /// <summary>Runs to the end of the input.</summary>
    /// <exception cref="StartException">Input cannot be read, or output not written.</exception>
    internal static ReplaySummary Execute(ReplayOptions options, ReplayInput input)
    {
        // Garbage is short-lived here; a collector that runs beside the stages only takes their time.
        System.Runtime.GCSettings.LatencyMode = System.Runtime.GCLatencyMode.Batch;
        var records = RecordsOf(options);
        var decider = new Decider(options.Rules.Configuration.Decide, options.Rules.Ruleset.Rules);
        var json = options.Json is { } output
            ? new ReplayJson(output, new AlertJson(Environment.MachineName, options.Rules.Configuration.Global.EmailAlertLevel, options.Zone), options.Zone)
            : null;
        using var sink = new ReplaySink(records, json, decider, options.Zone);
        var run = new ReplayRun(options, decider, sink, records);
        try
        {
            run.Run(input);
            json?.Summary(sink.Summary, options.WithBudget);
            options.Json?.Flush();
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new StartException($"The results cannot be written: {e.Message}", StartException.Unreachable);
        }

        return sink.Summary;
    }

    private static RecordStage? RecordsOf(ReplayOptions options)
    {
        if (options.OutputFolder is not { } folder)
            return null;

        var global = options.Rules.Configuration.Global;
        return new RecordStage(
            new RecordOptions
            {
                Folder = folder,
                ManagerName = Environment.MachineName,
                JsonOutput = global.JsonOutput,
                AlertsLog = global.AlertsLog,
                LogAll = global.LogAll,
                LogAllJson = global.LogAllJson,
                MailLevel = global.EmailAlertLevel,
            },
            options.Zone
        );
    }

    private void Run(ReplayInput input)
    {
        if (_options.Workers == 1)
            RunAlone(input);
        else
            RunTogether(input);

        _sink.Flush();
        Summary.Truncated = input.Truncated;
    }

    private void RunAlone(ReplayInput input)
    {
        using var chunk = new LineChunk();
        var decoder = new LineDecoder(_options.Rules.Ruleset, _engineOptions);
        var e = decoder.CreateEvent();
        while (input.Next(chunk))
        {
            Begin(chunk);
            for (var i = 0; i < chunk.Count; i++)
            {
                decoder.Decode(chunk.Line(i, _agent, _options.Kind), e);
                if (Match(e) is { } alert)
                    _sink.Take(alert);
            }

            _options.Progress?.Invoke(Summary.Lines);
        }
    }

    private void RunTogether(ReplayInput input)
    {
        using var stop = new CancellationTokenSource();
        using var free = new BlockingCollection<LineChunk>();
        using var read = new BlockingCollection<LineChunk>();
        using var inOrder = new BlockingCollection<LineChunk>();
        using var matched = new BlockingCollection<LineChunk>();
        for (var i = 0; i < (2 * _options.Workers) + 4; i++)
            free.Add(new LineChunk());

        List<Task> stages =
        [
            Stage(stop, () => Read(input, free, read, inOrder, stop.Token)),
            .. Enumerable.Range(0, _options.Workers).Select(_ => Stage(stop, () => Decode(read, stop.Token))),
            Stage(stop, () => Match(inOrder, matched, stop.Token)),
            Stage(stop, () => Record(matched, free, stop.Token)),
        ];
        var all = Task.WhenAll(stages);
        all.ContinueWith(_ => { }, TaskScheduler.Default).Wait();
        foreach (var chunk in free)
            chunk.Dispose();

        // The stage that failed first made the others stop.
        if (stages.Find(s => s.Exception is { InnerException: not OperationCanceledException }) is { } failed)
            ExceptionDispatchInfo.Throw(failed.Exception!.InnerException!);
    }

    private static Task Stage(CancellationTokenSource stop, Action body) =>
        Task.Factory.StartNew(
            () =>
            {
                try
                {
                    body();
                }
                catch
                {
                    stop.Cancel();
                    throw;
                }
            },
            CancellationToken.None,
            TaskCreationOptions.LongRunning,
            TaskScheduler.Default
        );

    private static void Read(
        ReplayInput input,
        BlockingCollection<LineChunk> free,
        BlockingCollection<LineChunk> read,
        BlockingCollection<LineChunk> inOrder,
        CancellationToken stop
    )
    {
        while (free.Take(stop) is var chunk)
        {
            if (!input.Next(chunk))
            {
                free.Add(chunk, stop);
                break;
            }

            inOrder.Add(chunk, stop);
            read.Add(chunk, stop);
        }

        read.CompleteAdding();
        inOrder.CompleteAdding();
    }

    private void Decode(BlockingCollection<LineChunk> read, CancellationToken stop)
    {
        var decoder = new LineDecoder(_options.Rules.Ruleset, _engineOptions);
        foreach (var chunk in read.GetConsumingEnumerable(stop))
        {
            for (var i = 0; i < chunk.Count; i++)
                decoder.Decode(chunk.Line(i, _agent, _options.Kind), chunk.Events[i] ??= decoder.CreateEvent());

            chunk.Decoded.Set();
        }
    }

    private void Match(BlockingCollection<LineChunk> inOrder, BlockingCollection<LineChunk> matched, CancellationToken stop)
    {
        foreach (var chunk in inOrder.GetConsumingEnumerable(stop))
        {
            chunk.Decoded.Wait(stop);
            Begin(chunk);
            for (var i = 0; i < chunk.Count; i++)
            {
                if (Match(chunk.Events[i]!) is { } alert)
                    chunk.Alerts.Add(alert);
            }

            matched.Add(chunk, stop);
            _options.Progress?.Invoke(Summary.Lines);
        }

        matched.CompleteAdding();
    }

    private void Record(BlockingCollection<LineChunk> matched, BlockingCollection<LineChunk> free, CancellationToken stop)
    {
        foreach (var chunk in matched.GetConsumingEnumerable(stop))
        {
            foreach (var alert in chunk.Alerts)
                _sink.Take(alert);

            free.Add(chunk, stop);
        }
    }

    private void Begin(LineChunk chunk)
    {
        if (chunk.StartsFile)
            _options.Clock.StartFile();

        Summary.Bytes += chunk.Bytes;
    }

    private ReplayedAlert? Match(DecodedEvent e)
    {
        Summary.Lines++;
        var result = _engine.Analyse(e, ArrivalOf(e));
        if (e.DecoderName is not null)
            Summary.Decoded++;

        if (result.Rule is not { } rule)
            return _keepsArchives ? new ReplayedAlert(result.ToAlert(), false, false) : null;

        Summary.Matched++;
        if (result.IsAlert)
        {
            Summary.Alerts++;
            System.Runtime.InteropServices.CollectionsMarshal.GetValueRefOrAddDefault(Summary.AlertsByRule, rule.Id, out _)++;
        }

        var hasResponse = rule.Level > 0 && _decider.HasResponse(rule.Id);
        return (result.IsAlert && _keepsAlerts) || hasResponse || _keepsArchives
            ? new ReplayedAlert(result.ToAlert(), result.IsAlert, hasResponse)
            : null;
    }

    private long ArrivalOf(DecodedEvent e)
    {
        var arrival = _options.Clock.Read(e.Timestamp);
        if (arrival != 0)
        {
            Summary.First ??= arrival;
            Summary.Last = Math.Max(Summary.Last, arrival);
        }

        return arrival;
    }
}
