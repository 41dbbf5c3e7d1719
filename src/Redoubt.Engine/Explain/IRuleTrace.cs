using Redoubt.Engine.Correlate;
using Redoubt.Engine.Decode;
using Redoubt.Engine.Match;

namespace Redoubt.Engine.Explain;

/// <summary>Watches the walk through the rules. The walker is compiled once per kind of watcher; without one nothing is left of the calls.</summary>
internal interface IRuleTrace
{
    /// <summary>Whether there is a watcher at all: a constant for the compiler. With one, rules that an index would pass over are asked too.</summary>
    static abstract bool IsOn { get; }

    /// <summary>A rule is asked; what follows is about it until its end is told.</summary>
    void Try(Rule rule);

    /// <summary>The n-th condition does not hold.</summary>
    void Failed(int condition, DecodedEvent e);

    /// <summary>How far the rule's window is, before it is asked whether the rule fires.</summary>
    void Counted(WindowCount count);

    /// <summary>Everything holds; children are tried next.</summary>
    void Matched();

    /// <summary>The walk leaves the rule that was last asked and not yet left.</summary>
    /// <param name="isFinal">It is the event's rule.</param>
    void Leave(bool isFinal);
}
