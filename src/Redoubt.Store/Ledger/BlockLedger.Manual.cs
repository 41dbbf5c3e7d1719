using System.Globalization;
using Redoubt.Model;

namespace Redoubt.Store;

// What people decide, beside the rules.
public sealed partial class BlockLedger
{
    /// <summary>Records what a person asked for: a new block, or more time for the one that is current for the target.</summary>
    /// <param name="block">The block.</param>
    /// <param name="agents">Ids of the hosts it is for.</param>
    /// <param name="document">What responses get in place of an alert, as JSON.</param>
    /// <param name="now">Unix milliseconds.</param>
    public LedgerBlock Record(ManualBlock block, IReadOnlyList<string> agents, string document, long now) =>
        database.InTransaction(() =>
        {
            var target = block.Target.ToString();
            var current = FindCurrent(ManualBlock.Executable, target, BlockState.Decided, user: null, now);
            var id = current?.Id ?? Insert(block, target, document, now);
            if (current is not null)
                database.Execute(
                    "UPDATE block SET triggers = triggers + 1, last_trigger = @1, by_person = 1, author = @2, description = @3, seconds = CASE WHEN @4 = 0 THEN 0 ELSE max(seconds, @4) END WHERE id = @0",
                    id,
                    now,
                    block.Author,
                    block.Why,
                    block.Seconds
                );

            foreach (var agent in agents)
                Touch(id, agent, BlockState.Decided, reason: null, now, block.Seconds);

            return Get(id)!;
        });

    /// <summary>Closes the record of what was only observed: it has become a block of its own.</summary>
    public void MarkPromoted(long block, string author, long now) =>
        database.Execute(
            "UPDATE block_host SET state = 'released', reason = @1, at = @2 WHERE block = @0 AND state = 'observed'",
            block,
            $"promoted by {author}",
            now
        );

    private long Insert(ManualBlock block, string target, string document, long now)
    {
        database.Execute(
            "INSERT INTO block (response, executable, target, user, rule, description, alert_id, author, start, seconds, triggers, last_trigger, first_seen, document, arguments, evidence, observe, by_person) VALUES (@0, @1, @2, NULL, 0, @3, @8, @4, @5, @6, 1, @5, 0, @7, '[]', '[]', 0, 1)",
            ManualBlock.Executable + block.Seconds.ToString(CultureInfo.InvariantCulture),
            ManualBlock.Executable,
            target,
            block.Why,
            block.Author,
            now,
            block.Seconds,
            document,
            block.AlertId
        );
        return database.Number("SELECT last_insert_rowid()");
    }
}
