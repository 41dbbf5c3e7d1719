using Redoubt.Engine.Match;

namespace Redoubt.Engine.Decode;

/// <summary>A child of a decoder with what decides whether its prematch is worth trying, side by side.</summary>
/// <param name="Prematch">Null: the child is taken at once.</param>
/// <param name="Offset">Where the prematch begins.</param>
/// <param name="Gate">Literals without which it cannot match.</param>
/// <param name="Next">The child to go on with when it fails: behind the chain that it is the head of.</param>
internal readonly record struct DecoderChild(TextPattern? Prematch, DecoderOffset Offset, LiteralGate Gate, int Next)
{
    public static DecoderChild[] TableOf(List<Decoder> children)
    {
        var table = new DecoderChild[children.Count];
        for (var i = 0; i < table.Length; i++)
        {
            var last = i;
            while (children[last].HasNext && last + 1 < table.Length)
                last++;

            var prematch = children[i].Prematch;
            table[i] = new DecoderChild(prematch, children[i].PrematchOffset, LiteralGate.Of(prematch?.Literals ?? []), last + 1);
        }

        return table;
    }
}
