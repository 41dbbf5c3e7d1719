using Redoubt.Store;

namespace Redoubt.Tests.Store;

public class LineJournalTests
{
    private static readonly long Month = (long)TimeSpan.FromDays(30).TotalMilliseconds;

    [Fact]
    public void A_file_that_was_never_read_has_no_position()
    {
        using var box = new StoreBox();

        Assert.Equal(-1, box.Journal.PositionOf("001", "auth", "1:2:0"));
    }

    [Fact]
    public void Positions_are_kept_for_each_agent_source_and_file_over_a_restart()
    {
        using var box = new StoreBox();
        box.Journal.Store(
            [new("001", "auth", "f", 10), new("002", "auth", "f", 20), new("001", "mail", "f", 30), new("001", "auth", "g", 40)],
            [],
            1
        );
        box.Journal.Store([new("001", "auth", "f", 11)], [], 2);

        box.Reopen();

        Assert.Equal(
            [11, 20, 30, 40, -1],
            new[] { ("001", "auth", "f"), ("002", "auth", "f"), ("001", "mail", "f"), ("001", "auth", "g"), ("002", "mail", "f") }.Select(
                k => box.Journal.PositionOf(k.Item1, k.Item2, k.Item3)
            )
        );
    }

    [Fact]
    public void Records_of_the_last_batch_alone_are_unconfirmed_after_a_restart_in_their_order()
    {
        using var box = new StoreBox();
        box.Journal.Store([], [new("/a", 0, [1])], 1);
        box.Journal.Store([], [new("/b", 5, [2, 0, 255]), new("/a", 1, [])], 2);

        box.Reopen();

        var records = box.Journal.Unconfirmed();
        Assert.Equal([("/b", 5L), ("/a", 1L)], records.Select(r => (r.Path, r.Start)));
        Assert.Equal([2, 0, 255], records[0].Bytes);
        Assert.Empty(records[1].Bytes);
    }

    [Fact]
    public void A_confirmed_batch_is_not_written_again()
    {
        using var box = new StoreBox();
        box.Journal.Store([new("001", "auth", "f", 10)], [new("/a", 0, [1])], 1);

        box.Journal.Confirm(2);

        Assert.Empty(box.Journal.Unconfirmed());
        Assert.Equal(10, box.Journal.PositionOf("001", "auth", "f"));
    }

    [Fact]
    public void A_batch_that_cannot_be_stored_leaves_positions_and_records_as_they_were()
    {
        using var box = new StoreBox();
        box.Journal.Store([new("001", "auth", "f", 10)], [new("/a", 0, [1])], 1);

        Assert.ThrowsAny<Exception>(() => box.Journal.Store([new("001", "auth", "f", 20)], Broken(), 2));

        Assert.Equal(10, box.Journal.PositionOf("001", "auth", "f"));
        Assert.Equal("/a", Assert.Single(box.Journal.Unconfirmed()).Path);

        static IEnumerable<RedoRecord> Broken()
        {
            yield return new RedoRecord("/b", 0, [2]);
            throw new IOException("gone");
        }
    }

    [Fact]
    public void Positions_of_files_long_gone_are_forgotten()
    {
        using var box = new StoreBox();
        box.Journal.Store([new("001", "auth", "old", 10)], [], 0);
        box.Journal.Store([new("001", "auth", "new", 20)], [], 1);

        box.Journal.Confirm(Month + 1);

        Assert.Equal(-1, box.Journal.PositionOf("001", "auth", "old"));
        Assert.Equal(20, box.Journal.PositionOf("001", "auth", "new"));
    }
}
