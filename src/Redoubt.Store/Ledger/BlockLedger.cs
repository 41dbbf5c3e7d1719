using System.Text.Json;
using Microsoft.Data.Sqlite;
using Redoubt.Model;

namespace Redoubt.Store;

/// <summary>The ledger of blocks: the desired state of every host, and what the hosts reported.</summary>
/// <remarks>Every change is its own transaction and, where a host must act, a new version of that host's order; an agent that was away
/// gets all orders newer than the one it holds. Threads: safe.</remarks>
public sealed partial class BlockLedger(Database database)
{
    // 9999-01-01T00:00:00Z.
    private const long LastTime = 253_370_764_800_000;

    private const string Columns =
        "id, response, executable, target, user, rule, description, alert_id, author, start, seconds, triggers, last_trigger, first_seen, document, arguments, evidence, observe, removed, forget, by_person, step";

    /// <summary>Records a decision for its hosts: a new block, or another trigger of the one that is current for the same program and target.</summary>
    /// <param name="decision">Decided, observed or skipped.</param>
    /// <param name="agents">Ids of the hosts it is for.</param>
    /// <param name="document">The alert as JSON.</param>
    /// <param name="now">Unix milliseconds.</param>
    /// <param name="ladder">Longer blocks for repeated offenders; null: none. Only a new block takes a step: a target that is blocked already, or
    /// would be where it is only observed, can offend no further.</param>
    public LedgerBlock Record(Decision decision, IReadOnlyList<string> agents, string document, long now, OffenderLadder? ladder = null) =>
        database.InTransaction(() =>
        {
            var target = decision.Target?.ToString() ?? string.Empty;
            var current = FindCurrent(decision.Executable, target, decision.State, decision.User, now);
            var (seconds, step) = current is null
                ? Climb(decision, target, ladder, now)
                : (current.Step > 0 ? Longer(current.Seconds, decision.Seconds) : decision.Seconds, 0);
            var id = current?.Id ?? Insert(decision with { Seconds = seconds }, target, document, now, step);
            if (current is not null)
            {
                database.Execute(
                    "UPDATE block SET triggers = triggers + 1, last_trigger = @1, by_person = 0, alert_id = @2, document = @3, seconds = CASE WHEN @4 = 0 THEN 0 ELSE max(seconds, @4) END WHERE id = @0",
                    id,
                    now,
                    decision.Alert.Id,
                    document,
                    seconds
                );
            }

            foreach (var agent in agents)
                Touch(id, agent, decision.State, decision.Reason, now, seconds);

            return Get(id)!;
        });

    /// <summary>Whether a block of the decision's program and target is recorded as observed now.</summary>
    public bool IsObserved(Decision decision, long now) =>
        FindCurrent(decision.Executable, decision.Target?.ToString() ?? string.Empty, BlockState.Observed, decision.User, now) is not null;

    /// <summary>One block; null when there is none with that id.</summary>
    public LedgerBlock? Get(long id) => Load("WHERE id = @0", id).FirstOrDefault();

    /// <summary>Blocks that still matter, oldest first.</summary>
    public IReadOnlyList<LedgerBlock> Current(long now) =>
        [
            .. Load(
                "WHERE id IN (SELECT block FROM block_host WHERE state <> 'released' AND ends > @0 UNION SELECT block FROM block_host WHERE state <> 'released' AND ends IS NULL)",
                now
            ),
        ];

    /// <summary>The newest blocks of all time, oldest first.</summary>
    public IReadOnlyList<LedgerBlock> Newest(int count) => Load("WHERE id > (SELECT coalesce(max(id), 0) FROM block) - @0", count);

    /// <summary>The orders an agent does not have yet, oldest first.</summary>
    /// <param name="agent">Agent id.</param>
    /// <param name="since">The newest version it holds; 0: it holds nothing and gets only what is in force. So does one that holds more than
    /// was ever ordered: this ledger came back from a backup.</param>
    /// <param name="now">Unix milliseconds.</param>
    public IReadOnlyList<LedgerBlock> OrdersSince(string agent, long since, long now)
    {
        if (since > NewestVersion(agent))
            since = 0;

        var ids = database.Query(
            "SELECT block FROM block_host WHERE agent = @0 AND version > @1 AND state NOT IN ('skipped', 'observed') ORDER BY version",
            r => r.GetInt64(0),
            agent,
            since
        );
        return
        [
            .. ids.Select(Get)
                .OfType<LedgerBlock>()
                .Where(b =>
                    since > 0
                    || (!b.Removed && b.Hosts.Any(h => string.Equals(h.Agent, agent, StringComparison.Ordinal) && h.IsCurrent(now)))
                ),
        ];
    }

    private long NewestVersion(string agent) =>
        database.Query("SELECT coalesce(max(version), 0) FROM block_host WHERE agent = @0", r => r.GetInt64(0), agent)[0];

    /// <summary>Marks an order as handed over.</summary>
    public void MarkSent(long block, string agent, long now) =>
        database.Execute(
            "UPDATE block_host SET state = 'sent', at = @2 WHERE block = @0 AND agent = @1 AND state = 'decided'",
            block,
            agent,
            now
        );

    /// <summary>Records what a host reported.</summary>
    /// <param name="ends">When the block ends there, Unix milliseconds; null = until removed. A host may say anything: what no calendar
    /// has is stored as the nearest day.</param>
    public void Report(long block, string agent, BlockState state, string? reason, long now, long? ends, int step) =>
        database.Execute(
            "UPDATE block_host SET state = @2, reason = @3, at = @4, ends = @5, step = @6 WHERE block = @0 AND agent = @1",
            block,
            agent,
            Word(state),
            reason,
            now,
            ends is { } end ? Math.Clamp(end, 0, LastTime) : null,
            step
        );

    /// <summary>Asks every host to release a block now.</summary>
    public LedgerBlock? Remove(long block, bool forget, long now) =>
        database.InTransaction(() =>
        {
            database.Execute("UPDATE block SET removed = 1, forget = max(forget, @1) WHERE id = @0", block, forget ? 1 : 0);
            // A host that never did anything is released by this alone; the others report.
            database.Execute(
                "UPDATE block_host SET state = 'released', reason = 'removed', at = @1 WHERE block = @0 AND state IN ('skipped', 'observed', 'failed')",
                block,
                now
            );
            foreach (var agent in database.Query("SELECT agent FROM block_host WHERE block = @0", r => r.GetString(0), block))
                database.Execute("UPDATE block_host SET version = @2 WHERE block = @0 AND agent = @1", block, agent, NextVersion());

            return Get(block);
        });

    /// <summary>The word of a state as it is stored and shown.</summary>
    public static string Word(BlockState state) =>
        state switch
        {
            BlockState.Decided => "decided",
            BlockState.Sent => "sent",
            BlockState.Enforced => "enforced",
            BlockState.Failed => "failed",
            BlockState.Skipped => "skipped",
            BlockState.Observed => "observed",
            _ => "released",
        };

    /// <summary>The state of a word; null for an unknown one.</summary>
    public static BlockState? StateOf(string word) =>
        word switch
        {
            "decided" => BlockState.Decided,
            "sent" => BlockState.Sent,
            "enforced" => BlockState.Enforced,
            "failed" => BlockState.Failed,
            "skipped" => BlockState.Skipped,
            "observed" => BlockState.Observed,
            "released" => BlockState.Released,
            _ => null,
        };

    // Without an address the response acts on the user: two users are two blocks.
    private LedgerBlock? FindCurrent(string executable, string target, BlockState state, string? user, long now)
    {
        var candidates = Load(
            "WHERE target = @0 AND executable = @1 AND removed = 0 AND EXISTS (SELECT 1 FROM block_host WHERE block_host.block = block.id AND state <> 'released') ORDER BY id DESC LIMIT 8",
            target,
            executable
        );
        return candidates.FirstOrDefault(b =>
            b.IsCurrent(now) && IsSameCourse(b, state) && (target.Length > 0 || string.Equals(b.User, user, StringComparison.Ordinal))
        );
    }

    // 0 is until someone removes it.
    private static long Longer(long one, long other) => one == 0 || other == 0 ? 0 : Math.Max(one, other);

    // The ledger is the ladder's memory: the target's last block tells the step.
    private (long Seconds, int Step) Climb(Decision decision, string target, OffenderLadder? ladder, long now)
    {
        if (ladder is null || decision.State == BlockState.Skipped)
            return (decision.Seconds, 0);

        var last = database
            .Query(
                "SELECT step, forget, (SELECT max(coalesce(ends, @4)) FROM block_host WHERE block = block.id) FROM block WHERE target = @0 AND executable = @1 AND (@0 <> '' OR user IS @2) AND observe = @3 AND rule > 0 AND by_person = 0 AND EXISTS (SELECT 1 FROM block_host WHERE block = block.id AND state <> 'skipped') ORDER BY id DESC LIMIT 1",
                r => (Step: r.GetInt32(0), Forget: r.GetInt64(1) != 0, End: r.IsDBNull(2) ? 0 : r.GetInt64(2)),
                target,
                decision.Executable,
                decision.User,
                decision.State == BlockState.Observed ? 1 : 0,
                LastTime
            )
            .Select(l => ((int Step, bool Forget, long End)?)l)
            .FirstOrDefault();
        var lastStep = last is { Forget: false } known ? known.Step : (int?)null;
        var (duration, step) = ladder.Next(lastStep, last?.End, TimeSpan.FromSeconds(decision.Seconds), now);
        return ((long)duration.TotalSeconds, step);
    }

    // A skip that became a block (or the reverse) is another entry: the record must tell both.
    private static bool IsSameCourse(LedgerBlock block, BlockState state)
    {
        var acted = block.Hosts.Any(h => h.State is not (BlockState.Skipped or BlockState.Observed));
        return state == BlockState.Decided ? acted : block.Hosts.All(h => h.State == state);
    }

    private long Insert(Decision decision, string target, string document, long now, int step)
    {
        var alert = decision.Alert;
        var evidence = alert.PreviousLines.Prepend(alert.FullLog).Select(System.Text.Encoding.UTF8.GetString).ToArray();
        database.Execute(
            "INSERT INTO block (response, executable, target, user, rule, description, alert_id, author, start, seconds, triggers, last_trigger, first_seen, document, arguments, evidence, observe, step) VALUES (@0, @1, @2, @3, @4, @5, @6, 'rule', @7, @8, 1, @7, @9, @10, @11, @12, @13, @14)",
            decision.Response,
            decision.Executable,
            target,
            decision.User,
            alert.Rule?.Id ?? 0,
            alert.Description,
            alert.Id,
            now,
            decision.Seconds,
            alert.ArrivalUnixMilliseconds,
            document,
            ToJson(decision.Arguments),
            ToJson(evidence),
            decision.State == BlockState.Observed ? 1 : 0,
            step
        );
        return database.Number("SELECT last_insert_rowid()");
    }

    private void Touch(long block, string agent, BlockState state, string? reason, long now, long seconds)
    {
        long? ends =
            seconds > 0 ? now + (seconds * 1000)
            : state == BlockState.Decided ? null
            : now + NothingDoneShownFor;
        var version = NextVersion();
        database.Execute(
            "INSERT INTO block_host VALUES (@0, @1, @2, @3, @4, @5, 0, @6) ON CONFLICT DO UPDATE SET version = excluded.version, ends = CASE WHEN excluded.ends IS NULL THEN NULL ELSE max(ends, excluded.ends) END, reason = CASE WHEN state IN ('released', 'failed') THEN excluded.reason ELSE reason END, at = CASE WHEN state IN ('released', 'failed') THEN excluded.at ELSE at END, state = CASE WHEN state IN ('released', 'failed') THEN excluded.state ELSE state END",
            block,
            agent,
            Word(state),
            reason,
            now,
            ends,
            version
        );
    }

    // A skip or an observed decision without a timeout has no end of its own: it is current for a day.
    private const long NothingDoneShownFor = 86_400_000;

    private long NextVersion()
    {
        database.Execute("UPDATE ledger_version SET value = value + 1");
        return database.Number("SELECT value FROM ledger_version");
    }

    private List<LedgerBlock> Load(string where, params ReadOnlySpan<object?> values)
    {
        var blocks = database.Query(
            $"SELECT {Columns} FROM block {where}{(where.Contains("ORDER BY", StringComparison.Ordinal) ? string.Empty : " ORDER BY id")}",
            Read,
            values
        );
        return blocks.ConvertAll(b => b with { Hosts = HostsOf(b.Id) });
    }

    private List<LedgerHost> HostsOf(long block) =>
        database.Query(
            "SELECT agent, state, reason, at, ends, step, version FROM block_host WHERE block = @0 ORDER BY agent",
            r => new LedgerHost(
                r.GetString(0),
                StateOf(r.GetString(1)) ?? BlockState.Failed,
                r.IsDBNull(2) ? null : r.GetString(2),
                r.GetInt64(3),
                r.IsDBNull(4) ? null : r.GetInt64(4),
                r.GetInt32(5),
                r.GetInt64(6)
            ),
            block
        );

    private static LedgerBlock Read(SqliteDataReader row) =>
        new()
        {
            Id = row.GetInt64(0),
            Response = row.GetString(1),
            Executable = row.GetString(2),
            Target = row.GetString(3),
            User = row.IsDBNull(4) ? null : row.GetString(4),
            Rule = row.GetInt32(5),
            Description = row.GetString(6),
            AlertId = row.GetString(7),
            Author = row.GetString(8),
            Start = row.GetInt64(9),
            Seconds = row.GetInt64(10),
            Triggers = row.GetInt32(11),
            LastTrigger = row.GetInt64(12),
            FirstSeen = row.GetInt64(13),
            Document = row.GetString(14),
            Arguments = FromJson(row.GetString(15)),
            Evidence = FromJson(row.GetString(16)),
            Observe = row.GetInt64(17) != 0,
            Removed = row.GetInt64(18) != 0,
            Forget = row.GetInt64(19) != 0,
            ByPerson = row.GetInt64(20) != 0,
            Step = row.GetInt32(21),
            Hosts = [],
        };

    private static string ToJson(IEnumerable<string> texts) => JsonSerializer.Serialize(texts.ToArray(), StoreJson.Default.StringArray);

    private static string[] FromJson(string json) => JsonSerializer.Deserialize(json, StoreJson.Default.StringArray) ?? [];
}
