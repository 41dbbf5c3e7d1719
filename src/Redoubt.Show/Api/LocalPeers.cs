using System.Net.Sockets;
using System.Runtime.InteropServices;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Connections.Features;
using Microsoft.AspNetCore.Server.Kestrel.Core;

namespace Redoubt.Show;

/// <summary>Lets only some users of this host through a Unix socket: the kernel says who is calling.</summary>
public static class LocalPeers
{
    private const int SolSocket = 1;
    private const int SoPeerCred = 17;

    /// <summary>Closes connections of users that are not allowed, before a byte is read.</summary>
    public static void Restrict(ListenOptions listener, Func<uint, bool> isAllowed) =>
        listener.Use(next =>
            async connection =>
            {
                var socket = connection.Features.Get<IConnectionSocketFeature>()?.Socket;
                if (socket is not null && UserOf(socket) is { } user && isAllowed(user))
                    await next(connection);
                else
                    connection.Abort(new ConnectionAbortedException("This user may not use the manager's socket."));
            }
        );

    private static uint? UserOf(Socket socket)
    {
        // struct ucred: pid, uid, gid.
        Span<byte> credentials = stackalloc byte[12];
        return socket.GetRawSocketOption(SolSocket, SoPeerCred, credentials) == credentials.Length
            ? MemoryMarshal.Read<uint>(credentials[4..])
            : null;
    }
}
