using Redoubt.Engine.Decode;

namespace Redoubt.Engine.Match;

/// <summary><c>check_diff</c>: the log differs from the last one of this rule and host.</summary>
internal sealed class DiffCondition : Condition
{
    public required int RuleId { get; init; }

    public override bool HasMemory => true;

    public override bool Holds(DecodedEvent e, RuleContext context) => context.Diffs.IsDifferent(RuleId, e);
}
