using Redoubt.Engine.Decode;

namespace Redoubt.Engine.Match;

/// <summary>How a field is looked up in a list.</summary>
internal enum ListLookup
{
    MatchKey,
    NotMatchKey,
    MatchKeyValue,
    AddressMatchKey,
    NotAddressMatchKey,
    AddressMatchKeyValue,
}

/// <summary><c>list</c>: a field is, or is not, a key of a list. An event without the field never fulfils it.</summary>
internal sealed class ListCondition : Condition
{
    public required EventPart Part { get; init; }

    public required CdbList List { get; init; }

    public required ListLookup Lookup { get; init; }

    /// <summary>What the value must match; for the lookups that ask for it.</summary>
    public TextPattern? Value { get; init; }

    /// <summary>The original has <c>address_match_key_value</c> the wrong way round.</summary>
    public bool IsAddressValueInverted { get; init; }

    public override bool Holds(DecodedEvent e, RuleContext context)
    {
        if (!Part.TryRead(e, out var key, out _))
            return false;

        switch (Lookup)
        {
            case ListLookup.MatchKey:
                return List.TryGet(key, out _);
            case ListLookup.NotMatchKey:
                return !List.TryGet(key, out _);
            case ListLookup.MatchKeyValue:
                return List.TryGet(key, out var value) && Matches(value);
            case ListLookup.AddressMatchKey:
                return List.TryGetAddress(key, out _);
            case ListLookup.NotAddressMatchKey:
                return !List.TryGetAddress(key, out _);
            default:
                return (List.TryGetAddress(key, out var found) && Matches(found)) != IsAddressValueInverted;
        }
    }

    // Values of lists are short and rarely asked for: folding them costs a small copy.
    private bool Matches(ReadOnlySpan<byte> value)
    {
        if (Value is null)
            return true;

        Span<byte> small = stackalloc byte[256];
        var lowered = value.Length <= small.Length ? small[..value.Length] : new byte[value.Length];
        Patterns.AsciiFold.Lower(value, lowered);
        return Value.IsMatch(value, lowered);
    }
}
