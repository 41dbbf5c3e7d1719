namespace Redoubt.Respond.Firewall.Netlink;

/// <summary>The kernel could not be asked: the socket failed, or no whole answer came in time.</summary>
internal sealed class NetlinkException(string operation, int errno) : IOException($"netlink {operation}: {Netlink.Errno.Describe(errno)}")
{
    /// <summary>The error number.</summary>
    internal int Errno { get; } = errno;
}
