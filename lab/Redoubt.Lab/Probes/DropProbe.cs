using System.Buffers.Binary;
using System.Diagnostics;
using System.Net;
using System.Net.Sockets;

namespace Redoubt.Lab;

/// <summary>Watches from outside when a host starts to drop an address: a steady stream of small UDP packets.</summary>
/// <remarks>
/// Each packet carries its sending time on the machine's monotonic clock, which all lab hosts share. The first packet after
/// the last one that arrived is the first dropped one, so the answer is exact to the distance between two packets
/// (about 0.3 ms). Sender and receiver each have a thread of their own inside the network of their host.
/// </remarks>
public sealed class DropProbe : IAsyncDisposable
{
    private const int PacketDistanceMicroseconds = 200;
    private const int SolSocket = 1;
    private const int ReceiveBufferForce = 33;
    private const int ReceiveBufferBytes = 16 * 1024 * 1024;

    private readonly Socket _sender;
    private readonly Socket _receiver;
    private readonly EndPoint _target;
    private readonly Thread _sending;
    private readonly Thread _receiving;
    private readonly List<long> _sent = [];
    private readonly Lock _lock = new();
    private long _lastArrivedSentAt;
    private volatile bool _stopping;

    private DropProbe(Socket sender, Socket receiver, EndPoint target)
    {
        (_sender, _receiver, _target) = (sender, receiver, target);
        _sending = new Thread(Send) { IsBackground = true, Name = "probe sender" };
        _receiving = new Thread(Receive) { IsBackground = true, Name = "probe receiver" };
        _receiving.Start();
        _sending.Start();
    }

    /// <summary>Starts the stream; returns when packets arrive.</summary>
    /// <param name="from">The sending host.</param>
    /// <param name="source">One of its addresses.</param>
    /// <param name="to">The receiving host; it gets the packets at its address of the same family.</param>
    public static async Task<DropProbe> StartAsync(LabHost from, IPAddress source, LabHost to)
    {
        var target = source.AddressFamily == AddressFamily.InterNetworkV6 ? to.IPv6 : to.IPv4;
        var receiver = await to.InNetworkAsync(() => BoundSocket(target));
        // Nothing may be lost for another reason than the drop, even when the reading thread has to wait for a core. Larger
        // than the system's limit, which root may exceed (SO_RCVBUFFORCE).
        receiver.SetRawSocketOption(SolSocket, ReceiveBufferForce, BitConverter.GetBytes(ReceiveBufferBytes));
        var sender = await from.InNetworkAsync(() => BoundSocket(source));
        var probe = new DropProbe(sender, receiver, receiver.LocalEndPoint!);
        await Wait.UntilAsync(() => Volatile.Read(ref probe._lastArrivedSentAt) != 0, "probe packets arrive", TimeSpan.FromSeconds(5));
        return probe;
    }

    /// <summary>Waits until packets no longer arrive.</summary>
    /// <param name="since">From when on to count, a <see cref="Stopwatch.GetTimestamp"/>.</param>
    /// <param name="within">Longest wait.</param>
    /// <returns>Time from <paramref name="since"/> to the sending of the first dropped packet.</returns>
    public async Task<TimeSpan> FirstDropAsync(long since, TimeSpan within)
    {
        // Nothing for a fifth of a second while a thousand packets were sent: dropped, not late.
        var silence = TimeSpan.FromMilliseconds(200);
        await Wait.UntilAsync(
            () => Stopwatch.GetElapsedTime(Volatile.Read(ref _lastArrivedSentAt)) > silence && Stopwatch.GetElapsedTime(since) > silence,
            "packets are dropped",
            within
        );

        var last = Volatile.Read(ref _lastArrivedSentAt);
        lock (_lock)
        {
            var firstDropped = _sent.First(at => at > last);
            return Stopwatch.GetElapsedTime(since, firstDropped);
        }
    }

    /// <inheritdoc/>
    public ValueTask DisposeAsync()
    {
        _stopping = true;
        _sending.Join();
        _receiver.Dispose();
        _receiving.Join();
        _sender.Dispose();
        return ValueTask.CompletedTask;
    }

    private static Socket BoundSocket(IPAddress address)
    {
        var socket = new Socket(address.AddressFamily, SocketType.Dgram, ProtocolType.Udp);
        socket.Bind(new IPEndPoint(address, 0));
        return socket;
    }

    private void Send()
    {
        var packet = new byte[sizeof(long)];
        while (!_stopping)
        {
            var now = Stopwatch.GetTimestamp();
            BinaryPrimitives.WriteInt64LittleEndian(packet, now);
            _sender.SendTo(packet, _target);
            lock (_lock)
                _sent.Add(now);

            // The base library waits whole milliseconds or not at all (Socket.Poll rounds down), and a sender that never sleeps
            // would take a core away from what it measures.
            Native.SleepMicroseconds(PacketDistanceMicroseconds);
        }
    }

    private void Receive()
    {
        var packet = new byte[sizeof(long)];
        try
        {
            while (!_stopping)
            {
                if (_receiver.Poll(100_000, SelectMode.SelectRead) && _receiver.Receive(packet) == packet.Length)
                    Volatile.Write(ref _lastArrivedSentAt, BinaryPrimitives.ReadInt64LittleEndian(packet));
            }
        }
        catch (Exception exception) when (exception is SocketException or ObjectDisposedException)
        {
            // The probe is being stopped.
        }
    }
}
