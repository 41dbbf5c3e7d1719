using System.Collections.Concurrent;
using System.Diagnostics;
using System.Security.Cryptography;
using Google.Protobuf;
using Grpc.Core;
using Grpc.Net.Client;
using Redoubt.Transport.Certificates;
using Redoubt.Transport.Link;
using Redoubt.Transport.Protocol;

namespace Redoubt.Bench.Measure;

/// <summary>A client that speaks as an agent does, over a TLS connection of its own, and reads no log.</summary>
/// <remarks>Threads: <see cref="SendAsync"/> one after the other; answers are read by a task of its own.</remarks>
internal sealed class SimulatedAgent : IDisposable
{
    private readonly GrpcChannel _channel;
    private readonly AsyncDuplexStreamingCall<AgentMessage, ManagerMessage> _call;
    private readonly ConcurrentDictionary<ulong, long> _sent = new();
    private readonly ConcurrentQueue<double> _delays;
    private ulong _sequence;
    private ulong _end;

    private SimulatedAgent(
        GrpcChannel channel,
        AsyncDuplexStreamingCall<AgentMessage, ManagerMessage> call,
        ConcurrentQueue<double> delays
    ) => (_channel, _call, _delays) = (channel, call, delays);

    /// <summary>Batches without an acknowledgement.</summary>
    public int Unacknowledged => _sent.Count;

    /// <summary>Enrols, and connects with the certificate.</summary>
    /// <param name="manager">Where.</param>
    /// <param name="token">Good for one more agent.</param>
    /// <param name="name">Its name.</param>
    /// <param name="folder">For its certificate.</param>
    /// <param name="enrolment">The connection that all enrol over.</param>
    /// <param name="delays">Gets the milliseconds from each batch to its acknowledgement.</param>
    public static async Task<SimulatedAgent> JoinAsync(
        ManagerAddress manager,
        EnrolmentToken token,
        string name,
        string folder,
        GrpcChannel enrolment,
        ConcurrentQueue<double> delays
    )
    {
        using (var key = ECDsa.Create(ECCurve.NamedCurves.nistP256))
        {
            var reply = await new Enrolment.EnrolmentClient(enrolment).EnrolAsync(
                new EnrolRequest
                {
                    Token = token.ToString(),
                    Request = ByteString.CopyFrom(AgentCredentials.CreateRequest(key)),
                    Name = name,
                }
            );
            AgentCredentials.Save(folder, reply.Certificate.ToByteArray(), reply.Authority.ToByteArray(), key);
        }

        var credentials = AgentCredentials.Load(folder)!;
        var channel = ManagerChannel.ForAgent(manager, credentials, TimeProvider.System);
        var call = new Fleet.FleetClient(channel).Connect();
        var agent = new SimulatedAgent(channel, call, delays);
        await call.RequestStream.WriteAsync(
            new AgentMessage
            {
                Hello = new Hello { Version = "bench", Os = "Linux" },
            }
        );
        if (!await call.ResponseStream.MoveNext(default) || call.ResponseStream.Current.Welcome is null)
            throw new InvalidOperationException($"{name} was not welcomed");

        await call.RequestStream.WriteAsync(new AgentMessage { Host = new HostState() });
        _ = agent.ReadAsync();
        return agent;
    }

    /// <summary>Sends lines as one batch.</summary>
    public Task SendAsync(IReadOnlyList<byte[]> lines)
    {
        var source = new SourceLines
        {
            Source = "file:/var/log/auth.log",
            File = "1:1:1",
            Location = "/var/log/auth.log",
            Format = "syslog",
        };
        var now = TimeProvider.System.GetUtcNow().ToUnixTimeMilliseconds();
        foreach (var line in lines)
            source.Lines.Add(
                new Line
                {
                    End = _end += (ulong)line.Length + 1,
                    Arrival = now,
                    Text = UnsafeByteOperations.UnsafeWrap(line),
                }
            );

        var batch = new LineBatch { Sequence = ++_sequence, Sources = { source } };
        _sent[_sequence] = Stopwatch.GetTimestamp();
        return _call.RequestStream.WriteAsync(new AgentMessage { Lines = batch });
    }

    public void Dispose()
    {
        _call.Dispose();
        _channel.Dispose();
    }

    private async Task ReadAsync()
    {
        var acknowledged = 0UL;
        try
        {
            while (await _call.ResponseStream.MoveNext(default))
            {
                if (_call.ResponseStream.Current.Ack is not { } ack)
                    continue;

                while (acknowledged < ack.Sequence)
                {
                    if (_sent.TryRemove(++acknowledged, out var at))
                        _delays.Enqueue(Stopwatch.GetElapsedTime(at).TotalMilliseconds);
                }
            }
        }
        catch (RpcException e) when (e.StatusCode == StatusCode.Cancelled)
        {
            // The measurement is over.
        }
    }
}
