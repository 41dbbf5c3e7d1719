using Redoubt.Model;

namespace Redoubt.Respond.NeverBlock;

/// <summary>Things that must stay reachable, made for fast questions. Immutable.</summary>
internal sealed class ProtectedTargets
{
    private readonly ProtectedTarget[] all;
    private readonly ProtectedTarget[] prefixes;
    private readonly Dictionary<BlockTarget, ProtectedTarget> singles = [];

    internal ProtectedTargets(IReadOnlyList<ProtectedTarget> targets)
    {
        all = [.. targets];
        prefixes = [.. targets.Where(t => !t.Target.IsSingle)];
        foreach (var one in targets.Where(t => t.Target.IsSingle))
            singles.TryAdd(one.Target, one);
    }

    /// <summary>The first one that blocking a target would drop something of; null for none.</summary>
    internal ProtectedTarget? FindMet(BlockTarget target)
    {
        if (target.IsSingle && singles.TryGetValue(target, out var same))
            return same;

        foreach (var one in target.IsSingle ? prefixes : all)
        {
            if (one.Meets(target))
                return one;
        }

        return null;
    }
}
