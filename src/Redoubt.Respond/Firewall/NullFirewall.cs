using Redoubt.Model;

namespace Redoubt.Respond.Firewall;

/// <summary>Changes nothing: for hosts that are only to observe.</summary>
internal sealed class NullFirewall : IFirewall
{
    public string Name => "null";

    public bool EndsBlocksItself => true;

    public bool HasEffect => false;

    public long MaxMilliseconds => long.MaxValue;

    public FirewallResult Put(BlockTarget target, long durationMilliseconds) => FirewallResult.Absent;

    public FirewallResult Remove(BlockTarget target) => FirewallResult.Absent;

    public FirewallResult Read(BlockTarget target) => FirewallResult.Absent;

    public FirewallResult[] Ensure(IReadOnlyList<FirewallEntry> wanted) => new FirewallResult[wanted.Count];

    public string? Mend() => null;

    public bool MayHaveChanged() => false;

    public IFirewallWatch? Watch() => null;

    public IReadOnlyCollection<FirewallEntry> List() => [];

    public int Clear() => 0;

    public void Dispose()
    {
        // Nothing is held.
    }
}
