using System.Net.Sockets;
using System.Threading.Channels;
using Grpc.Core;
using Microsoft.Extensions.Logging;
using Redoubt.Agent.Blocks;
using Redoubt.Agent.Join;
using Redoubt.Agent.Lines;
using Redoubt.Host;
using Redoubt.Transport.Certificates;
using Redoubt.Transport.Link;
using Redoubt.Transport.Protocol;

namespace Redoubt.Agent.Link;

/// <summary>The stream to a manager: lines and reports out; acknowledgements, orders and configuration in. Made again when it breaks.</summary>
/// <remarks>Reconnects with a growing, jittered pause over the list of managers. Batches without an acknowledgement are sent again;
/// the manager recognises lines it had. Threads: one task runs it; <see cref="Report"/> may be called from anywhere.</remarks>
internal sealed class ManagerLink(
    IReadOnlyList<ManagerAddress> managers,
    string credentialsFolder,
    LineQueue lines,
    UnacknowledgedBatches unacknowledged,
    TimeProvider time,
    ILogger log
) : IBlockReports
{
    private static readonly TimeSpan FirstPause = TimeSpan.FromMilliseconds(250);
    private static readonly TimeSpan LongestPause = TimeSpan.FromSeconds(15);

    private static readonly TimeSpan LookForRenewal = TimeSpan.FromHours(1);
    private static readonly TimeSpan FirstPauseRefused = TimeSpan.FromMinutes(1);
    private static readonly TimeSpan LongestPauseRefused = TimeSpan.FromMinutes(15);
    internal static readonly TimeSpan LongestFarewell = TimeSpan.FromSeconds(2);

    // The sender takes it out again: it shows that messages come through.
    private static readonly AgentMessage Nudge = new();

    private volatile Channel<AgentMessage>? _outgoing;
    private volatile bool _isEnding;
    private int _next;

    /// <summary>Beats as long as messages come through.</summary>
    internal required LoopPulse Pulse { get; init; }

    /// <summary>Lets a message of no meaning come through; without a stream there is nothing to come through.</summary>
    internal void NudgeSender()
    {
        if (!Send(Nudge))
            Pulse.Beat();
    }

    /// <summary>Whether there is a stream.</summary>
    internal bool IsConnected => _outgoing is not null;

    /// <summary>Makes the hello of a new stream.</summary>
    internal required Func<Hello> Hello { get; init; }

    /// <summary>Takes what the manager says.</summary>
    internal required Action<ManagerMessage> Received { get; init; }

    /// <summary>Takes the manager's welcome and the address used.</summary>
    internal required Action<Welcome> Welcomed { get; init; }

    /// <inheritdoc/>
    public void Report(BlockReport report) => Send(new AgentMessage { Report = report });

    /// <summary>Sends a message when connected; false when there is no stream now.</summary>
    internal bool Send(AgentMessage message) => _outgoing?.Writer.TryWrite(message) == true;

    /// <summary>Sends what is queued, closes the stream and makes no other.</summary>
    /// <returns>False when there is none.</returns>
    internal bool EndInOrder()
    {
        _isEnding = true;
        return _outgoing?.Writer.TryComplete() == true;
    }

    /// <summary>Keeps a stream until cancelled, or until it is to end.</summary>
    internal async Task RunAsync(CancellationToken stopping)
    {
        var (pause, refusedPause) = (FirstPause, FirstPauseRefused);
        string? told = null;
        while (!stopping.IsCancellationRequested && !_isEnding)
        {
            var manager = managers[_next++ % managers.Count];
            var (connected, refused) = (false, false);
            try
            {
                await ConnectAsync(manager, () => connected = true, stopping);
            }
            catch (Exception e) when (RefusalOf(e) is { } reason && !stopping.IsCancellationRequested)
            {
                refused = true;
                RefusalNote.Write(credentialsFolder, reason);
                log.Refused(manager, reason, (int)refusedPause.TotalSeconds);
                told = null;
            }
            catch (Exception e)
                when (e
                        is RpcException
                            or IOException
                            or SocketException
                            or HttpRequestException
                            or ChannelClosedException
                            or OperationCanceledException
                            or System.Security.Cryptography.CryptographicException
                )
            {
                if (stopping.IsCancellationRequested || _isEnding)
                    return;

                var problem = Explain(manager, e);
                if (!string.Equals(told, problem, StringComparison.Ordinal))
                    log.LinkBroken(problem);

                told = problem;
            }
            finally
            {
                _outgoing = null;
                Pulse.Beat();
            }

            if (refused)
            {
                await PauseAsync(refusedPause, stopping);
                refusedPause = Longer(refusedPause, LongestPauseRefused);
                continue;
            }

            if (connected)
                (pause, refusedPause, told) = (FirstPause, FirstPauseRefused, null);

            await PauseAsync(pause, stopping);
            pause = Longer(pause, LongestPause);
        }
    }

    private static TimeSpan Longer(TimeSpan pause, TimeSpan longest) => pause * 2 < longest ? pause * 2 : longest;

    private static string? RefusalOf(Exception e) =>
        e switch
        {
            RefusedByManagerException => e.Message,
            RpcException { StatusCode: StatusCode.PermissionDenied or StatusCode.Unauthenticated } rpc => rpc.Status.Detail,
            _ => null,
        };

    private async Task ConnectAsync(ManagerAddress manager, Action connected, CancellationToken stopping)
    {
        using var credentials =
            AgentCredentials.Load(credentialsFolder) ?? throw new IOException($"The certificate in {credentialsFolder} has gone");
        using var channel = ManagerChannel.ForAgent(manager, credentials, time);
        using var ending = CancellationTokenSource.CreateLinkedTokenSource(stopping);
        using var call = new Fleet.FleetClient(channel).Connect(cancellationToken: ending.Token);
        var outgoing = Channel.CreateUnbounded<AgentMessage>(new UnboundedChannelOptions { SingleReader = true });
        await call.RequestStream.WriteAsync(new AgentMessage { Hello = Hello() }, stopping);
        if (!await call.ResponseStream.MoveNext(stopping) || call.ResponseStream.Current.Welcome is not { } welcome)
            throw new IOException("The manager did not answer the greeting");

        connected();
        RefusalNote.Remove(credentialsFolder);
        log.Connected(manager, welcome.AgentId, welcome.Name);
        var inFlight = new SemaphoreSlim(WireLimits.BatchesInFlight);
        var news = new SemaphoreSlim(0);
        lines.BecameLarge = () => news.Release();
        _outgoing = outgoing;
        // What the host is like goes before its lines: their alerts name its labels.
        Welcomed(welcome);
        foreach (var batch in unacknowledged.Renumber())
        {
            inFlight.Wait(0, CancellationToken.None);
            outgoing.Writer.TryWrite(new AgentMessage { Lines = batch });
        }

        var reading = ReadAsync(call, inFlight, news, ending.Token);
        var tasks = new[]
        {
            WriteAsync(call, outgoing.Reader, ending.Token),
            PumpLinesAsync(outgoing.Writer, inFlight, news, ending.Token),
            reading,
            RenewAsync(outgoing.Writer, ending.Token),
        };
        var first = await Task.WhenAny(tasks);
        // The manager closes its side when it has read everything.
        if (_isEnding)
            await Task.WhenAny(reading, Task.Delay(LongestFarewell, time, stopping));

        await ending.CancelAsync();
        await Task.WhenAll(tasks.Select(t => t.ContinueWith(_ => { }, TaskScheduler.Default)));
        await first;
    }

    private async Task WriteAsync(
        AsyncDuplexStreamingCall<AgentMessage, ManagerMessage> call,
        ChannelReader<AgentMessage> outgoing,
        CancellationToken stopping
    )
    {
        await foreach (var message in outgoing.ReadAllAsync(stopping))
        {
            Pulse.Beat();
            if (ReferenceEquals(message, Nudge))
                continue;

            // A manager that stands still holds the sender up; the stream ends when it does so for too long.
            using (Pulse.Outside())
                await call.RequestStream.WriteAsync(message, stopping);
        }

        await call.RequestStream.CompleteAsync();
    }

    // A stream may last for months: the certificate is renewed while it lives.
    private async Task RenewAsync(ChannelWriter<AgentMessage> outgoing, CancellationToken stopping)
    {
        while (true)
        {
            TimeSpan pause;
            using (var credentials = AgentCredentials.Load(credentialsFolder))
            {
                if (credentials is null)
                    throw new IOException($"The certificate in {credentialsFolder} has gone");

                if (credentials.IsDueForRenewal(time.GetUtcNow()))
                    AskForRenewal(outgoing);

                pause = credentials.Lifetime / 16;
            }

            await Task.Delay(pause < LookForRenewal ? pause : LookForRenewal, time, stopping);
        }
    }

    // A disk that refuses must not end the stream: there is half a lifetime for further tries.
    private void AskForRenewal(ChannelWriter<AgentMessage> outgoing)
    {
        try
        {
            outgoing.TryWrite(new AgentMessage { Renewal = ByteStringOf(Renewal.CreateRequest(credentialsFolder)) });
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            log.RenewalFailed(e.Message);
        }
    }

    private void TakeRenewed(EnrolReply issued)
    {
        try
        {
            if (Renewal.Complete(credentialsFolder, issued))
                log.Renewed();
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            log.RenewalNotStored(e.Message);
        }
    }

    private async Task PumpLinesAsync(
        ChannelWriter<AgentMessage> outgoing,
        SemaphoreSlim inFlight,
        SemaphoreSlim news,
        CancellationToken stopping
    )
    {
        var sequence = (ulong)unacknowledged.Count;
        while (true)
        {
            await inFlight.WaitAsync(stopping);
            while (unacknowledged.Count >= WireLimits.SmallBatchesInFlight && !lines.IsLarge)
                await news.WaitAsync(stopping);

            var batch = await lines.TakeAsync(stopping);
            batch.Sequence = ++sequence;
            // From here on the batch is kept until it is acknowledged, whatever becomes of the stream.
            unacknowledged.Add(batch);
            await outgoing.WriteAsync(new AgentMessage { Lines = batch }, stopping);
        }
    }

    private async Task ReadAsync(
        AsyncDuplexStreamingCall<AgentMessage, ManagerMessage> call,
        SemaphoreSlim inFlight,
        SemaphoreSlim news,
        CancellationToken stopping
    )
    {
        while (await call.ResponseStream.MoveNext(stopping))
        {
            var message = call.ResponseStream.Current;
            switch (message.BodyCase)
            {
                case ManagerMessage.BodyOneofCase.Ack:
                    if (unacknowledged.Acknowledge(message.Ack.Sequence) is var count and > 0)
                    {
                        inFlight.Release(count);
                        news.Release();
                    }

                    break;
                case ManagerMessage.BodyOneofCase.Renewed:
                    TakeRenewed(message.Renewed);
                    break;
                case ManagerMessage.BodyOneofCase.Revoked:
                    throw new RefusedByManagerException(message.Revoked.Reason);
                default:
                    Received(message);
                    break;
            }
        }
    }

    private string Explain(ManagerAddress manager, Exception e) =>
        e switch
        {
            RpcException { Status.DebugException: { } inner } when IsClockProblem(inner) =>
                $"Manager {manager} shows a certificate that is not valid at this time: this host's clock says {time.GetUtcNow():yyyy-MM-dd HH:mm} UTC; set it right, on both hosts",
            RpcException { Status.DebugException: { } inner } => $"Manager {manager} cannot be reached: {Innermost(inner)}",
            RpcException rpc => $"The connection to manager {manager} ended: {rpc.Status.Detail}",
            _ => $"The connection to manager {manager} ended: {Innermost(e)}",
        };

    private static bool IsClockProblem(Exception e) =>
        Innermost(e)
            .Contains(nameof(System.Security.Cryptography.X509Certificates.X509ChainStatusFlags.NotTimeValid), StringComparison.Ordinal);

    private static string Innermost(Exception e)
    {
        while (e.InnerException is { } inner)
            e = inner;

        return e.Message.TrimEnd('.');
    }

    private static Google.Protobuf.ByteString ByteStringOf(byte[] bytes) => Google.Protobuf.ByteString.CopyFrom(bytes);

    private async Task PauseAsync(TimeSpan pause, CancellationToken stopping)
    {
        try
        {
            // Up to half of it more: agents of a fleet must not come back all at once.
            await Task.Delay(pause * (1 + (Random.Shared.NextDouble() / 2)), time, stopping);
        }
        catch (OperationCanceledException)
        {
            // The loop's condition ends it.
        }
    }
}
