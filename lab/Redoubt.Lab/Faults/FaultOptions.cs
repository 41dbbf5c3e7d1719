namespace Redoubt.Lab;

/// <summary>How much a <see cref="FaultRun"/> does.</summary>
/// <param name="Faults">Faults, at least 1.</param>
/// <param name="Lines">Numbered lines that are written meanwhile, at least <see cref="FewestLines"/>.</param>
/// <param name="Seed">Kinds, order and lengths of the faults and the sizes of the writes come from it. What meets what in a process is up to the machine.</param>
public sealed record FaultOptions(int Faults, int Lines, int Seed)
{
    /// <summary>The first and the last line of each of the two logs, and one between.</summary>
    public const int FewestLines = 5;
}
