using System.Net;

namespace Redoubt.Transport.Port;

/// <summary>One connection to the manager's port.</summary>
/// <remarks>Threads: the properties are set by the connection's own tasks, one after the other.</remarks>
public sealed class Visitor
{
    internal Visitor(IPAddress address, IPAddress key) => (Address, Key) = (address, key);

    /// <summary>Whence it comes.</summary>
    public IPAddress Address { get; }

    /// <summary>What its connections are counted by: an IPv4 address, or the /64 of an IPv6 one.</summary>
    internal IPAddress Key { get; }

    /// <summary>Whether it has shown an agent's certificate.</summary>
    public bool IsProven { get; internal set; }

    /// <summary>Whether TLS was agreed upon.</summary>
    public bool HasShakenHands { get; set; }

    /// <summary>Whether it was answered, or sent away and counted.</summary>
    public bool IsSettled { get; set; }
}
