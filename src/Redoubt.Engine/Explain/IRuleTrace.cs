using Redoubt.Engine.Correlate;
using Redoubt.Engine.Decode;
using Redoubt.Engine.Match;

namespace Redoubt.Engine.Explain;

/// <summary>Watches the search for a rule: first the scout, which asks what the event alone decides, then the walker, which asks the rest.</summary>
/// <remarks>Both are compiled once per kind of watcher; without one nothing is left of the calls.</remarks>
internal interface IRuleTrace
{
    /// <summary>Whether there is a watcher at all: a constant for the compiler. With one, rules that an index would pass over are asked too.</summary>
    static abstract bool IsOn { get; }

    /// <summary>The scout looks at a rule.</summary>
    void Try(Rule rule);

    /// <summary>The n-th condition of that rule does not hold.</summary>
    void Failed(int condition, DecodedEvent e);

    /// <summary>The rule may match: it is a candidate at a place.</summary>
    void Kept(int place);

    /// <summary>The rule matches, but is never the final one, and none below it may match: it is no candidate any more.</summary>
    void Barren();

    /// <summary>The scout leaves the rule that it looked at last and has not yet left.</summary>
    void Leave();

    /// <summary>The n-th condition of the candidate, one with a memory, does not hold.</summary>
    void Failed(int place, int condition, DecodedEvent e);

    /// <summary>How far the candidate's window is, before it is asked whether it fires.</summary>
    void Counted(int place, WindowCount count);

    /// <summary>Everything holds for the candidate.</summary>
    void Matched(int place);

    /// <summary>The candidate is the event's rule.</summary>
    void Final(int place);
}
