namespace Redoubt.Agent.Blocks;

/// <summary>How often a target was blocked by a program.</summary>
/// <param name="Key">Program and target.</param>
/// <param name="Step">0 after the first offence, 1 after the second …</param>
/// <param name="BlockEnds">End of the newest block, Unix milliseconds; null = until removed.</param>
internal sealed record OffenderStep(string Key, int Step, long? BlockEnds);
