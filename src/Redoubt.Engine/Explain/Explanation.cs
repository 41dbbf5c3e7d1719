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

    internal void Add(DecoderStep step) => _decoders.Add(step);

    internal void Add(RuleStep step) => _rules.Add(step);
}
