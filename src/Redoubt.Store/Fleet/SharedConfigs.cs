namespace Redoubt.Store;

/// <summary>Contents of shared configurations that agents were sent, by their hash: what an agent runs with can be shown though its files have changed.</summary>
/// <remarks>Bounded: kept is what an agent runs with or reported about last. Threads: safe.</remarks>
public sealed class SharedConfigs(Database database)
{
    /// <summary>Remembers a content that is about to be sent, and forgets those that no agent has any more.</summary>
    public void Remember(string sha256, byte[] content) =>
        database.InTransaction(() =>
        {
            database.Execute(
                "DELETE FROM shared_config WHERE sha256 NOT IN (SELECT config_in_force FROM agent WHERE config_in_force IS NOT NULL "
                    + "UNION SELECT config_sha256 FROM agent WHERE config_sha256 IS NOT NULL)"
            );
            database.Execute("INSERT OR IGNORE INTO shared_config VALUES (@0, @1)", sha256, content);
        });

    /// <summary>The content of a hash; null when it is not known here.</summary>
    public byte[]? Find(string sha256) =>
        database.Query("SELECT content FROM shared_config WHERE sha256 = @0", r => r.GetFieldValue<byte[]>(0), sha256).FirstOrDefault();
}
