using System.Collections.Concurrent;
using Redoubt.Model;
using Redoubt.Store;

namespace Redoubt.App.Manager;

/// <summary>Tells of agents that come and go, as lines that rules 501 to 506 know.</summary>
/// <remarks>Who ends in order has stopped; who is cut off has disconnected when he is not back within a time, so that a hiccup of the network raises
/// nothing. Threads: safe. Source: agent-protocol.md 4.2.</remarks>
internal sealed class FleetEvents(Analysis analysis, AgentRegistry agents, Func<TimeSpan> disconnectionTime, TimeProvider time)
{
    private const string ManagerLocation = "redoubt-manager";
    private const string AgentLocation = "redoubt-agent";
    private static readonly TimeSpan LookEvery = TimeSpan.FromSeconds(1);

    private readonly ConcurrentDictionary<string, (AgentIdentity Agent, long Since)> _away = new(StringComparer.Ordinal);

    /// <summary>Tells that the manager has started, and from then on of agents that stay away, until cancelled.</summary>
    internal async Task RunAsync(CancellationToken stopping)
    {
        await analysis.TellAsync("ossec: Manager started.", AgentIdentity.ManagerHost(Environment.MachineName), ManagerLocation);
        foreach (var agent in agents.All().Where(a => a.LastSeen > 0))
            _away.TryAdd(agent.Id, (new AgentIdentity(agent.Id, agent.Name, agent.Address), time.GetTimestamp()));

        using var timer = new PeriodicTimer(LookEvery, time);
        try
        {
            while (await timer.WaitForNextTickAsync(stopping))
                await LookAsync();
        }
        catch (OperationCanceledException)
        {
            // The manager ends.
        }
    }

    /// <summary>Tells of agents that have been away for too long.</summary>
    internal async Task LookAsync()
    {
        foreach (var (id, (agent, since)) in _away)
        {
            if (time.GetElapsedTime(since) >= disconnectionTime() && _away.TryRemove(id, out _))
                await analysis.TellAsync($"ossec: Agent disconnected: '{agent.Name}-{AddressOf(agent)}'.", agent, ManagerLocation);
        }
    }

    /// <summary>An agent's process has started, and has just connected.</summary>
    internal async Task StartedAsync(AgentIdentity agent) =>
        await analysis.TellAsync($"ossec: Agent started: '{agent.Name}->{AddressOf(agent)}'.", agent, AgentLocation);

    /// <summary>An agent is connected.</summary>
    internal void Came(string id) => _away.TryRemove(id, out _);

    /// <summary>An agent is no longer connected.</summary>
    internal async Task WentAsync(AgentIdentity agent, bool inOrder)
    {
        if (agents.Find(agent.Id) is { IsRevoked: true })
            return;

        if (inOrder)
            await analysis.TellAsync($"ossec: Agent stopped: '{agent.Name}->{AddressOf(agent)}'.", agent, AgentLocation);
        else
            _away[agent.Id] = (agent, time.GetTimestamp());
    }

    /// <summary>An agent was removed from the fleet.</summary>
    internal async Task RemovedAsync(AgentIdentity agent)
    {
        _away.TryRemove(agent.Id, out _);
        await analysis.TellAsync($"ossec: Agent removed: '{agent.Name}-{AddressOf(agent)}'.", agent, ManagerLocation);
    }

    private static string AddressOf(AgentIdentity agent) => agent.Address ?? "any";
}
