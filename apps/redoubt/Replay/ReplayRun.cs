using System.Runtime.ExceptionServices;
using Redoubt.App.Rules;
using Redoubt.Decide;
using Redoubt.Engine;
using Redoubt.Host;
using Redoubt.Record;

namespace Redoubt.App.Replay;

/// <summary>Sends the lines of files through the stages of the manager, at the times they tell.</summary>
/// <remarks>
/// Workers prepare batches of lines beside each other, conclude them in their order, and hand them to the sink in their order
/// (<see cref="ParallelAnalysis{T}"/>), so results do not depend on the number of workers. With one worker everything happens on the
/// calling thread.
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

    private ReplayRun(ReplayOptions options, Decider decider, ReplaySink sink, RecordStage? records)
    {
        _options = options;
        _engineOptions = options.Rules.Configuration.ForEngine(options.Zone);
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
        var decider = options.Rules.Configuration.ForResponses(options.Rules.Ruleset, allowed: []);
        var json = options.Json is { } output
            ? new ReplayJson(
                output,
                new AlertJson(Environment.MachineName, options.Rules.Configuration.Global.EmailAlertLevel, options.Zone),
                options.Zone
            )
            : null;
        using var sink = new ReplaySink(records, json, decider, new RehearsedBlocks(options.Rules.Configuration.Decide), options.Zone);
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

    private static RecordStage? RecordsOf(ReplayOptions options) =>
        options.OutputFolder is { } folder ? new RecordStage(options.Rules.Configuration.ForRecords(folder), options.Zone) : null;

    private void Run(ReplayInput input)
    {
        var analysis = new ParallelAnalysis<ReplayedLine>(
            _engine,
            _engineOptions,
            new ReplayFeed(input, _options, _engineOptions, Summary),
            Make,
            line =>
            {
                if (line is not null)
                    _sink.Take(line);
            }
        );
        if (_options.Workers == 1)
            analysis.Work();
        else
            WorkTogether(analysis);

        _sink.Flush();
        var counters = _engine.Counters;
        Summary.Decoded = counters.Received - counters.Undecoded;
        Summary.Matched = counters.Received - counters.Unmatched;
        Summary.Truncated = input.Truncated;
    }

    private void WorkTogether(ParallelAnalysis<ReplayedLine> analysis)
    {
        var workers = Enumerable
            .Range(0, _options.Workers)
            .Select(_ =>
                Task.Factory.StartNew(analysis.Work, CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default)
            )
            .ToArray();
        try
        {
            Task.WaitAll(workers);
        }
        catch (AggregateException e)
        {
            // One failed, and the others say that they had to stop because of it.
            var reason = e.InnerExceptions.FirstOrDefault(i => i is not InvalidOperationException) ?? e.InnerExceptions[0];
            ExceptionDispatchInfo.Throw(reason);
        }
    }

    // Called by all workers at a time; reads nothing that changes.
    private ReplayedLine? Make(AnalysisResult result)
    {
        var costly = result.ToCostAlert();
        var rule = result.Rule;
        var hasResponse = rule is { Level: > 0 } && _decider.HasResponse(rule.Id);
        if (!result.IsAlert && !hasResponse && !_keepsArchives && costly is null)
            return null;

        var isWanted = (result.IsAlert && _keepsAlerts) || hasResponse || _keepsArchives;
        return new ReplayedLine(rule, isWanted ? result.ToAlert() : null, result.IsAlert, hasResponse, costly);
    }
}
