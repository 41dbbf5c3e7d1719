using System.Net.Sockets;
using System.Security.Cryptography;
using System.Threading.Channels;
using Google.Protobuf;
using Microsoft.Extensions.Logging;
using Redoubt.Collect;
using Redoubt.Config;
using Redoubt.Model;
using Redoubt.Transport.Protocol;

namespace Redoubt.App.Manager;

/// <summary>Brings lines from the network to the analysis: as lines of the manager's host, with the sender as location.</summary>
/// <remarks>They cannot be asked for again, so they wait in a spool on disk; connections wait while that is full, datagrams are lost and
/// counted. Ports are opened first, when the process may still be root; they are heard from <see cref="Begin"/> on. Threads: one task hands on; receivers come from any.</remarks>
internal sealed class SyslogIntake : IAsyncDisposable
{
    private const int LinesTogether = 512;

    private readonly CancellationTokenSource _ending = new();
    private readonly AgentSession _session;
    private readonly TimeProvider _time;
    private readonly ILogger _log;
    private readonly Channel<Alarm> _alarms = Channel.CreateUnbounded<Alarm>();
    private readonly List<(RemoteSyslogOptions Options, SyslogReceiver Receiver)> _receivers = [];
    private SyslogSpool? _spool;

    internal SyslogIntake(TimeProvider time, ILogger log)
    {
        (_time, _log) = (time, log);
        _session = new AgentSession(AgentIdentity.ManagerHost(Environment.MachineName), [], _ending);
    }

    /// <summary>Lines that came, with those that an earlier start has left; of them processed; and lost for want of room.</summary>
    internal (long Received, long Processed, long Shed) Counts => _spool?.Counts ?? default;

    /// <summary>How full the spool is, percent.</summary>
    internal int SpoolPercent => _spool?.Percent ?? 0;

    /// <summary>Opens the spool and begins to receive; as the user that the process stays.</summary>
    /// <param name="folder">The spool's.</param>
    /// <param name="maxBytes">Its bound.</param>
    internal void Begin(string folder, long maxBytes)
    {
        _spool = new SyslogSpool(folder, maxBytes, level => _alarms.Writer.TryWrite(SpoolAlarm.OfNetwork(level)), _log);
        foreach (var (_, receiver) in _receivers)
            receiver.Start();
    }

    /// <summary>Opens the ports of the configuration (below 1024 only as long as we are root: at the start), closes those that are no longer in it,
    /// and reads the files for TLS of the others again.</summary>
    /// <returns>What cannot be opened and why; empty when all is well.</returns>
    internal async Task<IReadOnlyList<string>> UseAsync(IReadOnlyList<RemoteSyslogOptions> wanted)
    {
        var problems = new List<string>();
        foreach (var open in _receivers.Where(r => !wanted.Contains(r.Options)).ToArray())
        {
            await open.Receiver.DisposeAsync();
            _receivers.Remove(open);
        }

        foreach (var (options, receiver) in _receivers)
        {
            if (TryUseFiles(options, receiver) is { } problem)
            {
                problems.Add(problem);
                _log.SyslogNotOpened(problem);
            }
        }

        foreach (var options in wanted.Where(w => _receivers.TrueForAll(r => r.Options != w)))
        {
            if (TryOpen(options) is { } problem)
            {
                problems.Add(problem);
                _log.SyslogNotOpened(problem);
            }
            else
            {
                _log.SyslogOpened(options.Port);
            }
        }

        return problems;
    }

    /// <summary>Hands lines on until cancelled.</summary>
    internal async Task RunAsync(Analysis analysis, CancellationToken stopping)
    {
        try
        {
            var spool = _spool ?? throw new InvalidOperationException("Begin comes first");
            while (true)
            {
                await spool.WaitAsync(stopping);
                var (batch, end, count) = NextBatch(spool);
                if (count == 0)
                    continue;

                await analysis.AddAsync(new ReceivedBatch(_session, batch), stopping);

                // The answer comes when the lines are processed: until then they stay in the spool.
                await _session.Outgoing.ReadAsync(stopping);
                spool.Release(end, count);
                while (_alarms.Reader.TryRead(out var alarm))
                    await analysis.TellAsync(alarm, _session.Identity);
            }
        }
        catch (OperationCanceledException) when (stopping.IsCancellationRequested)
        {
            // The manager ends.
        }
    }

    public async ValueTask DisposeAsync()
    {
        await _ending.CancelAsync();
        foreach (var (_, receiver) in _receivers)
            await receiver.DisposeAsync();

        _spool?.Dispose();
        _ending.Dispose();
    }

    // Null when all is well.
    private string? TryOpen(RemoteSyslogOptions options)
    {
        try
        {
            var receiver = Open(options);
            _receivers.Add((options, receiver));
            if (_spool is not null)
                receiver.Start();

            return null;
        }
        catch (SocketException e)
        {
            return $"port {options.Port} for syslog cannot be opened: {e.Message}";
        }
        catch (Exception e) when (IsFileProblem(e))
        {
            return $"port {options.Port} for syslog cannot be opened: the files of <remote> for TLS cannot be used: {e.Message}";
        }
    }

    // Null when all is well. Certificates are renewed in place, under the same names.
    private static string? TryUseFiles(RemoteSyslogOptions options, SyslogReceiver receiver)
    {
        try
        {
            if (options.Tls is { } files)
                receiver.Use(Load(files));

            return null;
        }
        catch (Exception e) when (IsFileProblem(e))
        {
            return $"the files of <remote> for TLS on port {options.Port} cannot be used: {e.Message} What was read before stays in force";
        }
    }

    private static bool IsFileProblem(Exception e) =>
        e is IOException or UnauthorizedAccessException or CryptographicException or ArgumentException;

    private static SyslogTlsOptions Load(RemoteTlsFiles files) =>
        SyslogTlsOptions.Load(files.Certificate, files.Key, files.ClientAuthority);

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
                Tls = options.Tls is { } files ? Load(files) : null,
            },
            line => _spool!.TakeAsync(line, _ending.Token),
            line => _spool!.TryTake(line),
            _time,
            _log
        );

    private static (LineBatch Batch, long End, int Count) NextBatch(SyslogSpool spool)
    {
        var batch = new LineBatch();
        var (position, count) = (0L, 0);
        SourceLines? source = null;
        for (; count < LinesTogether && spool.TryRead(out var line, out var end); count++)
        {
            position = end;
            var location = line.Sender.ToString();
            if (source?.Location != location)
            {
                source = new SourceLines
                {
                    Source = "syslog",
                    File = "spool:" + spool.Id,
                    Location = location,
                    Format = "syslog",
                };
                batch.Sources.Add(source);
            }

            source.Lines.Add(
                new Line
                {
                    End = (ulong)end,
                    Arrival = line.ArrivalUnixMilliseconds,
                    Text = UnsafeByteOperations.UnsafeWrap(line.Text),
                    Origin = Origin.Network,
                }
            );
        }

        return (batch, position, count);
    }
}
