using Redoubt.Patterns;

namespace Redoubt.Engine.Match;

/// <summary>Literals of which the log must hold one, laid out so that one look at one bit answers most questions.</summary>
/// <param name="First">Number of the first literal, or -1 when there is no such condition.</param>
/// <param name="Others">The others.</param>
internal readonly record struct LiteralGate(int First, int[] Others)
{
    public static LiteralGate Of(int[] literals) => literals.Length == 0 ? new(-1, []) : new(literals[0], literals[1..]);

    /// <summary>Whether the literals found in the log leave a chance.</summary>
    public bool IsOpen(ReadOnlySpan<ulong> present) =>
        First < 0 || (present[First >> 6] & (1UL << (First & 63))) != 0 || (Others.Length > 0 && LiteralSet.ContainsAny(present, Others));
}
