using System.Net.Sockets;

namespace Redoubt.Host;

/// <summary>Tells whoever started this process that it is ready.</summary>
public static class ReadyNotice
{
    /// <summary>Prints <c>ready NAME</c> on standard output, and <c>READY=1</c> to systemd where it asked for it.</summary>
    public static void Send(string name)
    {
        Console.Out.WriteLine("ready " + name);
        Console.Out.Flush();
        if (Environment.GetEnvironmentVariable("NOTIFY_SOCKET") is not { Length: > 1 } path)
            return;

        // systemd writes an abstract socket's name with '@' in front.
        var address = path[0] == '@' ? "\0" + path[1..] : path;
        using var socket = new Socket(AddressFamily.Unix, SocketType.Dgram, ProtocolType.Unspecified);
        try
        {
            socket.SendTo("READY=1"u8, new UnixDomainSocketEndPoint(address));
        }
        catch (SocketException)
        {
            // Without a listener nobody waits for it; the line above is the same message.
        }
    }
}
