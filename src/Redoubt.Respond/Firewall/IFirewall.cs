using Redoubt.Model;

namespace Redoubt.Respond.Firewall;

/// <summary>A way to keep everything out that comes from a target, until a time.</summary>
/// <remarks>Every answer was read back from where the block works: the kernel, or the file that programs read.
/// Threads: safe.</remarks>
internal interface IFirewall : IDisposable
{
    /// <summary>How many targets one call of <see cref="Ensure"/> takes at most.</summary>
    internal const int MaxEnsured = 1024;

    /// <summary>Name for people: <c>nftables</c>.</summary>
    public string Name { get; }

    /// <summary>Whether a block ends on time by itself, even when nothing of ours runs. Else whoever holds this ends it.</summary>
    public bool EndsBlocksItself { get; }

    /// <summary>Whether blocks have an effect at all; false: observe only.</summary>
    public bool HasEffect => true;

    /// <summary>The longest time that one change can give, in milliseconds; a longer block has to be renewed on the way.</summary>
    public long MaxMilliseconds { get; }

    /// <summary>Blocks a target, or gives a blocked one a new time.</summary>
    /// <param name="target">What to drop.</param>
    /// <param name="durationMilliseconds">From now; 0 is permanent.</param>
    public FirewallResult Put(BlockTarget target, long durationMilliseconds);

    /// <summary>Ends a block; fine when there is none.</summary>
    public FirewallResult Remove(BlockTarget target);

    /// <summary>Tells whether exactly this target is blocked, and how long.</summary>
    public FirewallResult Read(BlockTarget target);

    /// <summary>Puts what is missing and renews what would end more than a moment too early; leaves the rest as it is.</summary>
    /// <param name="wanted">Each target once, at most <see cref="MaxEnsured"/>, with what has to be left.</param>
    /// <returns>One result for each, in order.</returns>
    public FirewallResult[] Ensure(IReadOnlyList<FirewallEntry> wanted);

    /// <summary>Looks at what makes the blocks work (table, chain, rules) and mends it.</summary>
    /// <returns>What was wrong, for people; null when all was right.</returns>
    /// <exception cref="IOException">It could not be looked at, or not be mended.</exception>
    public string? Mend();

    /// <summary>Whether somebody else may have changed something since the last <see cref="Mend"/>. Cheap: no list, no process.</summary>
    /// <exception cref="IOException">The kernel could not be asked.</exception>
    public bool MayHaveChanged();

    /// <summary>Starts to listen to changes that others make; null where nobody tells.</summary>
    /// <exception cref="IOException">The kernel refused.</exception>
    public IFirewallWatch? Watch();

    /// <summary>All blocks, in no order; each target once.</summary>
    /// <exception cref="IOException">The kernel could not be asked.</exception>
    public IReadOnlyCollection<FirewallEntry> List();

    /// <summary>Ends all blocks.</summary>
    /// <returns>How many there were.</returns>
    /// <exception cref="IOException">The kernel could not be asked, or refused.</exception>
    public int Clear();
}
