using Redoubt.Engine.Decode;

namespace Redoubt.Engine.Match;

/// <summary>A pattern on one text of the event: <c>match</c>, <c>regex</c>, <c>program_name</c>, <c>field</c> …</summary>
internal sealed class TextCondition : Condition
{
    public required EventPart Part { get; init; }

    public required TextPattern Pattern { get; init; }

    public required bool IsNegated { get; init; }

    /// <summary>An event that lacks the text does not fulfil the condition, not even a negated one.</summary>
    public override bool Holds(DecodedEvent e, RuleContext context) =>
        Part.TryRead(e, out var raw, out var lowered)
        && (
            !Pattern.MayStandIn(e.Literals) ? IsNegated
            : Pattern.IsDecidedByLiterals ? !IsNegated
            : (Pattern.IsCheap || e.Spend(Pattern.WorkOn(raw.Length))) && Pattern.IsMatch(raw, lowered) != IsNegated
        );
}
