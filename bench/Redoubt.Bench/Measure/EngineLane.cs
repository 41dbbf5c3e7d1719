using Redoubt.Corpus;
using Redoubt.Engine;
using Redoubt.Model;

namespace Redoubt.Bench.Measure;

/// <summary>An engine that analyses a corpus from its beginning to its end: bytes in, alert objects out.</summary>
internal sealed class EngineLane : Lane, IDisposable
{
    /// <summary>The host of all lines.</summary>
    public static readonly AgentIdentity Host = new("000", "web1", null);

    private readonly CorpusOptions _corpus;
    private readonly LineSource _lines;

    public EngineLane(string name, Ruleset ruleset, CorpusFile corpus, EngineOptions? options = null)
        : base(name)
    {
        _corpus = corpus.Options;
        _lines = new LineSource(corpus.Path);
        Engine = new AnalysisEngine(ruleset, options ?? new EngineOptions { HostName = "web1" });
    }

    public AnalysisEngine Engine { get; }

    public long Alerts { get; private set; }

    /// <summary>The last alert; it keeps the compiler from leaving the making of alerts out.</summary>
    public Alert? Last { get; private set; }

    /// <summary>Called with the id of each line's rule; null, the default, for nothing.</summary>
    public Action<int>? OnRule { get; init; }

    /// <summary>Called with each alert; null, the default, for nothing.</summary>
    public Action<Alert>? OnAlert { get; init; }

    /// <exception cref="InvalidOperationException">The corpus is at its end.</exception>
    public override void Run(int lines)
    {
        for (; lines > 0; lines--)
        {
            var number = _lines.Count;
            if (!_lines.TryRead(out var line))
                throw new InvalidOperationException("The corpus is shorter than the measurement.");

            var result = Engine.Analyse(LineOf(_corpus, number, line));
            if (OnRule is not null && result.Rule is { } rule)
                OnRule(rule.Id);

            if (!result.IsAlert)
                continue;

            Last = result.ToAlert();
            OnAlert?.Invoke(Last);
            Alerts++;
        }
    }

    /// <summary>A line of a corpus as a collector gives it.</summary>
    public static LogLine LineOf(CorpusOptions corpus, long number, ReadOnlySpan<byte> text) =>
        new()
        {
            Text = text,
            ArrivalUnixMilliseconds = LineCorpus.ArrivalOf(corpus, number),
            Agent = Host,
            Location = "/var/log/auth.log",
        };

    public void Dispose() => _lines.Dispose();
}
