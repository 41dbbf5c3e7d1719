using Redoubt.Model;

namespace Redoubt.Respond.NeverBlock;

/// <summary>Something that must stay reachable, and why.</summary>
/// <param name="Target">The address or prefix.</param>
/// <param name="Why">For people: <c>this host's own address</c>.</param>
internal readonly record struct ProtectedTarget(BlockTarget Target, string Why)
{
    /// <summary>Whether blocking the other would drop anything of this one.</summary>
    internal bool Meets(BlockTarget other) => Target.Contains(other) || other.Contains(Target);
}
