using System.Security.Cryptography;
using Redoubt.Engine.Correlate;
using Redoubt.Engine.Decode;
using Redoubt.Engine.Explain;
using Redoubt.Engine.Match;
using Redoubt.Model;

namespace Redoubt.Engine;

/// <summary>Analyses lines, one after the other: what a line says, which rule it meets, whether that is an alert.</summary>
/// <remarks>
/// Bytes in, alerts out: no files, sockets, threads or clock; the same lines with the same arrival times always give the same
/// answers. Time: arrival, as stamped on each line. Cost: independent of the number of sources remembered; a line whose rule is
/// found allocates nothing before <see cref="AnalysisResult.ToAlert"/>. Errors: none, whatever the bytes are.
/// Threads: not safe; several engines may share one <see cref="Ruleset"/>, each with lines of agents of its own.
/// Source: rule-engine.md 4.3.
/// </remarks>
public sealed class AnalysisEngine
{
    internal const int SecretBytes = 16;

    private readonly EngineOptions _options;
    private readonly LineDecoder _decoder;
    private readonly DecodedEvent _event;
    private readonly AnalysisResult _result;
    private Accumulator _accumulator;
    private RuleWalker _rules;
    private long _received;
    private long _undecoded;
    private long _unmatched;
    private long _quiet;
    private long _muted;
    private long _alerted;
    private long _overBudget;

    /// <summary>Makes an engine without memory of any line.</summary>
    public AnalysisEngine(Ruleset ruleset, EngineOptions options)
        : this(ruleset, options, null) { }

    /// <summary>Makes an engine that goes on where another one stopped, for a reload of the ruleset.</summary>
    /// <param name="ruleset">The new rules.</param>
    /// <param name="options">The new options.</param>
    /// <param name="older">Its memory is taken over: windows whose meaning is unchanged, fired times, mutes, first times, accumulated
    /// fields, texts of <c>check_diff</c>. It must not be used afterwards. Null for none.</param>
    public AnalysisEngine(Ruleset ruleset, EngineOptions options, AnalysisEngine? older)
    {
        Ruleset = ruleset;
        _options = options;
        Secret = older?.Secret ?? options.Secret ?? RandomNumberGenerator.GetBytes(SecretBytes);
        _decoder = new LineDecoder(ruleset, options);
        _event = _decoder.CreateEvent();
        _result = new AnalysisResult(this, _event);
        _accumulator = older?._accumulator ?? new Accumulator();
        Context = new RuleContext(options.TimeZone, older?.Context);
        Correlator = new Correlator(ruleset, options, Secret, older?.Correlator);
        _rules = new RuleWalker(ruleset, Context, Correlator);
        if (older is not null)
            TakeOverCounters(older);
    }

    /// <summary>The rules in force.</summary>
    public Ruleset Ruleset { get; }

    /// <summary>What was done since the engine was made.</summary>
    public EngineCounters Counters =>
        new()
        {
            Received = _received,
            Undecoded = _undecoded,
            Unmatched = _unmatched,
            Quiet = _quiet,
            Muted = _muted,
            Alerted = _alerted,
            OverBudget = _overBudget,
            WindowKeys = Correlator.Keys,
            RememberedEvents = Correlator.RememberedEvents,
            Evictions = Correlator.Evictions,
            MissingPreviousLines = Correlator.MissingLines,
        };

    internal byte[] Secret { get; private set; }

    internal RuleContext Context { get; private set; }

    internal Correlator Correlator { get; private set; }

    internal int[] FiredTimes => _rules.FiredTimes;

    internal byte[]? PreviousLog => Context.Diffs.Replaced;

    /// <summary>Forgets all earlier lines: windows, fired times, mutes, first times, accumulated fields, differences.</summary>
    public void Reset() => Forget(Secret);

    /// <summary>The engine's memory as bytes: windows with their lines, mutes, fired times, first times, texts of <c>check_diff</c>.</summary>
    /// <remarks>Cost: linear in what is remembered. Accumulated fields live two minutes and are not part of it.</remarks>
    public byte[] ExportState() => EngineState.Write(this);

    /// <summary>Replaces the engine's memory by an exported one, also of another ruleset; what rules no longer ask for is left out.</summary>
    /// <returns>False when the bytes are cut off or no state; the engine then has no memory at all.</returns>
    public bool RestoreState(byte[] state)
    {
        if (EngineState.TryRead(this, state))
            return true;

        Reset();
        return false;
    }

    /// <summary>Analyses one line.</summary>
    /// <returns>The engine's own result object, valid until the next call.</returns>
    public AnalysisResult Analyse(in LogLine line)
    {
        _decoder.Decode(in line, _event);
        var trace = default(NoTrace);
        return Analyse(_event, ref trace);
    }

    /// <summary>Analyses a line that a <see cref="LineDecoder"/> of the same ruleset has decoded.</summary>
    /// <param name="e">The event; fields carried over from earlier lines (<c>accumulate</c>) are added to it.</param>
    /// <param name="arrivalUnixMilliseconds">Arrival, which decoding does not depend on.</param>
    /// <returns>The engine's own result object, valid until the next call and as long as the event is.</returns>
    public AnalysisResult Analyse(DecodedEvent e, long arrivalUnixMilliseconds)
    {
        e.ArrivalUnixMilliseconds = arrivalUnixMilliseconds;
        var trace = default(NoTrace);
        return Analyse(e, ref trace);
    }

    /// <summary>Analyses one line as <see cref="Analyse(in LogLine)"/> does, and writes down every step.</summary>
    /// <param name="line">The line.</param>
    /// <param name="explanation">Receives the steps; what it held is forgotten.</param>
    /// <remarks>The same code decides, compiled with a watcher; it costs strings for every decoder and rule that was tried.</remarks>
    public AnalysisResult Explain(in LogLine line, Explanation explanation)
    {
        var trace = new ExplainingTrace(this, explanation);
        _decoder.Decode(in line, _event, ref trace);
        return Analyse(_event, ref trace);
    }

    private AnalysisResult Analyse<TTrace>(DecodedEvent e, ref TTrace trace)
        where TTrace : struct, IRuleTrace
    {
        _received++;
        Start(e);
        if (e.Decoder is null)
            _undecoded++;

        _accumulator.Accumulate(e);
        var rule = FindRule(e, ref trace, out var parent);
        if (e.IsOverBudget)
            _overBudget++;

        if (rule is null)
        {
            _unmatched++;
            return _result;
        }

        Conclude(rule, parent, e);
        if (_result.IsAlert)
            _alerted++;
        else
            _quiet++;

        return _result;
    }

    internal void Forget(byte[] secret)
    {
        Secret = secret;
        _accumulator = new Accumulator();
        Context = new RuleContext(_options.TimeZone, null);
        Correlator = new Correlator(Ruleset, _options, secret, null);
        _rules = new RuleWalker(Ruleset, Context, Correlator);
    }

    internal IReadOnlyList<byte[]> PreviousLines() => Correlator.PreviousLines();

    private void Start(DecodedEvent e)
    {
        Correlator.StartEvent();
        Context.Diffs.Clear();
        _result.Event = e;
        _result.Matched = null;
        _result.IsAlert = false;
        _result.IsMuted = false;
        _result.FiredTimes = 0;
    }

    private void TakeOverCounters(AnalysisEngine older)
    {
        (_received, _undecoded, _unmatched) = (older._received, older._undecoded, older._unmatched);
        (_quiet, _muted, _alerted, _overBudget) = (older._quiet, older._muted, older._alerted, older._overBudget);
        foreach (var rule in Ruleset.AllRules)
        {
            if (older.Ruleset.Find(rule.Id) is { } before)
                FiredTimes[rule.Index] = older.FiredTimes[before.Index];
        }
    }

    private Rule? FindRule<TTrace>(DecodedEvent e, ref TTrace trace, out Rule? parent)
        where TTrace : struct, IRuleTrace
    {
        parent = null;

        // An alert of another server brings its rule along.
        return e.ForeignRuleId != 0 ? Ruleset.Find(e.ForeignRuleId) : _rules.Find(e, ref trace, out parent);
    }

    private void Conclude(Rule rule, Rule? parent, DecodedEvent e)
    {
        Show(rule);

        // Level 0 means: known and harmless. It is never remembered, so no composite can count it.
        if (rule.Level == 0)
            return;

        if (rule.IgnoreSeconds > 0 && Correlator.IsMutedOrMute(rule, e))
        {
            _muted++;
            _result.IsMuted = true;
            if (_options.TesterMode)
                return;

            Correlator.ForgetPrevious();
            if (parent is null || parent.Level == 0)
            {
                _result.Matched = parent;
                _result.FiredTimes = parent is null ? 0 : _rules.FiredTimes[parent.Index];
                return;
            }

            rule = parent;
            Show(rule);
        }

        if (rule.SuppressedBy is { } suppressedBy && Context.Suppressions.Contains(suppressedBy, e))
        {
            _result.IsMuted = true;
            return;
        }

        if (rule.Suppresses is { } suppresses)
            Context.Suppressions.Add(suppresses, e);

        _result.IsAlert = rule.Summary.LogOverride ?? rule.Level >= _options.LogAlertLevel;
        Correlator.Remember(rule, e);
    }

    private void Show(Rule rule)
    {
        _result.Matched = rule;
        _result.FiredTimes = _rules.FiredTimes[rule.Index];
    }
}
