using System.Globalization;
using Microsoft.Data.Sqlite;
using Redoubt.Model;

namespace Redoubt.Store;

/// <summary>The fleet: its agents, their groups, and who may join.</summary>
/// <remarks>Threads: safe.</remarks>
public sealed class AgentRegistry(Database database)
{
    /// <summary>The group of agents that are in no other.</summary>
    public const string DefaultGroup = "default";

    // A revoked agent gives its name back; no name holds this character.
    private const char RevokedMark = '#';

    private const string Columns =
        "id, name, groups, registered, last_seen, address, version, os, certificate, config_sha256, config_applied, config_reason, revoked, "
        + "labels, addresses, started, connected, revoked_at, generation, certificate_ends, config_in_force, config_at";

    /// <summary>All agents that were not revoked, by id.</summary>
    public IReadOnlyList<AgentRecord> All() =>
        database.Query($"SELECT {Columns} FROM agent WHERE revoked = 0 ORDER BY length(id), id", Read);

    /// <summary>One agent, revoked or not; null when unknown.</summary>
    public AgentRecord? Find(string id) => database.Query($"SELECT {Columns} FROM agent WHERE id = @0", Read, id).FirstOrDefault();

    /// <summary>One agent by its id, revoked or not, or by its name; null when unknown.</summary>
    public AgentRecord? FindNamed(string word) =>
        Find(word) ?? database.Query($"SELECT {Columns} FROM agent WHERE name = @0 AND revoked = 0", Read, word).FirstOrDefault();

    /// <summary>Adds an agent that no host uses yet.</summary>
    /// <returns>Null when the name is taken.</returns>
    public AgentRecord? Prepare(string name, IReadOnlyList<string> groups, long now) =>
        database.InTransaction(() => IsFree(name) ? Insert(NextId(), name, groups, now) : null);

    /// <summary>Stores a token's hash.</summary>
    /// <param name="hash">Hash of the secret.</param>
    /// <param name="groups">Of the agents that are made with it.</param>
    /// <param name="uses">Enrolments.</param>
    /// <param name="expires">Unix milliseconds.</param>
    /// <param name="agent">Id of the one agent that it is for; null: each enrolment makes a new one.</param>
    public void AddToken(string hash, IReadOnlyList<string> groups, int uses, long expires, string? agent = null) =>
        database.Execute(
            "INSERT INTO token (hash, agent_group, uses_left, expires, agent) VALUES (@0, @1, @2, @3, @4)",
            hash,
            string.Join(',', groups),
            uses,
            expires,
            agent
        );

    /// <summary>Uses a token once and registers an agent with it: both or neither.</summary>
    /// <param name="tokenHash">Hash of the secret.</param>
    /// <param name="wishedName">Used as it is, or with a number behind it when taken; an agent that the token names keeps its own.</param>
    /// <param name="now">Unix milliseconds.</param>
    /// <returns>The agent; null when the token is unknown, used up or expired.</returns>
    public AgentRecord? Enrol(string tokenHash, string wishedName, long now) =>
        database.InTransaction(() =>
        {
            database.Execute("DELETE FROM token WHERE expires <= @0", now);
            var tokens = database.Query(
                "SELECT agent_group, agent FROM token WHERE hash = @0 AND uses_left > 0",
                r => (Groups: Split(r.GetString(0)), Agent: Text(r, 1)),
                tokenHash
            );
            if (tokens is not [var token])
                return null;

            database.Execute("UPDATE token SET uses_left = uses_left - 1 WHERE hash = @0", tokenHash);
            database.Execute("DELETE FROM token WHERE uses_left <= 0");
            return token.Agent is null ? Insert(NextId(), FreeName(wishedName), token.Groups, now) : Renew(token.Agent);
        });

    /// <summary>The agent beside the manager, registered at the manager's first start.</summary>
    public AgentRecord EnsureManagerHost(string name, long now) =>
        database.InTransaction(() =>
            Find(AgentIdentity.ManagerHostId) ?? Insert(AgentIdentity.ManagerHostId, FreeName(name), [DefaultGroup], now)
        );

    /// <summary>Takes an agent out of the fleet: its certificates and tokens are void, its name is free.</summary>
    /// <returns>False when it is not in the fleet.</returns>
    public bool Revoke(string id, long now) =>
        database.InTransaction(() =>
        {
            database.Execute("DELETE FROM token WHERE agent = @0", id);
            return database.Execute(
                    "UPDATE agent SET revoked = 1, revoked_at = @1, name = name || @2 WHERE id = @0 AND revoked = 0",
                    id,
                    now,
                    RevokedMark + id
                ) > 0;
        });

    /// <summary>Puts an agent into these groups, in this order, and no others.</summary>
    public void SetGroups(string id, IReadOnlyList<string> groups) =>
        database.Execute("UPDATE agent SET groups = @1 WHERE id = @0", id, string.Join(',', groups));

    /// <summary>Takes a group from every agent; those in no other fall back to <see cref="DefaultGroup"/>.</summary>
    /// <returns>The agents that were in it, as they are now.</returns>
    public IReadOnlyList<AgentRecord> DropGroup(string group) =>
        database.InTransaction(() =>
        {
            var members = All().Where(a => a.Groups.Contains(group, StringComparer.Ordinal)).ToArray();
            foreach (var member in members)
            {
                string[] left = [.. member.Groups.Where(g => !string.Equals(g, group, StringComparison.Ordinal))];
                SetGroups(member.Id, left.Length > 0 ? left : [DefaultGroup]);
            }

            return members.Select(m => Find(m.Id)!).ToArray();
        });

    /// <summary>Remembers which certificate the agent was given.</summary>
    public void SetCertificate(string id, string sha256, long ends) =>
        database.Execute("UPDATE agent SET certificate = @1, certificate_ends = @2 WHERE id = @0", id, sha256, ends);

    /// <summary>Remembers what the agent said when it connected.</summary>
    public void SetConnected(string id, string? address, string version, string os, long started, long now) =>
        database.Execute(
            "UPDATE agent SET address = coalesce(@1, address), version = @2, os = @3, started = @4, connected = @5, last_seen = @5 WHERE id = @0",
            id,
            address,
            version,
            os,
            started,
            now
        );

    /// <summary>Remembers what the agent says of its host.</summary>
    public void SetHost(string id, IEnumerable<KeyValuePair<string, string>> labels, IEnumerable<string> addresses) =>
        database.Execute(
            "UPDATE agent SET labels = @1, addresses = @2 WHERE id = @0",
            id,
            StoreJson.Write(labels),
            string.Join(',', addresses)
        );

    /// <summary>Remembers when it was last heard of.</summary>
    public void SetSeen(string id, long now) => database.Execute("UPDATE agent SET last_seen = @1 WHERE id = @0", id, now);

    /// <summary>Remembers whether a shared configuration is in force there.</summary>
    public void SetConfig(string id, string sha256, bool applied, string? reason, long now) =>
        database.Execute(
            "UPDATE agent SET config_sha256 = @1, config_applied = @2, config_reason = @3, config_at = @4, "
                + "config_in_force = CASE WHEN @2 THEN @1 ELSE config_in_force END WHERE id = @0",
            id,
            sha256,
            applied ? 1 : 0,
            reason,
            now
        );

    /// <summary>Remembers which shared configuration it runs with, as it says when it connects; empty: none.</summary>
    public void SetConfigInForce(string id, string sha256) =>
        database.Execute("UPDATE agent SET config_in_force = nullif(@1, '') WHERE id = @0", id, sha256);

    // The host's keys are new: certificates of the enrolments before are void.
    private AgentRecord? Renew(string id)
    {
        if (Find(id) is not { } agent)
            return null;

        database.Execute(
            "UPDATE agent SET generation = generation + 1, revoked = 0, revoked_at = 0, name = @1 WHERE id = @0",
            id,
            agent.IsRevoked ? FreeName(agent.Name) : agent.Name
        );
        return Find(id);
    }

    private AgentRecord Insert(string id, string name, IReadOnlyList<string> groups, long now)
    {
        database.Execute(
            "INSERT INTO agent (id, name, groups, registered) VALUES (@0, @1, @2, @3)",
            id,
            name,
            string.Join(',', groups),
            now
        );
        return Find(id)!;
    }

    private string NextId() =>
        (database.Number("SELECT max(CAST(id AS INTEGER)) FROM agent") + 1).ToString("000", CultureInfo.InvariantCulture);

    private bool IsFree(string name) => database.Number("SELECT count(*) FROM agent WHERE name = @0", name) == 0;

    private string FreeName(string wished)
    {
        var name = wished;
        for (var n = 2; !IsFree(name); n++)
            name = wished + "-" + n.ToString(CultureInfo.InvariantCulture);

        return name;
    }

    private static AgentRecord Read(SqliteDataReader row) =>
        new()
        {
            Id = row.GetString(0),
            Name = row.GetString(1).Split(RevokedMark)[0],
            Groups = Split(row.GetString(2)),
            Registered = row.GetInt64(3),
            LastSeen = row.GetInt64(4),
            Address = Text(row, 5),
            Version = Text(row, 6),
            Os = Text(row, 7),
            Certificate = Text(row, 8),
            ConfigSha256 = Text(row, 9),
            ConfigApplied = row.IsDBNull(10) ? null : row.GetInt64(10) != 0,
            ConfigReason = Text(row, 11),
            IsRevoked = row.GetInt64(12) != 0,
            Labels = StoreJson.ReadPairs(row.GetString(13)),
            Addresses = Split(row.GetString(14)),
            Started = row.GetInt64(15),
            Connected = row.GetInt64(16),
            RevokedAt = row.GetInt64(17),
            Generation = row.GetInt32(18),
            CertificateEnds = row.GetInt64(19),
            ConfigInForce = Text(row, 20),
            ConfigAt = row.GetInt64(21),
        };

    private static string[] Split(string list) => list.Split(',', StringSplitOptions.RemoveEmptyEntries);

    private static string? Text(SqliteDataReader row, int column) => row.IsDBNull(column) ? null : row.GetString(column);
}
