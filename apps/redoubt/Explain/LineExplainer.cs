using Redoubt.App.Replay;
using Redoubt.App.Rules;
using Redoubt.Decide;
using Redoubt.Engine;
using Redoubt.Engine.Explain;
using Redoubt.Model;

namespace Redoubt.App.Explain;

/// <summary>Analyses lines with every step written down, and asks the responses.</summary>
internal sealed class LineExplainer
{
    private static readonly AgentIdentity Host = AgentIdentity.ManagerHost(Environment.MachineName);

    private readonly AnalysisEngine _engine;
    private readonly LinePreparer _preparer;
    private readonly PreparedLine _scratch;
    private readonly Decider _decider;
    private readonly LoggedClock? _clock;
    private readonly LineKind _kind;
    private readonly string _location;

    internal LineExplainer(LoadedRules rules, TimeZoneInfo zone, LoggedClock? clock, LineKind kind, string location)
    {
        var options = rules.Configuration.ForEngine(zone);
        _engine = new AnalysisEngine(rules.Ruleset, options);
        _preparer = new LinePreparer(rules.Ruleset, options);
        _scratch = new PreparedLine(rules.Ruleset, options);
        _decider = rules.Configuration.ForResponses(rules.Ruleset, allowed: []);
        _clock = clock;
        _kind = kind;
        _location = location;
    }

    /// <summary>Takes over the memory of another engine; false when it is none.</summary>
    internal bool Restore(byte[] state) => _engine.RestoreState(state);

    internal ExplainedLine Explain(ReadOnlySpan<byte> text)
    {
        var line = Line(
            text,
            _clock?.Read(_preparer.ReadTimestamp(text, _scratch)) ?? TimeProvider.System.GetUtcNow().ToUnixTimeMilliseconds()
        );
        var explanation = new Explanation();
        var result = _engine.Explain(in line, explanation);
        var alert = result.ToAlert();
        return new ExplainedLine(
            alert,
            result.IsAlert,
            result.IsMuted,
            explanation,
            alert.Rule is { Level: > 0 } ? _decider.Decide(alert) : []
        );
    }

    private LogLine Line(ReadOnlySpan<byte> text, long arrival) =>
        new()
        {
            Text = text,
            ArrivalUnixMilliseconds = arrival,
            Agent = Host,
            Location = _location,
            Kind = _kind,
        };
}
