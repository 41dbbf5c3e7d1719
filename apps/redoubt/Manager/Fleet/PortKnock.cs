using System.Net;
using System.Net.Sockets;
using Redoubt.Host;
using Redoubt.Transport.Link;

namespace Redoubt.App.Manager;

/// <summary>Shows that the agents' port accepts connections: the manager knocks at it itself, and knows its own knock by the port it comes from.</summary>
/// <remarks>A knock counts against no limit and is told nobody. Threads: safe.</remarks>
internal sealed class PortKnock
{
    private static readonly TimeSpan LongestKnock = TimeSpan.FromSeconds(10);

    private readonly Lock _lock = new();
    private readonly HashSet<int> _expected = [];
    private readonly IPEndPoint _door;

    /// <param name="listen">Where the port listens; null: on every address, the default port.</param>
    internal PortKnock(IPEndPoint? listen)
    {
        _door =
            listen is null || listen.Address.Equals(IPAddress.Any) || listen.Address.Equals(IPAddress.IPv6Any)
                ? new IPEndPoint(IPAddress.Loopback, listen?.Port ?? ManagerChannel.DefaultPort)
                : listen;
        Pulse = new LoopPulse("the agents' port", () => _ = KnockAsync());
    }

    /// <summary>Beats with every knock that is heard.</summary>
    internal LoopPulse Pulse { get; }

    /// <summary>Knocks heard since the start.</summary>
    internal int Heard { get; private set; }

    /// <summary>Whether a connection that was accepted is a knock.</summary>
    internal bool IsKnock(IPEndPoint? from)
    {
        if (from is null)
            return false;

        var address = from.Address.IsIPv4MappedToIPv6 ? from.Address.MapToIPv4() : from.Address;
        lock (_lock)
        {
            if (!address.Equals(_door.Address) || !_expected.Remove(from.Port))
                return false;

            Heard++;
        }

        Pulse.Beat();
        return true;
    }

    private async Task KnockAsync()
    {
        using var limit = new CancellationTokenSource(LongestKnock);
        using var socket = new Socket(_door.AddressFamily, SocketType.Stream, ProtocolType.Tcp);
        try
        {
            // From the door's own address: nobody else on the network has it.
            socket.Bind(new IPEndPoint(_door.Address, 0));
            lock (_lock)
            {
                _expected.Clear(); // an older one that was not heard
                _expected.Add(((IPEndPoint)socket.LocalEndPoint!).Port);
            }

            await socket.ConnectAsync(_door, limit.Token);
            _ = await socket.ReceiveAsync(new byte[1], limit.Token); // the port closes it
        }
        catch (Exception e) when (e is SocketException or OperationCanceledException)
        {
            // No knock, no beat: that is what is to be found out.
        }
    }
}
