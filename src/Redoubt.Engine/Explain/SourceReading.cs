namespace Redoubt.Engine.Explain;

/// <summary>What is known of the place from which a decoder takes the source address. Immutable.</summary>
public sealed record SourceReading
{
    /// <summary>The decoder's own name.</summary>
    public required string Decoder { get; init; }

    /// <summary>The name that <c>decoded_as</c> compares.</summary>
    public required string DecodedAs { get; init; }

    /// <summary>Where the decoder is written.</summary>
    public required string File { get; init; }

    /// <summary>From 1.</summary>
    public required int Line { get; init; }

    /// <summary>Whether it is proven that the address stands in one place, whatever a client typed.</summary>
    public required bool IsProven { get; init; }

    /// <summary>A text with two readings; null when there is none, or none was found in time.</summary>
    public byte[]? Example { get; init; }
}
