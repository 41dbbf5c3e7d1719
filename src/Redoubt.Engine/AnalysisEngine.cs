using System.Security.Cryptography;
using System.Text;
using Redoubt.Engine.Correlate;
using Redoubt.Engine.Decode;
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
    private readonly Ruleset _ruleset;
    private readonly EngineOptions _options;
    private readonly Predecoder _predecoder;
    private readonly DecoderWalker _decoders;
    private readonly SourceTextCache _sources = new();
    private readonly DecodedEvent _event;
    private readonly AnalysisResult _result;
    private readonly byte[] _secret;
    private Accumulator _accumulator = null!;
    private RuleContext _context = null!;
    private Correlator _correlator = null!;
    private RuleWalker _rules = null!;
    private long _received;
    private long _undecoded;
    private long _unmatched;
    private long _quiet;
    private long _muted;
    private long _alerted;

    /// <summary>Makes an engine without memory of any line.</summary>
    public AnalysisEngine(Ruleset ruleset, EngineOptions options)
    {
        _ruleset = ruleset;
        _options = options;
        _secret = options.Secret ?? RandomNumberGenerator.GetBytes(16);
        _predecoder = new Predecoder(ruleset.Compatibility);
        _decoders = new DecoderWalker(ruleset.Decoders, new PluginDecoders());
        _event = new DecodedEvent(ruleset.Names, Encoding.UTF8.GetBytes(options.HostName), ruleset.Compatibility);
        _result = new AnalysisResult(this, _event);
        Reset();
    }

    /// <summary>What was done since the engine was made.</summary>
    public EngineCounters Counters => new()
    {
        Received = _received,
        Undecoded = _undecoded,
        Unmatched = _unmatched,
        Quiet = _quiet,
        Muted = _muted,
        Alerted = _alerted,
        WindowKeys = _correlator.Keys,
        RememberedEvents = _correlator.RememberedEvents,
        Evictions = _correlator.Evictions,
        MissingPreviousLines = _correlator.MissingLines,
    };

    internal byte[]? PreviousLog => _context.Diffs.Replaced;

    /// <summary>Forgets all earlier lines: windows, fired times, mutes, first times, accumulated fields, differences.</summary>
    public void Reset()
    {
        _accumulator = new Accumulator();
        _context = new RuleContext(_options.TimeZone);
        _correlator = new Correlator(_ruleset, _options, _secret);
        _rules = new RuleWalker(_ruleset, _context, _correlator);
    }

    /// <summary>Analyses one line.</summary>
    /// <returns>The engine's own result object, valid until the next call.</returns>
    public AnalysisResult Analyse(in LogLine line)
    {
        _received++;
        Start(in line);

        _predecoder.Read(_event);
        _decoders.Decode(_event);
        if (_event.Decoder is null)
            _undecoded++;

        _accumulator.Accumulate(_event);
        var rule = FindRule(out var parent);
        if (rule is null)
        {
            _unmatched++;
            return _result;
        }

        Conclude(rule, parent);
        if (_result.IsAlert)
            _alerted++;
        else
            _quiet++;

        return _result;
    }

    internal IReadOnlyList<byte[]> PreviousLines() => _correlator.PreviousLines();

    private void Start(in LogLine line)
    {
        _event.ArrivalUnixMilliseconds = line.ArrivalUnixMilliseconds;
        _event.Source = _sources.Of(line.Agent, line.Location);
        _event.Start(line.Text);
        _correlator.StartEvent();
        _context.Diffs.Clear();
        _result.Matched = null;
        _result.IsAlert = false;
        _result.IsMuted = false;
        _result.FiredTimes = 0;
    }

    private Rule? FindRule(out Rule? parent)
    {
        parent = null;

        // An alert of another server brings its rule along.
        return _event.ForeignRuleId != 0 ? _ruleset.Find(_event.ForeignRuleId) : _rules.Find(_event, out parent);
    }

    private void Conclude(Rule rule, Rule? parent)
    {
        Show(rule);

        // Level 0 means: known and harmless. It is never remembered, so no composite can count it.
        if (rule.Level == 0)
            return;

        if (rule.IgnoreSeconds > 0 && _correlator.IsMutedOrMute(rule, _event))
        {
            _muted++;
            _result.IsMuted = true;
            if (_options.TesterMode)
                return;

            _correlator.ForgetPrevious();
            if (parent is null || parent.Level == 0)
            {
                _result.Matched = parent;
                _result.FiredTimes = parent is null ? 0 : _rules.FiredTimes[parent.Index];
                return;
            }

            rule = parent;
            Show(rule);
        }

        if (rule.SuppressedBy is { } suppressedBy && _context.Suppressions.Contains(suppressedBy, _event))
        {
            _result.IsMuted = true;
            return;
        }

        if (rule.Suppresses is { } suppresses)
            _context.Suppressions.Add(suppresses, _event);

        _result.IsAlert = rule.Summary.LogOverride ?? rule.Level >= _options.LogAlertLevel;
        _correlator.Remember(rule, _event);
    }

    private void Show(Rule rule)
    {
        _result.Matched = rule;
        _result.FiredTimes = _rules.FiredTimes[rule.Index];
    }
}
