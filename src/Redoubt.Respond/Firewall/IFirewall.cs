using Redoubt.Model;

namespace Redoubt.Respond.Firewall;

/// <summary>A way to drop everything that comes from a target, until a time.</summary>
/// <remarks>The kernel keeps the time, so a block ends even when nothing of ours runs. Every answer was read back from the kernel.
/// Threads: safe.</remarks>
internal interface IFirewall : IDisposable
{
    /// <summary>Blocks a target, or gives a blocked one a new time.</summary>
    /// <param name="target">What to drop.</param>
    /// <param name="durationMilliseconds">From now; 0 is permanent.</param>
    public FirewallResult Put(BlockTarget target, long durationMilliseconds);

    /// <summary>Ends a block; fine when there is none.</summary>
    public FirewallResult Remove(BlockTarget target);

    /// <summary>Tells whether exactly this target is blocked, and how long.</summary>
    public FirewallResult Read(BlockTarget target);

    /// <summary>All blocks, in no order; each target once.</summary>
    /// <exception cref="IOException">The kernel could not be asked.</exception>
    public IReadOnlyCollection<FirewallEntry> List();

    /// <summary>Ends all blocks.</summary>
    /// <returns>How many there were.</returns>
    /// <exception cref="IOException">The kernel could not be asked, or refused.</exception>
    public int Clear();
}
