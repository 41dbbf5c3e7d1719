using System.Collections.Concurrent;
using Microsoft.Extensions.Logging;
using Redoubt.Show;
using Redoubt.Transport.Protocol;

namespace Redoubt.App.Manager;

/// <summary>Restarts of agents that people asked for, until each agent is back.</summary>
/// <remarks>An agent is back when its newest connection tells another start of its process. Threads: safe.</remarks>
internal sealed class AgentRestarts(TimeProvider time, ILogger log)
{
    private static readonly TimeSpan BackWithin = TimeSpan.FromSeconds(40);

    private readonly ConcurrentDictionary<string, Waiting> _waiting = new(StringComparer.Ordinal);

    /// <summary>Asks an agent to restart, and waits until it is back.</summary>
    /// <exception cref="RequestRefusedException">It is being restarted already.</exception>
    internal async Task<RestartView> RestartAsync(AgentSession session)
    {
        var (id, name) = (session.Identity.Id, session.Identity.Name);
        var waiting = new Waiting(session.Started);
        if (!_waiting.TryAdd(id, waiting))
            throw new RequestRefusedException($"Agent {id} ({name}) is being restarted already.", isUsage: false);

        var began = time.GetTimestamp();
        log.AskedToRestart(id, name);
        session.Send(new ManagerMessage { Restart = new Restart() });
        try
        {
            var outcome = await waiting.Outcome.Task.WaitAsync(BackWithin, time);
            return new RestartView(id, name, outcome, null, Math.Round(time.GetElapsedTime(began).TotalSeconds, 1));
        }
        catch (TimeoutException)
        {
            var reason = waiting.Ends ? "it ended and has not come back; see its supervisor" : "it did not answer; see its log";
            return new RestartView(id, name, "failed", reason, BackWithin.TotalSeconds);
        }
        finally
        {
            _waiting.TryRemove(id, out _);
        }
    }

    /// <summary>An agent's answer, before it ends or instead of it.</summary>
    internal void Take(AgentSession session, RestartReport report)
    {
        if (!_waiting.TryGetValue(session.Identity.Id, out var waiting))
            return;

        waiting.Ends = report.Ends;
        if (!report.Ends)
            waiting.Outcome.TrySetResult("reloaded");
    }

    /// <summary>An agent has connected.</summary>
    internal void Connected(AgentSession session)
    {
        if (_waiting.TryGetValue(session.Identity.Id, out var waiting) && waiting.Started != session.Started)
            waiting.Outcome.TrySetResult("restarted");
    }

    private sealed class Waiting(long started)
    {
        internal long Started { get; } = started;

        internal bool Ends { get; set; }

        internal TaskCompletionSource<string> Outcome { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);
    }
}
