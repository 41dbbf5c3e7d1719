namespace Redoubt.Store;

/// <summary>Tables of the manager's database. Times are Unix milliseconds.</summary>
internal static class Schema
{
    /// <summary>The newest version: one step each.</summary>
    internal static int Version => Steps.Length;

    /// <summary>What each version added to the one before it.</summary>
    internal static readonly string[] Steps = [First, Second, Third, Fourth];

    private const string Fourth = """
        ALTER TABLE agent ADD COLUMN labels TEXT NOT NULL DEFAULT '{}';
        ALTER TABLE agent ADD COLUMN addresses TEXT NOT NULL DEFAULT '';
        ALTER TABLE agent ADD COLUMN started INTEGER NOT NULL DEFAULT 0;
        ALTER TABLE agent ADD COLUMN connected INTEGER NOT NULL DEFAULT 0;
        ALTER TABLE agent ADD COLUMN revoked_at INTEGER NOT NULL DEFAULT 0;
        ALTER TABLE agent ADD COLUMN generation INTEGER NOT NULL DEFAULT 0;
        ALTER TABLE agent ADD COLUMN certificate_ends INTEGER NOT NULL DEFAULT 0;
        ALTER TABLE agent ADD COLUMN config_in_force TEXT;
        ALTER TABLE agent ADD COLUMN config_at INTEGER NOT NULL DEFAULT 0;
        ALTER TABLE token ADD COLUMN agent TEXT;
        CREATE TABLE shared_config (
            sha256 TEXT PRIMARY KEY,
            content BLOB NOT NULL
        ) WITHOUT ROWID;
        PRAGMA user_version = 4;
        """;

    private const string Third = """
        ALTER TABLE block ADD COLUMN step INTEGER NOT NULL DEFAULT 0;
        CREATE TABLE login (
            agent TEXT NOT NULL,
            address TEXT NOT NULL,
            at INTEGER NOT NULL,
            key_at INTEGER,
            user TEXT,
            PRIMARY KEY (agent, address)
        ) WITHOUT ROWID;
        CREATE INDEX login_address ON login (address, at);
        PRAGMA user_version = 3;
        """;

    private const string Second = """
        ALTER TABLE block ADD COLUMN by_person INTEGER NOT NULL DEFAULT 0;
        CREATE TABLE allowed (
            entry TEXT PRIMARY KEY,
            why TEXT NOT NULL,
            author TEXT NOT NULL,
            at INTEGER NOT NULL,
            ends INTEGER
        ) WITHOUT ROWID;
        PRAGMA user_version = 2;
        """;

    private const string First = """
        CREATE TABLE agent (
            id TEXT PRIMARY KEY,
            name TEXT NOT NULL UNIQUE,
            groups TEXT NOT NULL,
            registered INTEGER NOT NULL,
            last_seen INTEGER NOT NULL DEFAULT 0,
            address TEXT,
            version TEXT,
            os TEXT,
            certificate TEXT,
            config_sha256 TEXT,
            config_applied INTEGER,
            config_reason TEXT,
            revoked INTEGER NOT NULL DEFAULT 0
        );
        CREATE TABLE token (
            hash TEXT PRIMARY KEY,
            agent_group TEXT NOT NULL,
            uses_left INTEGER NOT NULL,
            expires INTEGER NOT NULL
        );
        CREATE TABLE block (
            id INTEGER PRIMARY KEY AUTOINCREMENT,
            response TEXT NOT NULL,
            executable TEXT NOT NULL,
            target TEXT NOT NULL,
            user TEXT,
            rule INTEGER NOT NULL,
            description TEXT NOT NULL,
            alert_id TEXT NOT NULL,
            author TEXT NOT NULL,
            start INTEGER NOT NULL,
            seconds INTEGER NOT NULL,
            triggers INTEGER NOT NULL,
            last_trigger INTEGER NOT NULL,
            first_seen INTEGER NOT NULL,
            document TEXT NOT NULL,
            arguments TEXT NOT NULL,
            evidence TEXT NOT NULL,
            observe INTEGER NOT NULL,
            removed INTEGER NOT NULL DEFAULT 0,
            forget INTEGER NOT NULL DEFAULT 0
        );
        CREATE INDEX block_target ON block (target, executable, id);
        CREATE TABLE block_host (
            block INTEGER NOT NULL REFERENCES block (id),
            agent TEXT NOT NULL,
            state TEXT NOT NULL,
            reason TEXT,
            at INTEGER NOT NULL,
            ends INTEGER,
            step INTEGER NOT NULL DEFAULT 0,
            version INTEGER NOT NULL,
            PRIMARY KEY (block, agent)
        ) WITHOUT ROWID;
        CREATE INDEX block_host_version ON block_host (agent, version);
        CREATE INDEX block_host_open ON block_host (ends) WHERE state <> 'released';
        CREATE TABLE ledger_version (value INTEGER NOT NULL);
        INSERT INTO ledger_version VALUES (0);
        CREATE TABLE position (
            agent TEXT NOT NULL,
            source TEXT NOT NULL,
            file TEXT NOT NULL,
            ends INTEGER NOT NULL,
            at INTEGER NOT NULL,
            PRIMARY KEY (agent, source, file)
        ) WITHOUT ROWID;
        CREATE TABLE redo (
            path TEXT NOT NULL,
            start INTEGER NOT NULL,
            bytes BLOB NOT NULL
        );
        PRAGMA user_version = 1;
        """;
}
