namespace Redoubt.Engine.Decode;

/// <summary>All decoders of a ruleset: two lists of top-level decoders, in reading order.</summary>
/// <param name="WithProgram">Those with <c>program_name</c>: tried for lines whose header names a program, and for no other.</param>
/// <param name="WithoutProgram">Those without: tried for the other lines.</param>
/// <param name="Numbers">Number of each name that <c>decoded_as</c> can give.</param>
/// <param name="MaxOrder">Most names that one decoder gives to groups.</param>
/// <param name="Count">Number of decoders, children included.</param>
internal sealed record DecoderTree(
    Decoder[] WithProgram,
    Decoder[] WithoutProgram,
    IReadOnlyDictionary<string, int> Numbers,
    int MaxOrder,
    int Count
)
{
    private readonly Decoder[][] _withoutProgramByFirstByte =
    [
        .. Enumerable.Range(0, 256).Select(first => Array.FindAll(WithoutProgram, d => d.Prematch?.MayBeginWith((byte)first) != false)),
    ];

    /// <summary>Those of <see cref="WithoutProgram"/> that a log may fit, going by its first byte: of Wazuh's, a few of a hundred.</summary>
    public Decoder[] WithoutProgramFor(ReadOnlySpan<byte> log) => log.IsEmpty ? WithoutProgram : _withoutProgramByFirstByte[log[0]];
}
