using Redoubt.Engine.Decode;
using Redoubt.Patterns;

namespace Redoubt.Engine.Match;

/// <summary><c>srcip</c> and <c>dstip</c>: the address lies in one of several networks.</summary>
internal sealed class AddressCondition : Condition
{
    public required StaticField Field { get; init; }

    /// <summary>Each with its own negation; one that holds is enough.</summary>
    public required (AddressRange Range, bool IsNegated)[] Ranges { get; init; }

    /// <summary>The networks as written, for explanations.</summary>
    public required string[] Texts { get; init; }

    public override bool Holds(DecodedEvent e, RuleContext context)
    {
        if (!e.TryGetField(Field, out var text))
            return false;

        var isAddress = AddressRange.TryReadAddress(text, out var address, out var isIPv6);
        foreach (var (range, isNegated) in Ranges)
        {
            if ((isAddress && range.Contains(address, isIPv6)) != isNegated)
                return true;
        }

        return false;
    }
}
