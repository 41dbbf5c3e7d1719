namespace Redoubt.Engine.Match;

/// <summary>The rules that an event may meet, as far as the event alone can tell: the tree without everything that cannot match.</summary>
/// <remarks>Each rule stands before its children. What is left to ask needs the memory of earlier lines. Reused. Threads: not safe.</remarks>
internal sealed class RuleCandidates
{
    private RuleCandidate[] _candidates = new RuleCandidate[32];

    public int Count { get; private set; }

    public void Clear() => Count = 0;

    public ref RuleCandidate At(int index) => ref _candidates[index];

    /// <summary>Adds a rule behind the others.</summary>
    /// <param name="rule">The rule.</param>
    /// <param name="firstOpen">Its first condition that is still to be asked.</param>
    /// <returns>Its place.</returns>
    public int Add(Rule rule, int firstOpen)
    {
        if (Count == _candidates.Length)
            Array.Resize(ref _candidates, _candidates.Length * 2);

        _candidates[Count] = new RuleCandidate { Rule = rule, FirstOpen = firstOpen };
        return Count++;
    }

    /// <summary>Takes back everything from a place on.</summary>
    public void Truncate(int count) => Count = count;
}

/// <summary>A rule whose conditions hold as far as the event alone can tell.</summary>
internal struct RuleCandidate
{
    public Rule Rule;

    /// <summary>The first of its conditions that is still to be asked: from the first one with a memory on.</summary>
    public int FirstOpen;

    /// <summary>Place behind the last candidate below it.</summary>
    public int End;
}
