using System.Diagnostics;
using Redoubt.Engine;
using Redoubt.Model;

namespace Redoubt.Bench.Measure;

/// <summary>Analyses a corpus with several threads; gives wall time and processor time.</summary>
internal sealed class ParallelRun(Ruleset ruleset, CorpusFile corpus)
{
    /// <summary>Alerts of the last run.</summary>
    public long Alerts { get; private set; }

    /// <returns>Wall seconds and processor seconds of the whole corpus.</returns>
    public (double Wall, double Cpu) Run(int workers)
    {
        Alerts = 0;
        var options = new EngineOptions { HostName = "web1" };
        using var feed = new Feed(corpus);
        var analysis = new ParallelAnalysis<Alert>(
            new AnalysisEngine(ruleset, options),
            options,
            feed,
            result => result.IsAlert ? result.ToAlert() : null,
            alert => Alerts += alert is null ? 0 : 1
        );
        var (clock, cpu) = (Stopwatch.StartNew(), CpuClock.Seconds);
        var threads = Enumerable.Range(0, workers).Select(_ => new Thread(analysis.Work)).ToList();
        threads.ForEach(thread => thread.Start());
        threads.ForEach(thread => thread.Join());
        return (clock.Elapsed.TotalSeconds, CpuClock.Seconds - cpu);
    }

    private sealed class Feed(CorpusFile corpus) : ILineFeed, IDisposable
    {
        private readonly LineSource _lines = new(corpus.Path);

        public bool TryRead(out LogLine line)
        {
            line = default;
            var number = _lines.Count;
            if (!_lines.TryRead(out var text))
                return false;

            line = EngineLane.LineOf(corpus.Options, number, text);
            return true;
        }

        public void Dispose() => _lines.Dispose();
    }
}
