using System.Text;
using Redoubt.Engine.Correlate;
using Redoubt.Engine.Decode;
using Redoubt.Engine.Match;
using Decoder = Redoubt.Engine.Decode.Decoder;

namespace Redoubt.Engine.Explain;

/// <summary>Writes down what the walkers do.</summary>
internal readonly struct ExplainingTrace : IDecoderTrace, IRuleTrace
{
    private readonly Explanation _explanation;
    private readonly ConditionWords _words;
    private readonly Stack<(Rule Rule, RuleStep Step)> _open = new();
    private readonly Dictionary<int, (Rule Rule, RuleStep Step)> _candidates = [];

    public ExplainingTrace(AnalysisEngine engine, Explanation explanation)
    {
        _words = new ConditionWords(engine.Ruleset);
        _explanation = explanation;
        _explanation.Clear();
    }

    static bool IDecoderTrace.IsOn => true;

    static bool IRuleTrace.IsOn => true;

    public void PrematchFailed(Decoder decoder, DecodedEvent e) =>
        Add(decoder, DecoderOutcome.PrematchFailed, Reason("prematch", decoder.Prematch!), IsNear(decoder.Prematch!, e));

    public void Chosen(Decoder decoder) => Add(decoder, DecoderOutcome.Chosen, null, isNear: false);

    public void RegexFailed(Decoder decoder, DecodedEvent e) =>
        Add(decoder, DecoderOutcome.RegexFailed, Reason("regex", decoder.Regex!), IsNear(decoder.Regex!, e));

    public void GaveFields(Decoder decoder) => Add(decoder, DecoderOutcome.GaveFields, null, isNear: false);

    public void Try(Rule rule)
    {
        var step = new RuleStep
        {
            Rule = rule.Summary,
            Depth = _open.Count,
            Conditions = rule.Conditions.Length,
            HasChildren = rule.Children.Count > 0,
            Held = rule.Conditions.Length,
        };
        _explanation.Add(step);
        _open.Push((rule, step));
    }

    public void Failed(int condition, DecodedEvent e) => Fail(_open.Peek(), condition, e);

    public void Kept(int place) => _candidates[place] = _open.Peek();

    public void Barren() => _open.Peek().Step.Matched = true;

    public void Leave() => _open.Pop();

    public void Failed(int place, int condition, DecodedEvent e) => Fail(_candidates[place], condition, e);

    public void Counted(int place, WindowCount count)
    {
        var (rule, step) = _candidates[place];
        var composite = rule.Composite!;
        var missing = count.HasKey ? null : string.Join(", ", composite.Window.Same.Select(_words.NameOf));
        step.Window = new RuleWindow(count.Counted, count.Needed, count.TimeframeSeconds, composite.Counts, missing);
        if (count.Counted >= count.Needed)
            return;

        step.FailedOption = "frequency";
        step.Reason = missing is null
            ? $"{count.Needed} earlier events within {count.TimeframeSeconds} s ({composite.Counts}{_words.Comparisons(composite.Window)}); so far {count.Counted}"
            : $"the same {missing}; the line does not have all of it";
    }

    public void Matched(int place) => _candidates[place].Step.Matched = true;

    public void Final(int place) => _candidates[place].Step.IsFinal = true;

    /// <summary>Forgets the rules that the scout looked at in advance and that were not asked in the end.</summary>
    public void Finish() => _explanation.KeepAsked();

    private void Fail((Rule Rule, RuleStep Step) at, int condition, DecodedEvent e)
    {
        var failed = at.Rule.Conditions[condition];
        at.Step.Held = condition;
        at.Step.FailedOption = failed.Option;
        at.Step.Reason = $"{_words.Wanted(failed)}; {_words.Found(failed, e)}";
    }

    private void Add(Decoder decoder, DecoderOutcome outcome, string? reason, bool isNear) =>
        _explanation.Add(new DecoderStep(decoder.Name, decoder.ParentName, decoder.File, decoder.Line, outcome, reason, isNear));

    private static bool IsNear(TextPattern pattern, DecodedEvent e) => pattern.Literals.Length > 0 && pattern.MayStandIn(e.Literals);

    private static string Reason(string option, TextPattern pattern) =>
        $"{option} {ConditionWords.Quote(Encoding.UTF8.GetString(pattern.Source))} does not match";
}
