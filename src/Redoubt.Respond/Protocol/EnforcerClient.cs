using System.Collections.Concurrent;
using System.Net.Sockets;
using System.Text.Json;

namespace Redoubt.Respond;

/// <summary>A connection to the enforcer of this host.</summary>
/// <remarks>
/// Threads: safe; requests may overlap and are answered in the order in which they are done.
/// Errors: when the connection breaks, every open and later <see cref="SendAsync"/> ends with an <see cref="IOException"/>, and
/// <see cref="Closed"/> completes. It does not connect again by itself: the owner makes a new one and sends again, which is safe
/// because all verbs may be repeated.
/// </remarks>
public sealed class EnforcerClient : IAsyncDisposable
{
    private readonly Socket socket;
    private readonly SemaphoreSlim writing = new(1, 1);
    private readonly ConcurrentDictionary<long, Pending> pending = new();
    private readonly CancellationTokenSource stopping = new();
    private readonly Task reading;
    private long lastId;
    private volatile bool closed;

    private EnforcerClient(Socket socket)
    {
        this.socket = socket;
        reading = Task.Run(ReadRepliesAsync);
    }

    /// <summary>Completes, never with an error, when the connection has ended.</summary>
    public Task Closed => reading;

    /// <summary>Connects to the socket <c>HOME/var/run/enforcer.sock</c>.</summary>
    /// <exception cref="SocketException">No enforcer is there, or this user may not connect.</exception>
    public static async Task<EnforcerClient> ConnectAsync(string socketPath, CancellationToken cancellation)
    {
        var connection = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        try
        {
            await connection.ConnectAsync(new UnixDomainSocketEndPoint(socketPath), cancellation).ConfigureAwait(false);
            return new EnforcerClient(connection);
        }
        catch
        {
            connection.Dispose();
            throw;
        }
    }

    /// <summary>Sends one request and waits for its answer.</summary>
    /// <exception cref="IOException">The connection is or gets closed; whether the request was carried out is unknown.</exception>
    /// <exception cref="ArgumentException">The request is longer than the enforcer reads (1 MiB).</exception>
    public async Task<EnforceReply> SendAsync(EnforceRequest request, CancellationToken cancellation)
    {
        var id = Interlocked.Increment(ref lastId);
        var line = JsonSerializer.SerializeToUtf8Bytes(request with { Id = id }, EnforceJson.Default.EnforceRequest);
        if (line.Length > EnforceJson.MaxLineBytes)
            throw new ArgumentException(
                $"a request of {line.Length} bytes is longer than the {EnforceJson.MaxLineBytes} that the enforcer reads",
                nameof(request)
            );

        var waiting = new Pending();
        pending[id] = waiting;
        try
        {
            await WriteAsync(line, cancellation).ConfigureAwait(false);

            // Closed may have been set between the two: then nobody else completes this one.
            if (closed)
                throw ConnectionClosed(null);

            var reply = await waiting.Reply.Task.WaitAsync(cancellation).ConfigureAwait(false);
            return reply with { Id = request.Id };
        }
        finally
        {
            pending.TryRemove(id, out _);
        }
    }

    /// <summary>Closes the connection; open requests end with an <see cref="IOException"/>.</summary>
    public async ValueTask DisposeAsync()
    {
        await stopping.CancelAsync().ConfigureAwait(false);
        await reading.ConfigureAwait(false);
        socket.Dispose();
        stopping.Dispose();
    }

    private static IOException ConnectionClosed(Exception? cause) => new("the connection to the enforcer is closed", cause);

    private async Task WriteAsync(byte[] line, CancellationToken cancellation)
    {
        // Half a line would garble the next one, so once begun a line is written to its end.
        await writing.WaitAsync(cancellation).ConfigureAwait(false);
        try
        {
            var bytes = new byte[line.Length + 1];
            line.CopyTo(bytes, 0);
            bytes[^1] = (byte)'\n';
            for (var sent = 0; sent < bytes.Length; )
                sent += await socket.SendAsync(bytes.AsMemory(sent), SocketFlags.None, stopping.Token).ConfigureAwait(false);
        }
        catch (Exception e) when (e is SocketException or OperationCanceledException or ObjectDisposedException)
        {
            throw ConnectionClosed(e);
        }
        finally
        {
            writing.Release();
        }
    }

    private async Task ReadRepliesAsync()
    {
        Exception? cause = null;
        try
        {
            var lines = new LineReader(socket, EnforceJson.MaxLineBytes);
            while (await lines.ReadAsync(stopping.Token).ConfigureAwait(false) == LineReader.Result.Line)
                Complete(JsonSerializer.Deserialize(lines.Line.Span, EnforceJson.Default.EnforceReply));
        }
        catch (Exception e) when (e is SocketException or OperationCanceledException or JsonException or ObjectDisposedException)
        {
            cause = e;
        }

        closed = true;
        foreach (var waiting in pending.Values)
            waiting.Reply.TrySetException(ConnectionClosed(cause));
        socket.Close();
    }

    private void Complete(EnforceReply? reply)
    {
        // A request that was cancelled meanwhile has nobody waiting.
        if (reply is null || !pending.TryGetValue(reply.Id, out var waiting))
            return;

        if (reply.Targets.Length > 0)
        {
            waiting.Targets.AddRange(reply.Targets);
            waiting.Remaining.AddRange(reply.TargetsRemainingMilliseconds);
        }

        if (!reply.More)
            waiting.Reply.TrySetResult(
                reply with
                {
                    Targets = [.. waiting.Targets],
                    TargetsRemainingMilliseconds = [.. waiting.Remaining],
                }
            );
    }

    private sealed class Pending
    {
        public TaskCompletionSource<EnforceReply> Reply { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public List<string> Targets { get; } = [];

        public List<long> Remaining { get; } = [];
    }
}
