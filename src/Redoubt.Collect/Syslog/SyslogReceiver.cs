using System.Net;
using System.Net.Sockets;
using Microsoft.Extensions.Logging;
using Redoubt.Collect.Syslog;
using Redoubt.Model;

namespace Redoubt.Collect;

/// <summary>Takes syslog lines of other hosts from the network.</summary>
/// <remarks>
/// Datagrams and connections of senders that are not allowed are dropped before anything of them is read. Connections are slowed down while the taker has no room; a
/// datagram that finds no room is lost and counted (<see cref="Shed"/>). Framing of connections: a count of bytes in front (RFC 6587), or lines. Threads: any; lines come from
/// several at a time. Errors: a socket that cannot be opened throws at once; what a sender does never ends the receiver.
/// </remarks>
public sealed partial class SyslogReceiver : IAsyncDisposable
{
    private const int MaxCountDigits = 7;

    private readonly SyslogReceiverOptions _options;
    private readonly Func<SyslogLine, ValueTask> _take;
    private readonly Func<SyslogLine, bool> _tryTake;
    private readonly TimeProvider _time;
    private readonly ILogger _log;
    private readonly CancellationTokenSource _ending = new();
    private readonly Socket? _datagrams;
    private readonly Socket? _listener;
    private readonly List<Task> _tasks = [];
    private int _connections;
    private long _received;
    private long _refused;
    private long _shed;

    /// <summary>Opens the sockets and begins to receive.</summary>
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

        if (_datagrams is not null)
            _tasks.Add(Task.Run(ReceiveAsync));

        if (_listener is not null)
            _tasks.Add(Task.Run(AcceptAsync));
    }

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

                if (_tryTake(LineOf(sender, buffer.AsSpan(0, result.ReceivedBytes))))
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
            using (connection)
            {
                var buffer = new byte[_options.MaxLineBytes + MaxCountDigits + 1];
                var filled = 0;
                var toSkip = 0L;
                while (true)
                {
                    using var patience = new CancellationTokenSource(_options.MaxSilence, _time);
                    using var either = CancellationTokenSource.CreateLinkedTokenSource(patience.Token, _ending.Token);
                    var count = await connection
                        .ReceiveAsync(buffer.AsMemory(filled), SocketFlags.None, either.Token)
                        .ConfigureAwait(false);
                    if (count == 0)
                        break;

                    filled += count;
                    while (TryCut(buffer, ref filled, ref toSkip, out var line))
                    {
                        if (line.Length == 0)
                            continue;

                        await _take(LineOf(sender, line)).ConfigureAwait(false);
                        Interlocked.Increment(ref _received);
                    }
                }

                // A sender that ends without a newline has ended its last line.
                if (filled > 0 && toSkip == 0)
                {
                    await _take(LineOf(sender, buffer.AsSpan(0, filled))).ConfigureAwait(false);
                    Interlocked.Increment(ref _received);
                }
            }
        }
        catch (Exception e) when (e is SocketException or OperationCanceledException or ObjectDisposedException)
        {
            // The sender is gone, was silent for too long, or we end: what was whole has been taken.
            Log.Closed(_log, sender, e.Message);
        }
        finally
        {
            Interlocked.Decrement(ref _connections);
        }
    }

    // Takes one message off the front. An overlong one is cut, and its rest is skipped up to the next newline (or its counted end).
    private bool TryCut(byte[] buffer, ref int filled, ref long toSkip, out byte[] line)
    {
        line = [];
        var bytes = buffer.AsSpan(0, filled);
        if (toSkip != 0)
        {
            var newline = bytes.IndexOf((byte)'\n');
            var skipped = toSkip < 0 ? (newline < 0 ? filled : newline + 1) : (int)Math.Min(toSkip, filled);
            toSkip = toSkip < 0 ? (newline < 0 ? -1 : 0) : toSkip - skipped;
            Drop(buffer, ref filled, skipped);
            return filled > 0;
        }

        var (header, length) = CountOf(bytes);
        if (header > 0)
        {
            if (length > _options.MaxLineBytes)
            {
                if (filled < header + _options.MaxLineBytes)
                    return false;

                line = bytes.Slice(header, _options.MaxLineBytes).ToArray();
                toSkip = length - _options.MaxLineBytes;
                Drop(buffer, ref filled, header + _options.MaxLineBytes);
                return true;
            }

            if (filled < header + length)
                return false;

            line = bytes.Slice(header, (int)length).ToArray();
            Drop(buffer, ref filled, header + (int)length);
            return true;
        }

        var end = bytes.IndexOf((byte)'\n');
        if (end >= 0)
        {
            line = bytes[..end].ToArray();
            Drop(buffer, ref filled, end + 1);
            return true;
        }

        if (filled < buffer.Length)
            return false;

        line = bytes[.._options.MaxLineBytes].ToArray();
        toSkip = -1;
        Drop(buffer, ref filled, filled);
        return true;
    }

    // "123 <34>…": octet counting of RFC 6587.
    private static (int Header, long Length) CountOf(ReadOnlySpan<byte> bytes)
    {
        var blank = bytes[..Math.Min(bytes.Length, MaxCountDigits + 1)].IndexOf((byte)' ');
        if (
            blank <= 0
            || blank + 1 >= bytes.Length
            || bytes[blank + 1] != (byte)'<'
            || bytes[..blank].IndexOfAnyExceptInRange((byte)'0', (byte)'9') >= 0
        )
            return (0, 0);

        return System.Buffers.Text.Utf8Parser.TryParse(bytes[..blank], out long length, out _) && length > 0 ? (blank + 1, length) : (0, 0);
    }

    private static void Drop(byte[] buffer, ref int filled, int count)
    {
        buffer.AsSpan(count, filled - count).CopyTo(buffer);
        filled -= count;
    }

    private SyslogLine LineOf(IPAddress sender, ReadOnlySpan<byte> message) =>
        new(sender, SyslogMessage.ToLine(message, _time.LocalTimeZone), _time.GetUtcNow().ToUnixTimeMilliseconds());

    // Event ids 1090-1099.
    private static partial class Log
    {
        [LoggerMessage(
            1090,
            LogLevel.Warning,
            "{Sender} sent syslog lines and is not among allowed-ips; such senders are counted from now on"
        )]
        internal static partial void Refused(ILogger logger, IPAddress sender);

        [LoggerMessage(
            1091,
            LogLevel.Warning,
            "There is no room for a datagram of {Sender}; it is lost. Such losses are counted from now on"
        )]
        internal static partial void NoRoom(ILogger logger, IPAddress sender);

        [LoggerMessage(1092, LogLevel.Warning, "The connection of {Sender} is refused: there are {Max} already")]
        internal static partial void TooMany(ILogger logger, IPAddress sender, int max);

        [LoggerMessage(1093, LogLevel.Warning, "Receiving syslog lines failed: {Reason}; it goes on")]
        internal static partial void Failed(ILogger logger, string reason);

        [LoggerMessage(1094, LogLevel.Debug, "The connection of {Sender} is closed: {Reason}")]
        internal static partial void Closed(ILogger logger, IPAddress sender, string reason);
    }
}
