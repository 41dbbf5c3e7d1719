using Redoubt.Engine.Decode;

namespace Redoubt.Engine.Match;

/// <summary><c>maxsize</c>: in spite of its name, the log is at least that long.</summary>
internal sealed class MaxSizeCondition : Condition
{
    public required int Bytes { get; init; }

    public override bool Holds(DecodedEvent e, RuleContext context) => e.LogSpan.Length >= Bytes;
}
