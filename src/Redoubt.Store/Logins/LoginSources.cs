using Redoubt.Model;

namespace Redoubt.Store;

/// <summary>Addresses from which somebody logged in, and when.</summary>
/// <remarks>One row for each host and address; at most <see cref="MaxRows"/>, the longest unused go first. A login that is known for less than
/// <see cref="Freshness"/> costs no write. Times are Unix milliseconds. Threads: safe.</remarks>
public sealed class LoginSources(Database database)
{
    /// <summary>Rows kept.</summary>
    public const int MaxRows = 100_000;

    private const long Freshness = 3_600_000;
    private readonly Lock _gate = new();
    private readonly Dictionary<(string Agent, string Address, bool IsByKey), long> _fresh = [];

    /// <summary>Remembers a login.</summary>
    /// <param name="agent">Host.</param>
    /// <param name="address">Canonical address.</param>
    /// <param name="isByKey">With a key.</param>
    /// <param name="user">Who, for people.</param>
    /// <param name="at">When.</param>
    public void Remember(string agent, string address, bool isByKey, string? user, long at)
    {
        lock (_gate)
        {
            if (_fresh.TryGetValue((agent, address, isByKey), out var known) && at - known < Freshness)
                return;
        }

        database.InTransaction(() =>
        {
            database.Execute(
                "INSERT INTO login VALUES (@0, @1, @2, @3, @4) ON CONFLICT DO UPDATE SET at = max(at, excluded.at), key_at = max(coalesce(key_at, 0), coalesce(excluded.key_at, 0)), user = coalesce(excluded.user, user)",
                agent,
                address,
                at,
                isByKey ? at : null,
                user
            );
            var surplus = database.Number("SELECT count(*) FROM login") - MaxRows;
            if (surplus > 0)
                database.Execute(
                    "DELETE FROM login WHERE (agent, address) IN (SELECT agent, address FROM login ORDER BY at LIMIT @0)",
                    surplus + (MaxRows / 100)
                );
        });

        // Only what is durable is fresh: on a full disk the same login comes again.
        lock (_gate)
        {
            if (_fresh.Count >= MaxRows)
                _fresh.Clear();

            _fresh[(agent, address, isByKey)] = at;
        }
    }

    /// <summary>The latest login by key from an address, on any host; null without one.</summary>
    /// <param name="address">Canonical address.</param>
    /// <param name="since">Not before.</param>
    public (long At, string? User)? KeyLogin(string address, long since) =>
        database
            .Query(
                "SELECT key_at, user FROM login WHERE address = @0 AND key_at >= @1 ORDER BY key_at DESC LIMIT 1",
                r => ((long, string?)?)(r.GetInt64(0), r.IsDBNull(1) ? null : r.GetString(1)),
                address,
                since
            )
            .FirstOrDefault();

    /// <summary>The latest login by key from an address inside a prefix, on any host; null without one.</summary>
    /// <param name="prefix">What a person wants to block.</param>
    /// <param name="since">Not before.</param>
    public (string Address, long At, string? User)? KeyLoginInside(BlockTarget prefix, long since) =>
        database
            .Query(
                "SELECT address, key_at, user FROM login WHERE key_at >= @0 ORDER BY key_at DESC",
                r => ((string Address, long At, string? User)?)(r.GetString(0), r.GetInt64(1), r.IsDBNull(2) ? null : r.GetString(2)),
                since
            )
            .Find(l => BlockTarget.TryParse(l!.Value.Address, out var address) && prefix.Contains(address));

    /// <summary>Whether anybody logged in from an address.</summary>
    public bool Has(string address, long since) =>
        database.Number("SELECT count(*) FROM login WHERE address = @0 AND at >= @1", address, since) > 0;

    /// <summary>How many sources of logins there are, how many of them rules have blocked now, and when the oldest of these blocks began.</summary>
    /// <param name="agent">On this host; null: on any.</param>
    /// <param name="since">Logins not before.</param>
    /// <param name="now">Blocks that have not run out.</param>
    /// <param name="but">An address that is not counted as blocked.</param>
    public (long Sources, long Blocked, long OldestStart) Share(string? agent, long since, long now, string but) =>
        (
            database.Number("SELECT count(DISTINCT address) FROM login WHERE at >= @0 AND (@1 IS NULL OR agent = @1)", since, agent),
            database.Query(
                "SELECT count(DISTINCT b.target), coalesce(min(b.start), 0) FROM block b JOIN block_host h ON h.block = b.id WHERE h.state IN ('decided', 'sent', 'enforced') AND (h.ends IS NULL OR h.ends > @2) AND b.rule > 0 AND b.by_person = 0 AND b.target <> @3 AND (@1 IS NULL OR h.agent = @1) AND b.target IN (SELECT address FROM login WHERE at >= @0)",
                r => (Blocked: r.GetInt64(0), OldestStart: r.GetInt64(1)),
                since,
                agent,
                now,
                but
            )[0]
        )
            is var (sources, blocks)
            ? (sources, blocks.Blocked, blocks.OldestStart)
            : default;
}
