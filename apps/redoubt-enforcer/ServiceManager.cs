using System.Net.Sockets;
using System.Text;

namespace Redoubt.Enforcer;

/// <summary>Tells the service manager that the program is ready (sd_notify).</summary>
internal static class ServiceManager
{
    /// <summary>One datagram to <c>$NOTIFY_SOCKET</c>; nothing where there is none.</summary>
    internal static void TellReady()
    {
        var address = Environment.GetEnvironmentVariable("NOTIFY_SOCKET");
        if (string.IsNullOrEmpty(address))
            return;

        try
        {
            // An @ stands for the NUL that begins an abstract name.
            var path = address[0] == '@' ? "\0" + address[1..] : address;
            using var socket = new Socket(AddressFamily.Unix, SocketType.Dgram, ProtocolType.Unspecified);
            socket.SendTo(Encoding.UTF8.GetBytes("READY=1"), new UnixDomainSocketEndPoint(path));
        }
        catch (Exception e) when (e is SocketException or ArgumentException)
        {
            Console.Error.WriteLine($"redoubt-enforcer: the service manager could not be told at {address}: {e.Message}");
        }
    }
}
