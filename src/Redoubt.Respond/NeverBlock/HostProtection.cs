using Redoubt.Model;

namespace Redoubt.Respond.NeverBlock;

/// <summary>Asks this host's never-block set once, for people who want to know beforehand.</summary>
/// <remarks>The enforcer of each host asks its own at every block; this answer holds for the host that it is asked on. Needs no privilege.
/// Cost: reads the host's addresses and files. Threads: safe.</remarks>
public static class HostProtection
{
    /// <summary>Why this host would not block the target; null when it would.</summary>
    /// <param name="target">What would be blocked.</param>
    /// <param name="files">Where the host's own facts are read; null: the usual places.</param>
    /// <exception cref="IOException">The host could not be asked.</exception>
    public static string? WhyNot(BlockTarget target, HostFiles? files = null)
    {
        using var set = new NeverBlockSet(files ?? new HostFiles(), TimeProvider.System);
        return set.WhyNot(target, [], 0);
    }
}
