using System.Buffers;
using System.Net.Sockets;
using System.Text.Json;
using System.Threading.Channels;

namespace Redoubt.Respond;

/// <summary>One caller: reads its requests and writes the answers in the order in which they are done.</summary>
/// <remarks>At most <see cref="MaxOpenRequests"/> are open at once; a caller that does not read its answers is not read either.
/// Answers that are ready together go out in one write.</remarks>
internal sealed class EnforcerConnection(Socket socket, Responders responders, Action<Exception> onBug) : IDisposable
{
    internal const int MaxOpenRequests = 256;
    private const int WriteBytes = 64 * 1024;

    private readonly SemaphoreSlim open = new(MaxOpenRequests, MaxOpenRequests);
    private readonly Channel<IReadOnlyList<EnforceReply>> answers = Channel.CreateUnbounded<IReadOnlyList<EnforceReply>>(
        new UnboundedChannelOptions { SingleReader = true }
    );

    /// <summary>Serves the caller until it closes or breaks the connection, or the enforcer ends; open requests are finished then.</summary>
    internal async Task ServeAsync(CancellationToken ending)
    {
        var writing = WriteAnswersAsync();
        using var leaving = CancellationTokenSource.CreateLinkedTokenSource(ending);
        try
        {
            var lines = new LineReader(socket, EnforceJson.MaxLineBytes);
            while (true)
            {
                var result = await lines.ReadAsync(ending).ConfigureAwait(false);
                if (result == LineReader.Result.End)
                    break;

                await open.WaitAsync(ending).ConfigureAwait(false);
                _ = AnswerAsync(
                    result == LineReader.Result.TooLong
                        ? Refuse(0, $"a line is longer than {EnforceJson.MaxLineBytes} bytes")
                        : Begin(lines.Line.Span, leaving.Token)
                );
            }
        }
        catch (Exception e) when (e is SocketException or OperationCanceledException or ObjectDisposedException)
        {
            // The caller is gone, or we are ending; either way nothing more is read.
        }

        // A watch would stay open for ever.
        await leaving.CancelAsync().ConfigureAwait(false);
        for (var i = 0; i < MaxOpenRequests; i++)
            await open.WaitAsync(CancellationToken.None).ConfigureAwait(false);
        answers.Writer.TryComplete();
        await writing.ConfigureAwait(false);
    }

    /// <summary>Tells a caller why it is not served.</summary>
    internal async Task TurnAwayAsync(string reason)
    {
        answers.Writer.TryWrite(await Refuse(0, reason).ConfigureAwait(false));
        answers.Writer.TryComplete();
        await open.WaitAsync(CancellationToken.None).ConfigureAwait(false);
        await WriteAnswersAsync().ConfigureAwait(false);
    }

    public void Dispose()
    {
        socket.Dispose();
        open.Dispose();
    }

    private static Task<IReadOnlyList<EnforceReply>> Refuse(long id, string reason) =>
        Task.FromResult<IReadOnlyList<EnforceReply>>([
            new EnforceReply
            {
                Id = id,
                Outcome = EnforceOutcome.Refused,
                Reason = reason,
            },
        ]);

    /// <summary>Carries the request out as far as it goes without waiting: the order of requests is the order of changes.</summary>
    private Task<IReadOnlyList<EnforceReply>> Begin(ReadOnlySpan<byte> line, CancellationToken leaving)
    {
        try
        {
            return RequestReader.TryRead(line, out var order, out var id, out var problem) && order is not null
                ? responders.AnswerAsync(order, leaving)
                : Refuse(id, problem ?? "not a request");
        }
        catch (Exception e)
        {
            return Task.FromException<IReadOnlyList<EnforceReply>>(e);
        }
    }

    private async Task AnswerAsync(Task<IReadOnlyList<EnforceReply>> answer)
    {
        try
        {
            answers.Writer.TryWrite(await answer.ConfigureAwait(false));
        }
        catch (OperationCanceledException)
        {
            // A watch whose caller has left.
            open.Release();
        }
        catch (Exception e)
        {
            // Nobody would answer this request any more: its caller learns that by the end of the connection.
            onBug(e);
            socket.Dispose();
            open.Release();
        }
    }

    private async Task WriteAnswersAsync()
    {
        var buffer = new ArrayBufferWriter<byte>();
        var isBroken = false;
        while (await answers.Reader.WaitToReadAsync().ConfigureAwait(false))
        {
            var answered = 0;
            while (buffer.WrittenCount < WriteBytes && answers.Reader.TryRead(out var replies))
            {
                answered++;
                foreach (var reply in replies)
                {
                    using (var writer = new Utf8JsonWriter(buffer))
                        JsonSerializer.Serialize(writer, reply, EnforceJson.Default.EnforceReply);
                    buffer.Write("\n"u8);
                    if (buffer.WrittenCount >= WriteBytes)
                        isBroken = isBroken || !await TrySendAsync(buffer).ConfigureAwait(false);
                }
            }

            isBroken = isBroken || !await TrySendAsync(buffer).ConfigureAwait(false);

            // Only now: whoever does not read its answers has no room for further requests.
            open.Release(answered);
        }
    }

    /// <summary>Sends what is in the buffer and empties it.</summary>
    /// <returns>False when the caller is gone. What it asked for has been done and logged; it can read the kernel's state when it comes back.</returns>
    private async Task<bool> TrySendAsync(ArrayBufferWriter<byte> buffer)
    {
        try
        {
            for (var sent = 0; sent < buffer.WrittenCount; )
                sent += await socket.SendAsync(buffer.WrittenMemory[sent..], SocketFlags.None).ConfigureAwait(false);
            return true;
        }
        catch (Exception e) when (e is SocketException or ObjectDisposedException)
        {
            return false;
        }
        finally
        {
            buffer.ResetWrittenCount();
        }
    }
}
