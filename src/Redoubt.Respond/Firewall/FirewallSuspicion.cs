using Redoubt.Model;

namespace Redoubt.Respond.Firewall;

/// <summary>What may be wrong with a firewall after others have changed something. Gathers until it is looked at.</summary>
internal sealed class FirewallSuspicion
{
    // More single targets than this are no longer noted one by one: then all are looked at.
    private const int MaxTargets = 16 * 1024;

    private readonly HashSet<BlockTarget> targets = [];

    /// <summary>What makes the blocks work may be damaged.</summary>
    internal bool Structure { get; set; }

    /// <summary>Any block may be missing.</summary>
    internal bool Everything { get; set; }

    /// <summary>Any prefix may be missing.</summary>
    internal bool Prefixes { get; set; }

    /// <summary>Single targets that may be missing.</summary>
    internal IReadOnlyCollection<BlockTarget> Targets => targets;

    /// <summary>Who made the change, as <c>nft (process 123)</c>; null where nobody said.</summary>
    internal string? Author { get; set; }

    /// <summary>Whether there is nothing to look at.</summary>
    internal bool IsEmpty => !Structure && !Everything && !Prefixes && targets.Count == 0;

    /// <summary>Notes one target.</summary>
    internal void Add(BlockTarget target)
    {
        if (Everything || targets.Add(target) && targets.Count <= MaxTargets)
            return;

        if (targets.Count > MaxTargets)
        {
            Everything = true;
            targets.Clear();
        }
    }

    /// <summary>Everything was looked at.</summary>
    internal void Clear()
    {
        (Structure, Everything, Prefixes, Author) = (false, false, false, null);
        targets.Clear();
    }
}
