using System.Globalization;
using Microsoft.Data.Sqlite;

namespace Redoubt.Store;

/// <summary>The fleet: agents and enrolment tokens.</summary>
/// <remarks>Threads: safe.</remarks>
public sealed class AgentRegistry(Database database)
{
    private const string Columns =
        "id, name, groups, registered, last_seen, address, version, os, certificate, config_sha256, config_applied, config_reason, revoked";

    /// <summary>All agents that were not revoked, by id.</summary>
    public IReadOnlyList<AgentRecord> All() =>
        database.Query($"SELECT {Columns} FROM agent WHERE revoked = 0 ORDER BY length(id), id", Read);

    /// <summary>One agent, revoked or not; null when unknown.</summary>
    public AgentRecord? Find(string id) => database.Query($"SELECT {Columns} FROM agent WHERE id = @0", Read, id).FirstOrDefault();

    /// <summary>Stores a token's hash.</summary>
    public void AddToken(string hash, string group, int uses, long expires) =>
        database.Execute("INSERT INTO token VALUES (@0, @1, @2, @3)", hash, group, uses, expires);

    /// <summary>Uses a token once and registers an agent with it: both or neither.</summary>
    /// <param name="tokenHash">Hash of the secret.</param>
    /// <param name="wishedName">Used as it is, or with a number behind it when taken.</param>
    /// <param name="now">Unix milliseconds.</param>
    /// <returns>The new agent; null when the token is unknown, used up or expired.</returns>
    public AgentRecord? Enrol(string tokenHash, string wishedName, long now) =>
        database.InTransaction(() =>
        {
            database.Execute("DELETE FROM token WHERE expires <= @0", now);
            var groups = database.Query("SELECT agent_group FROM token WHERE hash = @0 AND uses_left > 0", r => r.GetString(0), tokenHash);
            if (groups.Count == 0)
                return null;

            database.Execute("UPDATE token SET uses_left = uses_left - 1 WHERE hash = @0", tokenHash);
            database.Execute("DELETE FROM token WHERE uses_left <= 0");
            var number = database.Number("SELECT max(CAST(id AS INTEGER)) FROM agent") + 1;
            return Insert(number.ToString("000", CultureInfo.InvariantCulture), FreeName(wishedName), groups[0], now);
        });

    /// <summary>The agent beside the manager, registered at the manager's first start.</summary>
    public AgentRecord EnsureManagerHost(string name, long now) =>
        database.InTransaction(() => Find("000") ?? Insert("000", FreeName(name), "default", now));

    /// <summary>Remembers which certificate the agent uses.</summary>
    public void SetCertificate(string id, string sha256) => database.Execute("UPDATE agent SET certificate = @1 WHERE id = @0", id, sha256);

    /// <summary>Remembers what the agent said when it connected.</summary>
    public void SetConnected(string id, string? address, string version, string os, long now) =>
        database.Execute(
            "UPDATE agent SET address = coalesce(@1, address), version = @2, os = @3, last_seen = @4 WHERE id = @0",
            id,
            address,
            version,
            os,
            now
        );

    /// <summary>Remembers when it was last heard of.</summary>
    public void SetSeen(string id, long now) => database.Execute("UPDATE agent SET last_seen = @1 WHERE id = @0", id, now);

    /// <summary>Remembers whether the shared configuration is in force there.</summary>
    public void SetConfig(string id, string sha256, bool applied, string? reason) =>
        database.Execute(
            "UPDATE agent SET config_sha256 = @1, config_applied = @2, config_reason = @3 WHERE id = @0",
            id,
            sha256,
            applied ? 1 : 0,
            reason
        );

    private AgentRecord Insert(string id, string name, string group, long now)
    {
        database.Execute("INSERT INTO agent (id, name, groups, registered) VALUES (@0, @1, @2, @3)", id, name, group, now);
        return new AgentRecord
        {
            Id = id,
            Name = name,
            Groups = [group],
            Registered = now,
        };
    }

    private string FreeName(string wished)
    {
        var name = wished;
        for (var n = 2; database.Number("SELECT count(*) FROM agent WHERE name = @0", name) > 0; n++)
            name = wished + "-" + n.ToString(CultureInfo.InvariantCulture);

        return name;
    }

    private static AgentRecord Read(SqliteDataReader row) =>
        new()
        {
            Id = row.GetString(0),
            Name = row.GetString(1),
            Groups = row.GetString(2).Split(',', StringSplitOptions.RemoveEmptyEntries),
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
        };

    private static string? Text(SqliteDataReader row, int column) => row.IsDBNull(column) ? null : row.GetString(column);
}
