using System.Net.Sockets;
using System.Threading.Channels;
using Google.Protobuf;
using Microsoft.Extensions.Logging;
using Redoubt.Collect;
using Redoubt.Config;
using Redoubt.Model;
using Redoubt.Transport.Protocol;

namespace Redoubt.App.Manager;

/// <summary>Brings lines from the network to the analysis: as lines of the manager's host, with the sender as location.</summary>
/// <remarks>They cannot be asked for again, so they wait in memory, at most <see cref="Room"/> of them; connections wait while that is full, datagrams are lost and
/// counted. Threads: one task hands on; receivers come from any.</remarks>
internal sealed class SyslogIntake : IAsyncDisposable
{
    private const int Room = 16_384;
    private const int LinesTogether = 512;

    private readonly Channel<SyslogLine> _lines = Channel.CreateBounded<SyslogLine>(
        new BoundedChannelOptions(Room) { SingleReader = true }
    );
    private readonly CancellationTokenSource _ending = new();
    private readonly AgentSession _session;
    private readonly TimeProvider _time;
    private readonly ILogger _log;
    private readonly string _start;
    private readonly List<(RemoteSyslogOptions Options, SyslogReceiver Receiver)> _receivers = [];
    private ulong _position;

    internal SyslogIntake(TimeProvider time, ILogger log)
    {
        (_time, _log) = (time, log);
        _session = new AgentSession(new AgentIdentity("000", Environment.MachineName, null), [], _ending);

        // Positions are those of this start: nothing of an earlier one can come again.
        _start = $"network:{time.GetUtcNow().ToUnixTimeMilliseconds()}";
    }

    /// <summary>Lines taken, datagrams lost for want of room, and senders that were refused.</summary>
    internal (long Received, long Shed, long Refused) Counts =>
        (_receivers.Sum(r => r.Receiver.Received), _receivers.Sum(r => r.Receiver.Shed), _receivers.Sum(r => r.Receiver.Refused));

    /// <summary>Opens the ports of the configuration (below 1024 only as long as we are root: at the start), and closes those that are no longer in it.</summary>
    /// <returns>What cannot be opened and why; empty when all is well.</returns>
    internal async Task<IReadOnlyList<string>> UseAsync(IReadOnlyList<RemoteSyslogOptions> wanted)
    {
        var problems = new List<string>();
        foreach (var open in _receivers.Where(r => !wanted.Contains(r.Options)).ToArray())
        {
            await open.Receiver.DisposeAsync();
            _receivers.Remove(open);
        }

        foreach (var options in wanted.Where(w => _receivers.TrueForAll(r => r.Options != w)))
        {
            try
            {
                _receivers.Add((options, Open(options)));
                _log.LogInformation("Syslog lines of other hosts are taken on port {Port}", options.Port);
            }
            catch (SocketException e)
            {
                problems.Add($"port {options.Port} for syslog cannot be opened: {e.Message}");
                _log.LogError("Port {Port} for syslog cannot be opened: {Reason}", options.Port, e.Message);
            }
        }

        return problems;
    }

    /// <summary>Hands lines on until cancelled.</summary>
    internal async Task RunAsync(Analysis analysis, CancellationToken stopping)
    {
        try
        {
            while (await _lines.Reader.WaitToReadAsync(stopping))
            {
                await analysis.AddAsync(new ReceivedBatch(_session, NextBatch()), stopping);

                // The answer comes when the lines are processed: until then newer ones wait where they can be counted.
                await _session.Outgoing.ReadAsync(stopping);
            }
        }
        catch (OperationCanceledException) when (stopping.IsCancellationRequested)
        {
            // The manager ends.
        }
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var (_, receiver) in _receivers)
            await receiver.DisposeAsync();

        _ending.Dispose();
    }

    private SyslogReceiver Open(RemoteSyslogOptions options) =>
        new(
            new SyslogReceiverOptions
            {
                Address = options.Address ?? System.Net.IPAddress.IPv6Any,
                Port = options.Port,
                TakesUdp = options.Udp,
                TakesTcp = options.Tcp,
                Allowed = options.Allowed,
                Denied = options.Denied,
            },
            line => _lines.Writer.WriteAsync(line, _ending.Token),
            _lines.Writer.TryWrite,
            _time,
            _log
        );

    private LineBatch NextBatch()
    {
        var batch = new LineBatch();
        SourceLines? source = null;
        for (var count = 0; count < LinesTogether && _lines.Reader.TryRead(out var line); count++)
        {
            var location = line.Sender.ToString();
            if (source?.Location != location)
            {
                source = new SourceLines
                {
                    Source = "syslog",
                    File = _start,
                    Location = location,
                    Format = "syslog",
                };
                batch.Sources.Add(source);
            }

            source.Lines.Add(
                new Line
                {
                    End = ++_position,
                    Arrival = line.ArrivalUnixMilliseconds,
                    Text = UnsafeByteOperations.UnsafeWrap(line.Text),
                    Origin = Origin.Network,
                }
            );
        }

        return batch;
    }
}
