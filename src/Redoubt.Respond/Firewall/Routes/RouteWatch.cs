using Redoubt.Respond.Firewall.Netlink;

namespace Redoubt.Respond.Firewall.Routes;

/// <summary>Listens to null routes of ours that others delete.</summary>
internal sealed class RouteWatch : IFirewallWatch
{
    private readonly NetlinkSocket socket = new(NetlinkSocket.Route, RouteConstants.GroupsRoutes);

    /// <param name="ownPort">The socket whose changes are ours.</param>
    /// <exception cref="NetlinkException">The kernel refused.</exception>
    internal RouteWatch(uint ownPort)
    {
        try
        {
            socket.Ignore(ownPort);
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }

    public int Descriptor => socket.Descriptor;

    public void Read(FirewallSuspicion into)
    {
        while (true)
        {
            try
            {
                if (!socket.TryReceive(out var rest))
                    return;

                while (NetlinkMessage.TryTake(ref rest, out var message))
                {
                    if (message.Type == RouteConstants.DeleteRoute && NullRoute.TryRead(in message, out var route))
                        into.Add(route.Target);
                }
            }
            catch (NetlinkException e) when (e.Errno == Errno.NoBuffers)
            {
                // A router's routes change faster than we read.
                into.Everything = true;
            }
        }
    }

    public void Dispose() => socket.Dispose();
}
