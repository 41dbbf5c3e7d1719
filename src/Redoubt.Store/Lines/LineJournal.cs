namespace Redoubt.Store;

/// <summary>Makes each line count exactly once: which lines were processed, and the records that followed from them.</summary>
/// <remarks>
/// A batch is one transaction: the new positions and the records to be written. Then the records are written to their files at the
/// stored places and the redo rows are dropped with the next batch. After a crash in between, the same records are written again at the same
/// places, and the lines, sent again by the agent, are recognised by their positions.
/// Threads: safe. Source: docs/decisions/0003-exactly-once.md.
/// </remarks>
public sealed class LineJournal(Database database)
{
    /// <summary>Positions of a file that was not read from for this long are forgotten.</summary>
    private static readonly TimeSpan PositionLifetime = TimeSpan.FromDays(30);

    /// <summary>The position just after the last processed line of a file; -1 when none was.</summary>
    public long PositionOf(string agent, string source, string file)
    {
        var rows = database.Query(
            "SELECT ends FROM position WHERE agent = @0 AND source = @1 AND file = @2",
            r => r.GetInt64(0),
            agent,
            source,
            file
        );
        return rows.Count == 0 ? -1 : rows[0];
    }

    /// <summary>Stores a batch. When this returns, the lines are processed for ever.</summary>
    public void Store(IEnumerable<LinePosition> positions, IEnumerable<RedoRecord> records, long now) =>
        database.InTransaction(() =>
        {
            database.Execute("DELETE FROM redo");
            foreach (var position in positions)
            {
                database.Execute(
                    "INSERT INTO position VALUES (@0, @1, @2, @3, @4) ON CONFLICT DO UPDATE SET ends = excluded.ends, at = excluded.at",
                    position.Agent,
                    position.Source,
                    position.File,
                    position.End,
                    now
                );
            }

            foreach (var record in records)
                database.Execute("INSERT INTO redo VALUES (@0, @1, @2)", record.Path, record.Start, record.Bytes);
        });

    /// <summary>Records of the last batch, which may or may not have reached their files.</summary>
    public IReadOnlyList<RedoRecord> Unconfirmed() =>
        database.Query(
            "SELECT path, start, bytes FROM redo",
            r => new RedoRecord(r.GetString(0), r.GetInt64(1), r.GetFieldValue<byte[]>(2))
        );

    /// <summary>Drops the redo rows after the records were written, and positions of files long gone.</summary>
    public void Confirm(long now) =>
        database.InTransaction(() =>
        {
            database.Execute("DELETE FROM redo");
            database.Execute("DELETE FROM position WHERE at < @0", now - (long)PositionLifetime.TotalMilliseconds);
        });
}
