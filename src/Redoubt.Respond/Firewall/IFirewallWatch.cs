namespace Redoubt.Respond.Firewall;

/// <summary>Hears of changes that others make to a firewall; our own are not among them.</summary>
/// <remarks>Threads: one reader; <see cref="IDisposable.Dispose"/> after it has stopped.</remarks>
internal interface IFirewallWatch : IDisposable
{
    /// <summary>The descriptor that becomes readable when there is something to read.</summary>
    public int Descriptor { get; }

    /// <summary>Reads what is there, without waiting.</summary>
    /// <param name="into">Gets what has to be looked at.</param>
    /// <exception cref="IOException">The watch is broken.</exception>
    public void Read(FirewallSuspicion into);
}
