namespace Redoubt.Store;

/// <summary>Tables of the index of alerts. It is made from the records and can be thrown away at any time, so another version begins anew.</summary>
internal static class AlertSchema
{
    internal static readonly string[] Steps = [First];

    // An alert's number is its day and its place in the day's file: the same record never stands here twice, and a day is one range of numbers.
    // Records stand apart: a search that has to look at all alerts reads a fifth of the bytes.
    private const string First = """
        CREATE TABLE alert (
            n INTEGER PRIMARY KEY,
            at INTEGER NOT NULL,
            id TEXT NOT NULL,
            rule INTEGER NOT NULL,
            level INTEGER NOT NULL,
            groups TEXT NOT NULL,
            agent TEXT NOT NULL,
            agent_name TEXT NOT NULL,
            source BLOB,
            source_user TEXT,
            target_user TEXT,
            text TEXT NOT NULL
        );
        CREATE TABLE record (n INTEGER PRIMARY KEY, bytes BLOB NOT NULL);
        CREATE INDEX alert_at ON alert (at);
        CREATE INDEX alert_rule ON alert (rule, at);
        CREATE INDEX alert_source ON alert (source, at) WHERE source IS NOT NULL;
        CREATE TABLE day (
            day INTEGER PRIMARY KEY,
            ends INTEGER NOT NULL,
            whole INTEGER NOT NULL
        );
        CREATE TABLE bound (bytes INTEGER NOT NULL, first_day INTEGER NOT NULL);
        INSERT INTO bound VALUES (0, 0);
        PRAGMA user_version = 1;
        """;
}
