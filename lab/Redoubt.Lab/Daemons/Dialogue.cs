using System.Net;
using System.Net.Sockets;
using System.Text;

namespace Redoubt.Lab;

/// <summary>A plain TCP client on a lab host, which sends what no decent client would.</summary>
public static class Dialogue
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);

    /// <summary>Holds one conversation.</summary>
    /// <returns>What the server said, or as much of it as came before the connection ended or was cut.</returns>
    /// <param name="host">Where the client runs.</param>
    /// <param name="server">Where to.</param>
    /// <param name="turns">What is said, in order.</param>
    /// <param name="connectMilliseconds">Patience with an address that does not answer.</param>
    public static Task<string> HoldAsync(LabHost host, IPEndPoint server, IReadOnlyList<Turn> turns, int connectMilliseconds = 1000) =>
        host.InNetworkAsync(() => Hold(server, turns, connectMilliseconds));

    /// <summary>Whether a server answers.</summary>
    public static Task<bool> CanConnectAsync(LabHost host, IPEndPoint server) =>
        host.InNetworkAsync(() =>
        {
            using var socket = Connect(server, 1000);
            return socket is not null;
        });

    private static string Hold(IPEndPoint server, IReadOnlyList<Turn> turns, int connectMilliseconds)
    {
        using var socket = Connect(server, connectMilliseconds);
        var heard = new StringBuilder();
        if (socket is null)
            return string.Empty;

        socket.ReceiveTimeout = (int)Patience.TotalMilliseconds;
        try
        {
            foreach (var turn in turns)
            {
                if (!Hear(socket, heard, turn.After))
                    break;

                if (turn.Say.Length > 0)
                    socket.Send(turn.Say);
            }
        }
        catch (SocketException)
        {
            // Cut, by the server or by a block: what was heard until then is the answer.
        }

        return heard.ToString();
    }

    private static Socket? Connect(IPEndPoint server, int milliseconds)
    {
        var socket = new Socket(server.AddressFamily, SocketType.Stream, ProtocolType.Tcp) { Blocking = false };
        try
        {
            try
            {
                socket.Connect(server);
            }
            catch (SocketException exception) when (exception.SocketErrorCode is SocketError.WouldBlock or SocketError.InProgress)
            {
                if (!socket.Poll(TimeSpan.FromMilliseconds(milliseconds), SelectMode.SelectWrite))
                    throw new SocketException((int)SocketError.TimedOut);
            }

            if (socket.GetSocketOption(SocketOptionLevel.Socket, SocketOptionName.Error) is not 0)
                throw new SocketException((int)SocketError.ConnectionRefused);

            socket.Blocking = true;
            return socket;
        }
        catch (SocketException)
        {
            socket.Dispose();
            return null; // nobody answers there
        }
    }

    private static bool Hear(Socket socket, StringBuilder heard, string text)
    {
        var from = heard.Length;
        var buffer = new byte[4096];
        while (text.Length > 0 && !heard.ToString(from, heard.Length - from).Contains(text, StringComparison.Ordinal))
        {
            var count = socket.Receive(buffer);
            if (count == 0)
                return false;

            heard.Append(Encoding.Latin1.GetString(buffer, 0, count));
        }

        return true;
    }
}
