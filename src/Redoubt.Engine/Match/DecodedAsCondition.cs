using Redoubt.Engine.Decode;

namespace Redoubt.Engine.Match;

/// <summary><c>decoded_as</c>: the decoder has a certain name.</summary>
internal sealed class DecodedAsCondition : Condition
{
    public required int DecoderNumber { get; init; }

    public override bool Holds(DecodedEvent e, RuleContext context) => e.Decoder is { } decoder && decoder.NameNumber == DecoderNumber;
}
