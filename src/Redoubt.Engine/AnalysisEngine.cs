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
/// Threads: not safe; several engines may share one <see cref="Ruleset"/>, each with lines of agents of its own. To use several
/// threads for the lines of one engine, let them prepare lines (<see cref="LinePreparer"/>) and conclude these in order of arrival:
/// the answers are those of one thread (<see cref="ParallelAnalysis{T}"/>).
/// Source: rule-engine.md 4.3.
/// </remarks>
public sealed class AnalysisEngine
{
    internal const int SecretBytes = 16;

    private readonly EngineOptions _options;
    private readonly LinePreparer _preparer;
    private readonly PreparedLine _line;
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
        _preparer = new LinePreparer(ruleset, options);
        _line = new PreparedLine(ruleset, options);
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
        _preparer.Take(in line, _line);
        _preparer.Prepare(_line);
        return Conclude(_line);
    }

    /// <summary>Analyses one line as <see cref="Analyse"/> does, and writes down every step.</summary>
    /// <param name="line">The line.</param>
    /// <param name="explanation">Receives the steps; what it held is forgotten.</param>
    /// <remarks>The same code decides, compiled with a watcher; it costs strings for every decoder and rule that was tried.</remarks>
    public AnalysisResult Explain(in LogLine line, Explanation explanation)
    {
        var trace = new ExplainingTrace(this, explanation);
        _preparer.Take(in line, _line);
        _preparer.Prepare(_line, ref trace);
        var result = Conclude(_line, ref trace);
        trace.Finish();
        return result;
    }

    /// <summary>Goes on with a line that was prepared, maybe by another thread: what it means after all lines before it.</summary>
    /// <param name="line">Prepared with the same ruleset. Lines must be concluded in order of arrival.</param>
    /// <returns>The line's own result object, valid until the line is used anew. From now on it needs the engine only through
    /// <see cref="AnalysisResult.Detach"/>.</returns>
    /// <exception cref="ArgumentException">The line was prepared for other rules.</exception>
    public AnalysisResult Conclude(PreparedLine line)
    {
        var trace = default(NoTrace);
        return Conclude(line, ref trace);
    }

    private AnalysisResult Conclude<TTrace>(PreparedLine line, ref TTrace trace)
        where TTrace : struct, IRuleTrace
    {
        if (line.Ruleset != Ruleset)
            throw new ArgumentException("The line was prepared for another ruleset.", nameof(line));

        _received++;
        Correlator.StartEvent();
        Context.Diffs.Clear();
        var (e, result) = (line.Event, line.Result);
        result.Engine = this;
        if (e.Decoder is null)
            _undecoded++;

        _accumulator.Accumulate(e);
        if (!line.IsScouted)
            _preparer.Scout(line, ref trace);

        var rule = FindRule(e, ref trace, out var parent);
        if (e.IsOverBudget)
            result.TimesOverBudget = (int)Math.Min(++_overBudget, int.MaxValue);

        if (rule is null)
        {
            _unmatched++;
            return result;
        }

        Conclude(rule, parent, e, result);
        if (result.IsAlert)
            _alerted++;
        else
            _quiet++;

        return result;
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

    private void Conclude(Rule rule, Rule? parent, DecodedEvent e, AnalysisResult result)
    {
        Show(rule, result);

        // Level 0 means: known and harmless. It is never remembered, so no composite can count it.
        if (rule.Level == 0)
            return;

        if (rule.IgnoreSeconds > 0 && Correlator.IsMutedOrMute(rule, e))
        {
            _muted++;
            result.IsMuted = true;
            if (_options.TesterMode)
                return;

            Correlator.ForgetPrevious();
            if (parent is null || parent.Level == 0)
            {
                result.Matched = parent;
                result.FiredTimes = parent is null ? 0 : _rules.FiredTimes[parent.Index];
                return;
            }

            rule = parent;
            Show(rule, result);
        }

        if (rule.SuppressedBy is { } suppressedBy && Context.Suppressions.Contains(suppressedBy, e))
        {
            result.IsMuted = true;
            return;
        }

        if (rule.Suppresses is { } suppresses)
            Context.Suppressions.Add(suppresses, e);

        result.IsAlert = rule.Summary.LogOverride ?? rule.Level >= _options.LogAlertLevel;
        Correlator.Remember(rule, e);
    }

    private void Show(Rule rule, AnalysisResult result)
    {
        result.Matched = rule;
        result.FiredTimes = _rules.FiredTimes[rule.Index];
    }
}
