using System.Net.Sockets;
using System.Text;
using Microsoft.Extensions.Logging;

namespace Redoubt.Collect;

/// <summary>One open socket of another program.</summary>
/// <remarks>Never waits: a program that does not read must not hold up collection. After a failure it is tried again after a second at the
/// soonest. Threads: the reader thread.</remarks>
internal sealed partial class OutputSocket(OutputSocketOptions options, TimeProvider time, ILogger log) : IDisposable
{
    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(1);

    private readonly byte[] _prefix = Encoding.UTF8.GetBytes(options.Prefix);
    private Socket? _socket;
    private byte[] _unsent = [];
    private long? _failedAt;
    private long _refused;

    public void Dispose() => _socket?.Dispose();

    /// <summary>Sends a record.</summary>
    /// <returns>False if it was not taken.</returns>
    internal bool TrySend(ReadOnlySpan<byte> text)
    {
        if (!TryConnect() || !TryFinish())
            return Refuse();

        var record = new byte[_prefix.Length + text.Length + (options.IsStream ? 1 : 0)];
        _prefix.CopyTo(record, 0);
        text.CopyTo(record.AsSpan(_prefix.Length));
        if (options.IsStream)
            record[^1] = (byte)'\n';

        if (!TryWrite(record, out var sent) || sent == 0)
            return Refuse();

        _unsent = record[sent..];
        if (_refused > 0)
            Log.TakesAgain(log, options.Name, _refused);

        _refused = 0;
        return true;
    }

    private bool TryConnect()
    {
        if (_socket is not null)
            return true;

        if (_failedAt is { } at && time.GetElapsedTime(at) < Pause)
            return false;

        var socket = new Socket(AddressFamily.Unix, options.IsStream ? SocketType.Stream : SocketType.Dgram, ProtocolType.Unspecified)
        {
            Blocking = false,
        };
        try
        {
            socket.Connect(new UnixDomainSocketEndPoint(options.Path));
            _socket = socket;
            return true;
        }
        catch (SocketException e)
        {
            socket.Dispose();
            Fail(e.Message);
            return false;
        }
    }

    // The rest of a record that the stream took a part of.
    private bool TryFinish()
    {
        if (_unsent.Length > 0 && TryWrite(_unsent, out var sent))
            _unsent = _unsent[sent..];

        return _unsent.Length == 0;
    }

    /// <returns>False if the connection has gone; a full one takes nothing, or a part.</returns>
    private bool TryWrite(byte[] bytes, out int sent)
    {
        sent = 0;
        if (_socket is not { } socket)
            return false;

        sent = socket.Send(bytes, SocketFlags.None, out var error);
        switch (error)
        {
            case SocketError.Success:
                return true;
            case SocketError.WouldBlock or SocketError.NoBufferSpaceAvailable:
                sent = 0;
                return true;
            default:
                Fail(new SocketException((int)error).Message);
                return false;
        }
    }

    private bool Refuse()
    {
        if (_refused++ == 0 && _socket is not null)
            Log.Full(log, options.Name, options.Path);

        return false;
    }

    private void Fail(string reason)
    {
        _socket?.Dispose();
        (_socket, _unsent) = (null, []);
        _failedAt = time.GetTimestamp();
        if (_refused == 0)
            Log.Failed(log, options.Name, options.Path, reason);
    }

    // Event ids 1060-1069.
    private static partial class Log
    {
        [LoggerMessage(1060, LogLevel.Error, "Socket {Name} ({Path}) takes no records: {Reason}. Tried again every second")]
        internal static partial void Failed(ILogger logger, string name, string path, string reason);

        [LoggerMessage(1061, LogLevel.Error, "Socket {Name} ({Path}) is full: its program does not read. Tried again with the next record")]
        internal static partial void Full(ILogger logger, string name, string path);

        [LoggerMessage(1062, LogLevel.Information, "Socket {Name} takes records again; it refused {Refused} times")]
        internal static partial void TakesAgain(ILogger logger, string name, long refused);
    }
}
