using Redoubt.Engine.Decode;
using Redoubt.Engine.Match;

namespace Redoubt.Engine.Loading;

/// <summary>What rules may refer to.</summary>
internal sealed record RuleSources(
    FieldNames Names,
    DecoderTree Decoders,
    IReadOnlyDictionary<string, CdbList> Lists,
    Compatibility Compatibility
);
