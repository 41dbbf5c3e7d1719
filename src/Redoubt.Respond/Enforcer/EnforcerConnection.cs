using System.Net.Sockets;
using System.Text.Json;

namespace Redoubt.Respond;

/// <summary>One caller: reads its requests and writes the answers in the order in which they are done.</summary>
/// <remarks>At most <see cref="MaxOpenRequests"/> are open at once; a caller that does not read its answers is not read either.</remarks>
internal sealed class EnforcerConnection(Socket socket, FirewallResponder responder, Action<Exception> onBug) : IDisposable
{
    internal const int MaxOpenRequests = 256;

    private readonly SemaphoreSlim writing = new(1, 1);
    private readonly SemaphoreSlim open = new(MaxOpenRequests, MaxOpenRequests);

    /// <summary>Serves the caller until it closes or breaks the connection, or the enforcer ends; open requests are finished then.</summary>
    internal async Task ServeAsync(CancellationToken ending)
    {
        try
        {
            var lines = new LineReader(socket, EnforceJson.MaxLineBytes);
            while (true)
            {
                var result = await lines.ReadAsync(ending).ConfigureAwait(false);
                if (result == LineReader.Result.End)
                    break;

                await open.WaitAsync(ending).ConfigureAwait(false);
                _ = AnswerAsync(result == LineReader.Result.TooLong
                    ? Refuse(0, $"a line is longer than {EnforceJson.MaxLineBytes} bytes")
                    : Begin(lines.Line.Span));
            }
        }
        catch (Exception e) when (e is SocketException or OperationCanceledException or ObjectDisposedException)
        {
            // The caller is gone, or we are ending; either way nothing more is read.
        }

        for (var i = 0; i < MaxOpenRequests; i++)
            await open.WaitAsync(CancellationToken.None).ConfigureAwait(false);
    }

    /// <summary>Tells a caller why it is not served.</summary>
    internal async Task TurnAwayAsync(string reason) => await WriteAsync(await Refuse(0, reason).ConfigureAwait(false)).ConfigureAwait(false);

    public void Dispose()
    {
        socket.Dispose();
        writing.Dispose();
        open.Dispose();
    }

    private static Task<IReadOnlyList<EnforceReply>> Refuse(long id, string reason) =>
        Task.FromResult<IReadOnlyList<EnforceReply>>([new EnforceReply { Id = id, Outcome = EnforceOutcome.Refused, Reason = reason }]);

    /// <summary>Carries the request out as far as it goes without waiting: the order of requests is the order of changes.</summary>
    private Task<IReadOnlyList<EnforceReply>> Begin(ReadOnlySpan<byte> line) =>
        RequestReader.TryRead(line, out var order, out var id, out var problem) && order is not null
            ? responder.AnswerAsync(order)
            : Refuse(id, problem ?? "not a request");

    private async Task AnswerAsync(Task<IReadOnlyList<EnforceReply>> answer)
    {
        try
        {
            await WriteAsync(await answer.ConfigureAwait(false)).ConfigureAwait(false);
        }
        catch (Exception e)
        {
            // Nobody would answer this request any more: its caller learns that by the end of the connection.
            onBug(e);
            socket.Dispose();
        }
        finally
        {
            open.Release();
        }
    }

    private async Task WriteAsync(IReadOnlyList<EnforceReply> replies)
    {
        await writing.WaitAsync(CancellationToken.None).ConfigureAwait(false);
        try
        {
            foreach (var reply in replies)
            {
                var line = JsonSerializer.SerializeToUtf8Bytes(reply, EnforceJson.Default.EnforceReply);
                Array.Resize(ref line, line.Length + 1);
                line[^1] = (byte)'\n';
                for (var sent = 0; sent < line.Length;)
                    sent += await socket.SendAsync(line.AsMemory(sent), SocketFlags.None).ConfigureAwait(false);
            }
        }
        catch (Exception e) when (e is SocketException or ObjectDisposedException)
        {
            // The caller is gone. What it asked for has been done and logged; it can read the kernel's state when it comes back.
        }
        finally
        {
            writing.Release();
        }
    }
}
