using Microsoft.Extensions.Logging.Abstractions;
using Redoubt.Agent.Blocks;

namespace Redoubt.Tests.Agent.Blocks;

/// <summary>A host that joins another manager, whose ledger counts from the beginning.</summary>
public sealed class OtherManagerTests : KeeperTest
{
    [Fact]
    public async Task Its_orders_are_asked_for_from_the_first_on_and_are_no_blocks_of_the_former_one()
    {
        _enforcer.Connect();
        _keeper.Accept(Order(block: 7, target: "198.51.100.7"));
        Assert.Equal("enforced", (await _reports.NextAsync()).State);
        await StopAsync();

        using (var other = BlockJournal.Open(_path, "other", NullLogger.Instance, now: 0))
        {
            Assert.Equal(0UL, other.Version);
            var held = Assert.Single(other.Blocks.Values);
            Assert.True(BlockJournal.IsOfFormerLedger(held.Id));
            Assert.Equal(("198.51.100.7", "enforced"), (held.Target, held.State));
        }

        // And once more: a block of each former ledger.
        using (var again = BlockJournal.Open(_path, "other", NullLogger.Instance, now: 0))
            again.Put(HeldBlock.Of(Order(block: 7), 0, 4_102_444_800_000));

        using (var third = BlockJournal.Open(_path, "third", NullLogger.Instance, now: 0))
        {
            Assert.Equal(2, third.Blocks.Count);
            Assert.All(third.Blocks.Keys, id => Assert.True(BlockJournal.IsOfFormerLedger(id)));
        }

        Start();
    }

    [Fact]
    public async Task A_block_without_an_end_gets_one_for_nobody_could_remove_it()
    {
        await StopAsync();
        using (var former = BlockJournal.Open(_path, "ledger", NullLogger.Instance, now: 0))
            former.Put(HeldBlock.Of(Order(block: 7), 0, null));

        using (var other = BlockJournal.Open(_path, "other", NullLogger.Instance, now: 1_000))
            Assert.Equal(1_000 + 86_400_000, Assert.Single(other.Blocks.Values).Ends);

        Start("other");
    }

    [Fact]
    public async Task The_same_number_is_another_block_and_the_former_one_ends_on_time_without_a_word()
    {
        _enforcer.Connect();
        _keeper.Accept(Order(block: 1, seconds: 60, target: "198.51.100.7"));
        Assert.Equal("enforced", (await _reports.NextAsync()).State);
        await StopAsync();
        BlockJournal.Open(_path, "other", NullLogger.Instance, now: 0).Dispose();
        Start("other");
        _enforcer.Connect();

        _keeper.Accept(Order(block: 1, seconds: 1800, target: Attacker));

        var report = await _reports.NextAsync();
        Assert.Equal((1UL, "enforced"), (report.Block, report.State));
        Assert.Equal(2, _journal.Blocks.Count);
        await AdvanceToEndAsync(TimeSpan.FromSeconds(61));
        Assert.Equal([Attacker], _journal.Blocks.Values.Select(b => b.Target));
        Assert.False(_reports.HasAny);
    }
}
