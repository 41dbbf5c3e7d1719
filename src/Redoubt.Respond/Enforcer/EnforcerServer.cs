using System.Globalization;
using System.Net.Sockets;
using Microsoft.Extensions.Logging;
using Redoubt.Respond.Firewall.Connections;
using Redoubt.Respond.Firewall.Nftables;
using Redoubt.Respond.Keeping;
using Redoubt.Respond.NeverBlock;
using Redoubt.Respond.Scripts;

namespace Redoubt.Respond;

/// <summary>The enforcer: serves the Unix socket of a home and holds this host's firewall.</summary>
/// <remarks>
/// Privilege: needs CAP_NET_ADMIN, and may write into the home. It believes nobody: callers are known by the kernel's word, requests are checked field
/// by field, and what must not be blocked is found out on the host itself.
/// Threads: start and stop are called once. Blocks outlive it: the kernel ends them on time.
/// </remarks>
public sealed partial class EnforcerServer : IAsyncDisposable
{
    internal const int MaxConnections = 16;
    private const int CapabilityNetAdmin = 12;
    private static readonly TimeSpan EndGrace = TimeSpan.FromSeconds(5);

    private readonly EnforcerOptions options;
    private readonly ILogger logger;
    private readonly TimeProvider time;
    private readonly CancellationTokenSource ending = new();
    private readonly HashSet<Task> connections = [];
    private readonly List<IAsyncDisposable> parts = [];
    private EnforcerSocket? endpoint;
    private Responders? responders;
    private Task accepting = Task.CompletedTask;

    private EnforcerServer(EnforcerOptions options, ILogger logger, TimeProvider time)
    {
        this.options = options;
        this.logger = logger;
        this.time = time;
    }

    /// <summary>Called with every connection that is accepted; takes no time.</summary>
    public Action? Accepted { get; set; }

    /// <summary>Path of the socket that it serves.</summary>
    public string SocketPath => endpoint?.Path ?? "";

    /// <summary>Starts an enforcer: firewall table, log file, socket.</summary>
    /// <exception cref="EnforcerStartException">Something is missing; the message says what.</exception>
    public static async Task<EnforcerServer> StartAsync(EnforcerOptions options, ILogger logger, TimeProvider time)
    {
        if (!Directory.Exists(options.Home))
            throw new EnforcerStartException($"the home {options.Home} is not a folder");

        // The path is compared and shown; a link to the home is followed once, here.
        var home = Directory.ResolveLinkTarget(options.Home, returnFinalTarget: true)?.FullName ?? Path.GetFullPath(options.Home);
        var server = new EnforcerServer(options with { Home = Path.TrimEndingDirectorySeparator(home) }, logger, time);
        try
        {
            server.Start();
            return server;
        }
        catch
        {
            await server.DisposeAsync().ConfigureAwait(false);
            throw;
        }
    }

    /// <summary>Ends it: no new requests, open ones are finished. Blocks stay.</summary>
    public async ValueTask DisposeAsync()
    {
        await ending.CancelAsync().ConfigureAwait(false);
        endpoint?.Dispose();
        await accepting.ConfigureAwait(false);
        Task[] open;
        lock (connections)
            open = [.. connections];
        await Task.WhenAny(Task.WhenAll(open), Task.Delay(EndGrace, time)).ConfigureAwait(false);
        foreach (var part in Enumerable.Reverse(parts))
            await part.DisposeAsync().ConfigureAwait(false);
        ending.Dispose();
    }

    private void Start()
    {
        if (!HoldsNetAdmin())
            throw new EnforcerStartException("the enforcer changes the firewall: start it as root, or with CAP_NET_ADMIN");

        // The socket first: what follows would disturb another enforcer of the same home.
        endpoint = EnforcerSocket.Open(options.Home);
        try
        {
            var responseLog = new ResponseLogFile(options.Home, time);
            responseLog.Create();
            var backEnds = Keep(new BackEnds(options, incident => Write(incident, responseLog), time, logger));
            var cutter = new ConnectionCutter(time);
            parts.Add(cutter);
            var neverBlock = Keep(new NeverBlockSet(options.Files, time));
            var scripts = new ScriptResponder(options.Home, neverBlock, responseLog, StockParts.All(options), logger);
            parts.Add(scripts);
            responders = new Responders(new FirewallResponder(backEnds, cutter, neverBlock, responseLog, logger), scripts);
        }
        catch (FirewallSetupException e)
        {
            throw new EnforcerStartException($"the firewall cannot be used: {e.Message}", e);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new EnforcerStartException(e.Message, e);
        }

        accepting = AcceptAsync(endpoint.Listener, responders);
        Log.Started(logger, endpoint.Path, typeof(EnforcerServer).Assembly.GetName().Version?.ToString(3));
    }

    private void Write(Incident incident, ResponseLogFile responseLog)
    {
        try
        {
            responseLog.Write(incident);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            Log.IncidentNotLogged(logger, e.Message);
        }
    }

    private T Keep<T>(T part)
        where T : IDisposable
    {
        parts.Add(new Owned(part));
        return part;
    }

    private async Task AcceptAsync(Socket listener, Responders serving)
    {
        while (!ending.IsCancellationRequested)
        {
            try
            {
                var socket = await listener.AcceptAsync(ending.Token).ConfigureAwait(false);
                Accepted?.Invoke();
                bool isOverLimit;
                lock (connections)
                    isOverLimit = connections.Count >= MaxConnections;
                Track(ServeAsync(socket, serving, isOverLimit));
            }
            catch (Exception e) when (e is OperationCanceledException or ObjectDisposedException)
            {
                return;
            }
            catch (SocketException e) when (ending.IsCancellationRequested || e.SocketErrorCode == SocketError.OperationAborted)
            {
                return;
            }
            catch (SocketException e)
            {
                // No descriptor left, for instance: wait for one, instead of spinning.
                Log.NotAccepted(logger, e.Message);
                await Task.Delay(TimeSpan.FromMilliseconds(100), time, CancellationToken.None).ConfigureAwait(false);
            }
        }
    }

    private void Track(Task serving)
    {
        lock (connections)
        {
            connections.Add(serving);
        }

        _ = serving.ContinueWith(
            done =>
            {
                lock (connections)
                {
                    connections.Remove(done);
                }
            },
            CancellationToken.None,
            TaskContinuationOptions.ExecuteSynchronously,
            TaskScheduler.Default
        );
    }

    private async Task ServeAsync(Socket socket, Responders serving, bool isOverLimit)
    {
        // Off the accepting loop at once: a caller must not be able to hold it up.
        await Task.Yield();
        using var connection = new EnforcerConnection(socket, serving, bug => Log.ConnectionFailed(logger, bug));
        try
        {
            if (WhyNot(PeerCredentials.Of(socket), isOverLimit) is { } reason)
            {
                Log.TurnedAway(logger, reason);
                await connection.TurnAwayAsync(reason).ConfigureAwait(false);
                return;
            }

            await connection.ServeAsync(ending.Token).ConfigureAwait(false);
        }
        catch (SocketException)
        {
            // Gone before it said anything.
        }
        catch (Exception e)
        {
            // A bug costs one connection, not the firewall of the host.
            Log.ConnectionFailed(logger, e);
        }
    }

    private string? WhyNot(PeerCredentials peer, bool isOverLimit)
    {
        var agent = options.AgentUserId ?? PosixFile.Look(Path.Join(options.Home, "queue"))?.Owner;
        if (peer.UserId != 0 && peer.UserId != agent)
            return $"user {peer.UserId.ToString(CultureInfo.InvariantCulture)} (process {peer.ProcessId.ToString(CultureInfo.InvariantCulture)}) may not use this enforcer";

        return isOverLimit ? $"{MaxConnections} connections are open already" : null;
    }

    private static bool HoldsNetAdmin()
    {
        const string Key = "CapEff:";
        var line = File.ReadLines("/proc/self/status").FirstOrDefault(l => l.StartsWith(Key, StringComparison.Ordinal));
        return line is not null
            && ulong.TryParse(line.AsSpan(Key.Length).Trim(), NumberStyles.HexNumber, CultureInfo.InvariantCulture, out var held)
            && (held & (1UL << CapabilityNetAdmin)) != 0;
    }

    private sealed class Owned(IDisposable part) : IAsyncDisposable
    {
        public ValueTask DisposeAsync()
        {
            part.Dispose();
            return ValueTask.CompletedTask;
        }
    }
}
