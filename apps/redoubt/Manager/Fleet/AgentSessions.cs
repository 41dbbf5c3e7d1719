using System.Collections.Concurrent;

namespace Redoubt.App.Manager;

/// <summary>The agents that are connected now.</summary>
/// <remarks>Threads: safe. The newest connection of an agent wins; the older one is ended.</remarks>
internal sealed class AgentSessions
{
    private readonly ConcurrentDictionary<string, AgentSession> _byId = new(StringComparer.Ordinal);

    internal IEnumerable<AgentSession> All => _byId.Values;

    internal AgentSession? Find(string id) => _byId.GetValueOrDefault(id);

    internal void Add(AgentSession session)
    {
        AgentSession? former = null;
        _byId.AddOrUpdate(
            session.Identity.Id,
            session,
            (_, current) =>
            {
                former = current;
                return session;
            }
        );
        former?.End();
    }

    internal void Remove(AgentSession session) => _byId.TryRemove(new KeyValuePair<string, AgentSession>(session.Identity.Id, session));
}
