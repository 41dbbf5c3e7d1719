namespace Redoubt.Store;

/// <summary>What people protected with <c>redoubt allow</c>, beside the white list of the configuration.</summary>
/// <remarks>Threads: safe.</remarks>
public sealed class AllowedEntries(Database database)
{
    /// <summary>Those in force, oldest first.</summary>
    public IReadOnlyList<AllowedEntry> Current(long now) =>
        database.Query(
            "SELECT entry, why, author, at, ends FROM allowed WHERE ends IS NULL OR ends > @0 ORDER BY at, entry",
            r => new AllowedEntry(r.GetString(0), r.GetString(1), r.GetString(2), r.GetInt64(3), r.IsDBNull(4) ? null : r.GetInt64(4)),
            now
        );

    /// <summary>Adds one, or gives one that is there a new reason and end.</summary>
    public void Put(AllowedEntry entry) =>
        database.Execute(
            "INSERT INTO allowed VALUES (@0, @1, @2, @3, @4) ON CONFLICT DO UPDATE SET why = excluded.why, author = excluded.author, at = excluded.at, ends = excluded.ends",
            entry.Entry,
            entry.Why,
            entry.Author,
            entry.At,
            entry.Ends
        );

    /// <summary>Takes one out; false when it is not there.</summary>
    public bool Remove(string entry) =>
        database.InTransaction(() =>
        {
            var isThere = database.Number("SELECT count(*) FROM allowed WHERE entry = @0", entry) > 0;
            database.Execute("DELETE FROM allowed WHERE entry = @0", entry);
            return isThere;
        });
}
