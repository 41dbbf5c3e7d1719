using Redoubt.Engine.Decode;

namespace Redoubt.Engine.Match;

/// <summary><c>if_fts</c>: the fields that the decoder's <c>fts</c> names have these values for the first time.</summary>
internal sealed class FirstTimeCondition : Condition
{
    public override bool HasMemory => true;

    public override bool Holds(DecodedEvent e, RuleContext context) => context.FirstTimes.IsFirst(e);
}
