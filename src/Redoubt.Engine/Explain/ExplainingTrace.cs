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

    public void Failed(int condition, DecodedEvent e)
    {
        var (rule, step) = _open.Peek();
        var failed = rule.Conditions[condition];
        step.Held = condition;
        step.FailedOption = failed.Option;
        step.Reason = $"{_words.Wanted(failed)}; {_words.Found(failed, e)}";
    }

    public void Counted(WindowCount count)
    {
        var (rule, step) = _open.Peek();
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

    public void Matched()
    {
        var step = _open.Peek().Step;
        step.Matched = true;
        step.FailedOption = null;
        step.Reason = null;
    }

    public void Leave(bool isFinal) => _open.Pop().Step.IsFinal = isFinal;

    private void Add(Decoder decoder, DecoderOutcome outcome, string? reason, bool isNear) =>
        _explanation.Add(new DecoderStep(decoder.Name, decoder.ParentName, decoder.File, decoder.Line, outcome, reason, isNear));

    private static bool IsNear(TextPattern pattern, DecodedEvent e) => pattern.Literals.Length > 0 && pattern.MayStandIn(e.Literals);

    private static string Reason(string option, TextPattern pattern) =>
        $"{option} {ConditionWords.Quote(Encoding.UTF8.GetString(pattern.Source))} does not match";
}
