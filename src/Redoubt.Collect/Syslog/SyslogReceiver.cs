using System.Net;
using System.Net.Sockets;
using System.Security.Authentication;
using Microsoft.Extensions.Logging;
using Redoubt.Collect.Syslog;
using Redoubt.Model;

namespace Redoubt.Collect;

/// <summary>Takes syslog lines of other hosts from the network.</summary>
/// <remarks>
/// Datagrams and connections of senders that are not allowed are dropped before anything of them is read. Connections are slowed down while the taker has no room; a
/// datagram that finds no room is lost and counted (<see cref="Shed"/>). Framing of connections: a count of bytes in front, or lines; with TLS, counts. Threads: any; lines come from
/// several at a time. Errors: a socket that cannot be opened throws at once; what a sender does never ends the receiver.
/// </remarks>
public sealed partial class SyslogReceiver : IAsyncDisposable
{
    private readonly SyslogReceiverOptions _options;
    private readonly Func<SyslogLine, ValueTask> _take;
    private readonly Func<SyslogLine, bool> _tryTake;
    private readonly TimeProvider _time;
    private readonly ILogger _log;
    private readonly CancellationTokenSource _ending = new();
    private volatile SyslogTls? _tls;
    private readonly Socket? _datagrams;
    private readonly Socket? _listener;
    private readonly List<Task> _tasks = [];
    private int _connections;
    private long _received;
    private long _refused;
    private long _shed;
    private long _unauthenticated;

    /// <summary>Opens the sockets; what comes waits in the kernel until <see cref="Start"/>.</summary>
    /// <param name="options">Where, and from whom.</param>
    /// <param name="take">Takes a line of a connection; waits while there is no room.</param>
    /// <param name="tryTake">Takes a line of a datagram, or says that there is no room.</param>
    /// <param name="time">Stamps arrivals.</param>
    /// <param name="log">Told what an operator must know.</param>
    /// <exception cref="SocketException">The port is in use, or may not be opened.</exception>
    public SyslogReceiver(
        SyslogReceiverOptions options,
        Func<SyslogLine, ValueTask> take,
        Func<SyslogLine, bool> tryTake,
        TimeProvider time,
        ILogger log
    )
    {
        (_options, _take, _tryTake, _time, _log) = (options, take, tryTake, time, log);
        _tls = options.Tls is { } tls ? new SyslogTls(tls) : null;
        try
        {
            if (options.TakesUdp)
                _datagrams = Open(SocketType.Dgram, ProtocolType.Udp, options.Port);

            if (options.TakesTcp)
            {
                _listener = Open(SocketType.Stream, ProtocolType.Tcp, options.Port);
                _listener.Listen(128);
            }
        }
        catch
        {
            _datagrams?.Dispose();
            _listener?.Dispose();
            throw;
        }
    }

    /// <summary>Begins to receive. Once.</summary>
    public void Start()
    {
        if (_datagrams is not null)
            _tasks.Add(Task.Run(ReceiveAsync));

        if (_listener is not null)
            _tasks.Add(Task.Run(AcceptAsync));
    }

    /// <summary>Shows connections that are made from now on other certificates; those that are there go on.</summary>
    public void Use(SyslogTlsOptions tls) => _tls = new SyslogTls(tls);

    /// <summary>Port of the datagrams; 0: none are taken.</summary>
    public int UdpPort => (_datagrams?.LocalEndPoint as IPEndPoint)?.Port ?? 0;

    /// <summary>Port of the connections; 0: none are taken.</summary>
    public int TcpPort => (_listener?.LocalEndPoint as IPEndPoint)?.Port ?? 0;

    /// <summary>Lines taken.</summary>
    public long Received => Interlocked.Read(ref _received);

    /// <summary>Datagrams and connections of senders that are not allowed, and connections beyond the limit.</summary>
    public long Refused => Interlocked.Read(ref _refused);

    /// <summary>Datagrams for which there was no room.</summary>
    public long Shed => Interlocked.Read(ref _shed);

    /// <summary>Connections whose sender spoke no TLS, or showed no certificate that is accepted.</summary>
    public long Unauthenticated => Interlocked.Read(ref _unauthenticated);

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await _ending.CancelAsync().ConfigureAwait(false);
        _datagrams?.Dispose();
        _listener?.Dispose();
        await Task.WhenAll(_tasks).ConfigureAwait(false);
        _ending.Dispose();
    }

    private Socket Open(SocketType type, ProtocolType protocol, int port)
    {
        var socket = new Socket(_options.Address.AddressFamily, type, protocol);
        try
        {
            if (_options.Address.AddressFamily == AddressFamily.InterNetworkV6)
                socket.DualMode = true;

            if (type == SocketType.Stream)
                socket.SetSocketOption(SocketOptionLevel.Socket, SocketOptionName.ReuseAddress, true);

            socket.Bind(new IPEndPoint(_options.Address, port));
            return socket;
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }

    private bool IsAllowed(EndPoint? sender, out IPAddress address)
    {
        address = sender is IPEndPoint point
            ? (point.Address.IsIPv4MappedToIPv6 ? point.Address.MapToIPv4() : point.Address)
            : IPAddress.None;
        var target = BlockTarget.Of(address);
        if (_options.Allowed.Any(a => a.Contains(target)) && !_options.Denied.Any(d => d.Contains(target)))
            return true;

        if (Interlocked.Increment(ref _refused) == 1)
            Log.Refused(_log, address);
        return false;
    }

    private async Task ReceiveAsync()
    {
        var buffer = new byte[65_536];
        while (!_ending.IsCancellationRequested)
        {
            try
            {
                var anyone = new IPEndPoint(
                    _options.Address.AddressFamily == AddressFamily.InterNetworkV6 ? IPAddress.IPv6Any : IPAddress.Any,
                    0
                );
                var result = await _datagrams!.ReceiveFromAsync(buffer, SocketFlags.None, anyone, _ending.Token).ConfigureAwait(false);
                if (!IsAllowed(result.RemoteEndPoint, out var sender))
                    continue;

                if (_tryTake(SyslogMessage.LineOf(sender, buffer.AsSpan(0, result.ReceivedBytes), _time)))
                    Interlocked.Increment(ref _received);
                else if (Interlocked.Increment(ref _shed) == 1)
                    Log.NoRoom(_log, sender);
            }
            catch (Exception e) when (e is OperationCanceledException or ObjectDisposedException)
            {
                return;
            }
            catch (SocketException e)
            {
                // An ICMP answer to something that was sent before, or no memory for a moment: the next datagram may come all the same.
                Log.Failed(_log, e.Message);
            }
        }
    }

    private async Task AcceptAsync()
    {
        while (!_ending.IsCancellationRequested)
        {
            try
            {
                var connection = await _listener!.AcceptAsync(_ending.Token).ConfigureAwait(false);
                if (!IsAllowed(connection.RemoteEndPoint, out var sender))
                {
                    connection.Dispose();
                }
                else if (Interlocked.Increment(ref _connections) > _options.MaxConnections)
                {
                    Interlocked.Decrement(ref _connections);
                    Interlocked.Increment(ref _refused);
                    Log.TooMany(_log, sender, _options.MaxConnections);
                    connection.Dispose();
                }
                else
                {
                    _ = ReadAsync(connection, sender);
                }
            }
            catch (Exception e) when (e is OperationCanceledException or ObjectDisposedException)
            {
                return;
            }
            catch (SocketException e)
            {
                Log.Failed(_log, e.Message);
            }
        }
    }

    private async Task ReadAsync(Socket connection, IPAddress sender)
    {
        try
        {
            var stream = new NetworkStream(connection, ownsSocket: true);
            await using (stream.ConfigureAwait(false))
            {
                var reader = new SyslogConnection(_options, _tls, sender, TakeAsync, _time);
                if (!await reader.ReadAsync(stream, _ending.Token).ConfigureAwait(false))
                    Log.Unframed(_log, sender);
            }
        }
        catch (Exception e) when (e is IOException or SocketException or OperationCanceledException or ObjectDisposedException)
        {
            // The sender is gone, was silent for too long, or we end: what was whole has been taken.
            Log.Closed(_log, sender, e.Message);
        }
        catch (AuthenticationException e)
        {
            if (Interlocked.Increment(ref _unauthenticated) == 1)
                Log.Unauthenticated(_log, sender, e.InnerException?.Message ?? e.Message);
        }
        finally
        {
            Interlocked.Decrement(ref _connections);
        }
    }

    private async Task TakeAsync(SyslogLine line)
    {
        await _take(line).ConfigureAwait(false);
        Interlocked.Increment(ref _received);
    }
}
