using System.Net.Sockets;
using Redoubt.Host;

namespace Redoubt.Enforcer;

/// <summary>Shows that the enforcer's socket accepts callers: it calls itself, and says nothing.</summary>
internal sealed class SocketKnock
{
    private static readonly TimeSpan LongestKnock = TimeSpan.FromSeconds(10);

    private readonly UnixDomainSocketEndPoint _door;

    /// <param name="path">The socket.</param>
    internal SocketKnock(string path)
    {
        _door = new UnixDomainSocketEndPoint(path);
        Pulse = new LoopPulse("the socket", () => _ = KnockAsync());
    }

    /// <summary>To be beaten with every connection that is accepted.</summary>
    internal LoopPulse Pulse { get; }

    private async Task KnockAsync()
    {
        using var limit = new CancellationTokenSource(LongestKnock);
        using var socket = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        try
        {
            await socket.ConnectAsync(_door, limit.Token);
        }
        catch (Exception e) when (e is SocketException or OperationCanceledException)
        {
            // No knock, no beat: that is what is to be found out.
        }
    }
}
