using System.Net.Sockets;
using Microsoft.Extensions.Logging;
using Redoubt.Respond;

namespace Redoubt.Agent.Blocks;

/// <summary>The connection to this host's enforcer, made again whenever it breaks.</summary>
/// <remarks>Threads: safe. A call without an enforcer ends at once with <see cref="NotThere"/>; <see cref="Connected"/> is raised after each
/// connection, so that the block keeper can look at every block again.</remarks>
internal sealed class Enforcement(string socketPath, TimeProvider time, ILogger log) : IEnforcement, IAsyncDisposable
{
    internal const string NotThere = "no enforcer";
    private static readonly TimeSpan FirstRetry = TimeSpan.FromMilliseconds(100);
    private static readonly TimeSpan LongestRetry = TimeSpan.FromSeconds(2);

    private volatile EnforcerClient? _client;
    private long _lastIncident;

    /// <inheritdoc/>
    public event Action? Connected;

    /// <summary>Raised when <see cref="IsConnected"/> changed.</summary>
    internal event Action? Changed;

    /// <summary>Raised when the enforcer has had to repair the firewall; the reply tells what.</summary>
    internal event Action<EnforceReply>? Repaired;

    /// <summary>Whether an enforcer is there.</summary>
    internal bool IsConnected => _client is not null;

    /// <summary>Keeps the connection until cancelled.</summary>
    internal async Task RunAsync(CancellationToken stopping)
    {
        var retry = FirstRetry;
        var told = false;
        while (!stopping.IsCancellationRequested)
        {
            try
            {
                var client = await EnforcerClient.ConnectAsync(socketPath, stopping);
                await using (client.ConfigureAwait(false))
                {
                    _client = client;
                    (retry, told) = (FirstRetry, false);
                    log.EnforcerConnected();
                    Connected?.Invoke();
                    Changed?.Invoke();
                    await WatchAsync(client, stopping);
                    await client.Closed.WaitAsync(stopping);
                    _client = null;
                    Changed?.Invoke();
                    log.EnforcerGone();
                }
            }
            catch (SocketException e)
            {
                if (!told)
                    log.EnforcerMissing(socketPath, e.SocketErrorCode);

                told = true;
            }
            catch (OperationCanceledException)
            {
                break;
            }

            await DelayAsync(retry, stopping);
            retry = retry * 2 < LongestRetry ? retry * 2 : LongestRetry;
        }

        _client = null;
    }

    /// <inheritdoc/>
    public async Task<EnforceReply?> SendAsync(EnforceRequest request, CancellationToken stopping)
    {
        if (_client is not { } client)
            return null;

        try
        {
            return await client.SendAsync(request, stopping);
        }
        catch (IOException)
        {
            // It went away: RunAsync says so and connects again, and the caller tries again after Connected.
            return null;
        }
    }

    public async ValueTask DisposeAsync()
    {
        if (_client is { } client)
            await client.DisposeAsync();
    }

    // One question is always open; the answer is the next incident.
    private async Task WatchAsync(EnforcerClient client, CancellationToken stopping)
    {
        try
        {
            while (true)
            {
                var reply = await client.SendAsync(new EnforceRequest { Verb = EnforceVerb.Watch, After = _lastIncident }, stopping);
                if (reply.Outcome != EnforceOutcome.Ok)
                {
                    log.RepairsUntold(reply.Reason);
                    return;
                }

                _lastIncident = reply.Incident;
                log.FirewallRepaired(reply.Reason);
                Repaired?.Invoke(reply);
            }
        }
        catch (IOException)
        {
            // The connection has ended; the caller makes a new one.
        }
    }

    private async Task DelayAsync(TimeSpan delay, CancellationToken stopping)
    {
        try
        {
            await Task.Delay(delay, time, stopping);
        }
        catch (OperationCanceledException)
        {
            // The loop's condition ends it.
        }
    }
}
