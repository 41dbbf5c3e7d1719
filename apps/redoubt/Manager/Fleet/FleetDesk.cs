using System.Text;
using Microsoft.Extensions.Logging;
using Redoubt.Model;
using Redoubt.Show;
using Redoubt.Store;
using Redoubt.Transport.Certificates;
using Redoubt.Transport.Protocol;

namespace Redoubt.App.Manager;

/// <summary>What people do to the fleet: add, show, restart and remove agents, and put them into groups.</summary>
/// <remarks>Threads: safe.</remarks>
internal sealed class FleetDesk(
    AgentRegistry agents,
    AgentSessions sessions,
    AgentRestarts restarts,
    GroupFiles groups,
    SharedConfigurations shared,
    SharedConfigs contents,
    FleetEvents events,
    CertificateAuthority authority,
    TimeProvider time,
    ILogger log
)
{
    private long Now => time.GetUtcNow().ToUnixTimeMilliseconds();

    /// <summary>The agents of the fleet; the manager's own host counts once an agent runs on it.</summary>
    internal IReadOnlyList<AgentRecord> Fleet() => [.. agents.All().Where(a => a.Id != AgentIdentity.ManagerHostId || a.LastSeen > 0)];

    internal IReadOnlyList<AgentView> All() => [.. Fleet().Select(View)];

    internal AgentView Show(string word) => View(Find(word));

    /// <summary>Adds an agent that no host uses yet, with a token for its host.</summary>
    /// <exception cref="RequestRefusedException">The name is taken or none, or a group does not exist.</exception>
    internal AddedAgentView Add(AddAgentRequest request)
    {
        if (!FleetNames.IsAgent(request.Name))
            throw new RequestRefusedException(FleetNames.AgentRule, isUsage: true);

        RequireGroups(request.Groups);
        var agent =
            agents.Prepare(request.Name, request.Groups, Now)
            ?? throw new RequestRefusedException(
                $"There is an agent '{request.Name}' already. A new token for it: redoubt agents token --agent {request.Name}",
                isUsage: false
            );
        log.AgentAdded(agent.Id, agent.Name);
        var token = Token(new TokenRequest(string.Join(',', request.Groups), 1, request.ExpiresSeconds, agent.Id));
        return new AddedAgentView(agent.Id, agent.Name, agent.Groups, token.Token, token.CaSha256, token.Expires);
    }

    /// <summary>Makes an enrolment token.</summary>
    /// <exception cref="RequestRefusedException">A group or the agent does not exist.</exception>
    internal TokenView Token(TokenRequest request)
    {
        var names = request.Group.Split(',', StringSplitOptions.TrimEntries);
        RequireGroups(names);
        var agent = request.Agent is { } word ? FindOther(word) : null;
        var token = EnrolmentToken.Create(authority.Fingerprint);
        var expires = Now + (request.ExpiresSeconds * 1000);
        agents.AddToken(token.SecretHash, names, agent is null ? request.Uses : 1, expires, agent?.Id);
        return new TokenView(token.ToString(), authority.Fingerprint, IsoTime.Of(expires));
    }

    /// <summary>Takes an agent out of the fleet; its connection ends now.</summary>
    internal async Task<AgentView> RemoveAsync(string word)
    {
        var agent = FindOther(word);
        if (!agents.Revoke(agent.Id, Now))
            throw new RequestRefusedException($"Agent {agent.Id} ({agent.Name}) was removed before.", isUsage: false);

        log.AgentRemoved(agent.Id, agent.Name);
        sessions.Find(agent.Id)?.EndWith(new ManagerMessage { Revoked = new Revoked { Reason = WhyRevoked(agents.Find(agent.Id)!) } });
        await events.RemovedAsync(new AgentIdentity(agent.Id, agent.Name, agent.Address));
        return View(agents.Find(agent.Id)!);
    }

    /// <summary>What a removed agent is told.</summary>
    internal static string WhyRevoked(AgentRecord agent) =>
        $"agent {agent.Id} ({agent.Name}) was removed from the fleet at {IsoTime.Of(agent.RevokedAt)}; enrol this host again with a token from 'redoubt agents token'";

    /// <summary>Restarts an agent's process.</summary>
    /// <exception cref="RequestRefusedException">It is not connected.</exception>
    internal Task<RestartView> RestartAsync(string word)
    {
        var agent = Find(word);
        return sessions.Find(agent.Id) is { } session
            ? restarts.RestartAsync(session)
            : throw new RequestRefusedException(
                $"Agent {agent.Id} ({agent.Name}) is not connected, so it cannot be asked.",
                isUsage: false
            );
    }

    /// <summary>The shared configuration an agent runs with.</summary>
    internal AgentConfigView Config(string word)
    {
        var agent = Find(word);
        var wanted = shared.WantedFor(agent.Groups);
        var content = agent.ConfigInForce is { } hash ? contents.Find(hash) : null;
        return new AgentConfigView(
            agent.Id,
            agent.Name,
            agent.Groups,
            ConfigState(agent, wanted),
            agent.ConfigInForce,
            wanted?.Sha256,
            agent.ConfigApplied is false ? agent.ConfigReason : null,
            agent.ConfigAt == 0 ? null : IsoTime.Of(agent.ConfigAt),
            content is null ? null : Encoding.UTF8.GetString(content)
        );
    }

    /// <summary>Every group, with its agents and what is wrong with its file.</summary>
    internal IReadOnlyList<GroupView> Groups()
    {
        var fleet = Fleet();
        return
        [
            .. groups
                .Names()
                .Union(fleet.SelectMany(a => a.Groups), StringComparer.Ordinal)
                .Select(name =>
                {
                    var file = groups.Of(name);
                    return new GroupView(
                        name,
                        [.. fleet.Where(a => a.Groups.Contains(name, StringComparer.Ordinal)).Select(a => a.Id)],
                        groups.PathOf(name),
                        file.IsValid,
                        file.Content is null ? null : shared.WantedFor([name])?.Sha256,
                        file.Problems
                    );
                }),
        ];
    }

    /// <summary>Puts an agent into groups; it gets their configuration at once.</summary>
    /// <exception cref="RequestRefusedException">A group or the agent does not exist.</exception>
    internal AgentView Assign(AssignRequest request)
    {
        var agent = Find(request.Agent);
        RequireGroups(request.Groups);
        IReadOnlyList<string> wanted = [.. (request.Append ? agent.Groups : []).Concat(request.Groups).Distinct(StringComparer.Ordinal)];
        agents.SetGroups(agent.Id, wanted);
        UseGroups(agents.Find(agent.Id)!);
        return View(agents.Find(agent.Id)!);
    }

    /// <summary>Takes all agents out of a group.</summary>
    internal IReadOnlyList<AgentView> RemoveGroup(string group)
    {
        if (string.Equals(group, AgentRegistry.DefaultGroup, StringComparison.Ordinal))
            throw new RequestRefusedException("The group 'default' is for agents that are in no other; it stays.", isUsage: false);

        var members = agents.DropGroup(group);
        foreach (var member in members)
            UseGroups(member);

        return [.. members.Select(View)];
    }

    private void UseGroups(AgentRecord agent)
    {
        log.AgentGrouped(agent.Id, agent.Name, string.Join(',', agent.Groups));
        if (sessions.Find(agent.Id) is not { } session)
            return;

        session.Groups = agent.Groups;
        shared.Offer(session);
    }

    private void RequireGroups(IReadOnlyList<string> names)
    {
        if (names.Count == 0 || names.Any(n => !FleetNames.IsGroup(n)))
            throw new RequestRefusedException(FleetNames.GroupRule, isUsage: true);

        if (names.FirstOrDefault(n => !groups.Exists(n)) is { } unknown)
            throw new RequestRefusedException($"There is no group '{unknown}'. Make it with: redoubt groups add {unknown}", isUsage: false);
    }

    private AgentRecord FindOther(string word)
    {
        var agent = Find(word);
        return agent.Id != AgentIdentity.ManagerHostId
            ? agent
            : throw new RequestRefusedException("Agent 000 is the manager's own host; it belongs to the manager.", isUsage: false);
    }

    private AgentRecord Find(string word) =>
        agents.FindNamed(word)
        ?? throw new RequestRefusedException($"There is no agent '{word}'. 'redoubt agents list' shows them.", isUsage: false);

    private static string ConfigState(AgentRecord agent, MergedConfiguration? wanted) =>
        wanted is null ? "invalid"
        : string.Equals(agent.ConfigInForce, wanted.Sha256, StringComparison.Ordinal) ? "applied"
        : agent.ConfigInForce is null && wanted.Content.Length == 0 ? "none"
        : agent.ConfigApplied is false && string.Equals(agent.ConfigSha256, wanted.Sha256, StringComparison.Ordinal) ? "failed"
        : "waiting";

    private AgentView View(AgentRecord agent)
    {
        var session = sessions.Find(agent.Id);
        return new AgentView(
            agent.Id,
            agent.Name,
            agent.Groups,
            StateOf(agent, session),
            agent.Address,
            agent.Version,
            agent.Os,
            session?.HasEnforcer ?? false,
            session is not null ? IsoTime.Of(Now) : Time(agent.LastSeen),
            IsoTime.Of(agent.Registered),
            agent.ConfigSha256,
            agent.ConfigApplied,
            agent.ConfigReason,
            session?.LinesReceived ?? 0,
            session?.BlocksDecided ?? 0,
            session?.BlocksEnforced ?? 0,
            session?.Repairs ?? 0,
            agent.Addresses,
            agent.Labels,
            Time(agent.Started),
            Time(agent.Connected),
            session is null ? Time(agent.LastSeen) : null,
            Time(agent.CertificateEnds)
        );
    }

    private static string? Time(long unixMilliseconds) => unixMilliseconds == 0 ? null : IsoTime.Of(unixMilliseconds);

    private static string StateOf(AgentRecord agent, AgentSession? session) =>
        agent.IsRevoked ? "removed"
        : session is { IsActive: true } ? "active"
        : session is not null ? "pending"
        : agent.LastSeen == 0 ? "never_connected"
        : "disconnected";
}
