namespace Redoubt.Engine.Explain;

/// <summary>Every step that led to the answer about one line: decoders tried, rules asked, with the first condition that failed.</summary>
/// <remarks>Filled by <see cref="AnalysisEngine.Explain"/>; may be used again for another line. Threads: not safe.</remarks>
public sealed class Explanation
{
    private readonly List<DecoderStep> _decoders = [];
    private readonly List<RuleStep> _rules = [];

    /// <summary>Decoders in the order in which they were tried; those for other programs are not tried at all.</summary>
    public IReadOnlyList<DecoderStep> Decoders => _decoders;

    /// <summary>Rules in the order in which they were asked, parents before their children.</summary>
    public IReadOnlyList<RuleStep> Rules => _rules;

    internal void Clear()
    {
        _decoders.Clear();
        _rules.Clear();
    }

    /// <summary>Keeps the rules that were asked: not those below a rule that did not match, nor those behind the line's rule.</summary>
    internal void KeepAsked()
    {
        var asked = new List<RuleStep>();
        var (passedOverFrom, final) = (int.MaxValue, -1);
        foreach (var step in _rules)
        {
            if (final >= 0 && step.Depth <= final)
                break;

            if (step.Depth > passedOverFrom)
                continue;

            asked.Add(step);
            passedOverFrom = step.Matched ? int.MaxValue : step.Depth;
            if (step.IsFinal)
                final = step.Depth;
        }

        _rules.Clear();
        _rules.AddRange(asked);
    }

    internal void Add(DecoderStep step) => _decoders.Add(step);

    internal void Add(RuleStep step) => _rules.Add(step);
}
