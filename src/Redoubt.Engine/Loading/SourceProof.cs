using Redoubt.Engine.Decode;
using Redoubt.Engine.Explain;
using Redoubt.Engine.Match;
using Redoubt.Patterns;
using Decoder = Redoubt.Engine.Decode.Decoder;

namespace Redoubt.Engine.Loading;

/// <summary>Proves that a decoder takes the source address from one place of a line, whatever a client typed into it.</summary>
/// <remarks>
/// The proof is about the patterns: is there a line that they could read in two ways, with the address in two places? Then a client
/// who types the rest of a message into his name could have another address taken. It is sought for the patterns as they follow one
/// another; where one begins is known, or else anywhere. Built-in decoders read formats whose client texts are quoted.
/// </remarks>
internal sealed class SourceProof
{
    private readonly Lazy<SourceReading> _reading;

    private SourceProof(Decoder decoder, Decoder? parent)
    {
        DecoderName = decoder.NameNumber;
        _reading = new(() => Prove(decoder, parent));
    }

    /// <summary>Number of the name that <c>decoded_as</c> compares.</summary>
    public int DecoderName { get; }

    /// <summary>The answer; sought the first time it is asked for.</summary>
    public SourceReading Reading => _reading.Value;

    /// <summary>One for each decoder that takes a source, and for each of its parents.</summary>
    public static IReadOnlyList<SourceProof> OfAll(DecoderTree decoders) =>
        [
            .. decoders
                .WithProgram.Concat(decoders.WithoutProgram)
                .SelectMany(parent =>
                    parent.Children.Select(child => (Decoder: child, Parent: (Decoder?)parent)).Prepend((Decoder: parent, Parent: null))
                )
                .Where(pair => pair.Decoder.Regex is not null && GroupOf(pair.Decoder) > 0)
                .Select(pair => new SourceProof(pair.Decoder, pair.Parent)),
        ];

    // From 1; 0 for a decoder that takes no source.
    private static int GroupOf(Decoder decoder) => 1 + Array.FindIndex(decoder.Order, target => target.Static == StaticField.SrcIp);

    private static SourceReading Prove(Decoder decoder, Decoder? parent)
    {
        byte[]? example = null;
        return new SourceReading
        {
            Decoder = decoder.Name,
            DecodedAs = decoder.EffectiveName,
            File = decoder.File,
            Line = decoder.Line,
            IsProven = Shapes(decoder, parent) is { } patterns && PatternShape.HasOnePlace(patterns, GroupOf(decoder), out example),
            Example = example is { Length: > 0 } ? example : null,
        };
    }

    // Null when one of the patterns is not understood.
    private static IReadOnlyList<PatternShape>? Shapes(Decoder decoder, Decoder? parent)
    {
        var patterns = new List<PatternShape?>();
        AddBefore(patterns, decoder, parent);
        patterns.Add(ShapeOf(decoder.Regex!));
        return patterns.Contains(null) ? null : [.. patterns.OfType<PatternShape>()];
    }

    private static void AddBefore(List<PatternShape?> patterns, Decoder decoder, Decoder? parent)
    {
        switch (decoder.RegexOffset)
        {
            case DecoderOffset.AfterParent:
                AddParent(patterns, parent);
                break;
            case DecoderOffset.AfterPrematch:
                if (decoder.PrematchOffset == DecoderOffset.AfterParent)
                    AddParent(patterns, parent);

                patterns.Add(decoder.Prematch is null ? PatternShape.Anything : ShapeOf(decoder.Prematch));
                break;
            case DecoderOffset.AfterRegex:
                patterns.Add(PatternShape.Anything);
                break;
            default:
                break;
        }
    }

    private static void AddParent(List<PatternShape?> patterns, Decoder? parent)
    {
        if (parent is { Plugin: not DecoderPlugin.None })
            patterns.Add(PatternShape.Anything);
        else if (parent?.Prematch is { } prematch)
            patterns.Add(ShapeOf(prematch));
    }

    private static PatternShape? ShapeOf(TextPattern pattern) =>
        pattern.Type switch
        {
            PatternType.OsRegex => PatternShape.OfOsRegex(pattern.Source),
            PatternType.Pcre2 => PatternShape.OfPcre2(pattern.Source),
            _ => null,
        };
}
