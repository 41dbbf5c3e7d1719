namespace Redoubt.Engine.Decode;

/// <summary>What is the same for all lines of one program.</summary>
/// <param name="Decoders">Top-level decoders whose <c>program_name</c> it matches, in reading order.</param>
/// <param name="Matches">For each pattern that rules have on program names, whether it matches.</param>
internal sealed record ProgramFacts(Decoder[] Decoders, bool[] Matches);
