using Redoubt.Engine.Correlate;
using Redoubt.Engine.Decode;
using Redoubt.Engine.Match;
using Redoubt.Patterns;

namespace Redoubt.Engine.Loading;

/// <summary>What a loader hands to a <see cref="Ruleset"/>.</summary>
internal sealed record RulesetParts(
    Compatibility Compatibility,
    DecoderTree Decoders,
    FieldNames Names,
    Rule[] Roots,
    Rule[] Rules,
    WindowSpec[] Windows,
    RegexFeed[] RegexFeeds,
    LiteralSet Literals,
    TextPattern[] ProgramPatterns
);
