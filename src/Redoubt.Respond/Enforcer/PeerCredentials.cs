using System.Net.Sockets;
using System.Runtime.InteropServices;

namespace Redoubt.Respond;

/// <summary>Who is at the other end of a Unix socket, as the kernel noted when it connected.</summary>
/// <param name="ProcessId">Its process.</param>
/// <param name="UserId">Its effective user.</param>
[StructLayout(LayoutKind.Auto)]
internal readonly record struct PeerCredentials(int ProcessId, uint UserId)
{
    private const int LevelSocket = 1;
    private const int PeerCredentialsOption = 17;

    /// <summary>Asks the kernel.</summary>
    /// <exception cref="SocketException">The connection is gone.</exception>
    internal static PeerCredentials Of(Socket connection)
    {
        // struct ucred: process, user, group, 32 bit each.
        Span<byte> credentials = stackalloc byte[12];
        var length = connection.GetRawSocketOption(LevelSocket, PeerCredentialsOption, credentials);
        return length >= 8
            ? new PeerCredentials(MemoryMarshal.Read<int>(credentials), MemoryMarshal.Read<uint>(credentials[4..]))
            : throw new SocketException((int)SocketError.NotConnected);
    }
}
