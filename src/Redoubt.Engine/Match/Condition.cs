using Redoubt.Engine.Decode;

namespace Redoubt.Engine.Match;

/// <summary>One thing that a rule asks of an event. Immutable; safe for threads.</summary>
internal abstract class Condition
{
    /// <summary>The option's name in rule files, for explanations.</summary>
    public required string Option { get; init; }

    /// <summary>Whether it holds. Only conditions with a memory (<c>if_fts</c>, <c>check_diff</c>) change anything.</summary>
    public abstract bool Holds(DecodedEvent e, RuleContext context);

    /// <summary>Whether asking changes something, so that a failed rule may not be asked twice, nor be passed over.</summary>
    public virtual bool HasMemory => false;
}
