using Redoubt.Collect;
using Redoubt.Collect.Files;
using Redoubt.Collect.Native;

namespace Redoubt.Tests.Collect.Positions;

public sealed class PositionStoreTests : IAsyncDisposable
{
    private const string Key = "file:/var/log/100% odd\nname";

    private readonly LogBox _box = new();
    private readonly FileFacts _facts = new(0, 2049, 4711, 0, true, 0, 0);

    public ValueTask DisposeAsync() => _box.DisposeAsync();

    [Fact]
    public void Positions_survive_and_generations_do_not_repeat()
    {
        FileIdentity first,
            second;
        using (var store = Open())
        {
            first = store.Begin(Key, _facts, 10, new Fingerprint());
            second = store.Begin(Key, _facts, 0, new Fingerprint());
            store.Acknowledge([new LinePosition(Key, first, 30), new LinePosition(Key, second, 5), new LinePosition("unknown", first, 7)]);
            store.Acknowledge(Key, first, 20);
        }

        using var again = Open();
        Assert.Equal([(first, 30L), (second, 5L)], again.Get(Key).Select(position => (position.File, position.Offset)));
        Assert.Equal(first.Generation + 1, second.Generation);
        Assert.Equal(second.Generation + 1, again.Begin(Key, _facts, 0, new Fingerprint()).Generation);
        Assert.False(again.IsKnown("unknown"));
        Assert.Empty(_box.Messages);
    }

    [Fact]
    public void A_finished_file_is_forgotten_when_all_of_it_is_acknowledged()
    {
        using (var store = Open())
        {
            var file = store.Begin(Key, _facts, 0, new Fingerprint());
            store.Finish(Key, file, 100);
            store.Acknowledge(Key, file, 99);
            Assert.Single(store.Get(Key));
            store.Acknowledge(Key, file, 100);
            Assert.Empty(store.Get(Key));
        }

        using var again = Open();
        Assert.Empty(again.Get(Key));
        Assert.True(again.IsKnown(Key));
    }

    [Fact]
    public void A_new_store_does_not_repeat_the_generations_of_a_lost_one()
    {
        FileIdentity before,
            after;
        using (var store = Open())
            before = store.Begin(Key, _facts, 0, new Fingerprint());
        File.Delete(_box.PositionFile);
        _box.Time.Advance(TimeSpan.FromSeconds(1));
        using (var store = Open())
            after = store.Begin(Key, _facts, 0, new Fingerprint());

        Assert.NotEqual(before, after);
    }

    [Fact]
    public void A_line_torn_by_a_kill_is_passed_over_in_silence()
    {
        var file = Prepare(42);
        var bytes = File.ReadAllBytes(_box.PositionFile);
        for (var length = bytes.Length - 1; length > bytes.Length - 60; length--)
        {
            File.WriteAllBytes(_box.PositionFile, bytes[..length]);
            using var store = Open();
            Assert.True(store.IsKnown(Key));
        }

        Assert.Empty(_box.Messages);
        Assert.NotEqual(default, file);
    }

    [Fact]
    public void A_damaged_line_is_told_and_costs_what_it_said()
    {
        var file = Prepare(42);
        using (var store = Open())
            store.Acknowledge("file:/b", store.Begin("file:/b", _facts, 0, new Fingerprint()), 7);
        var lines = File.ReadAllLines(_box.PositionFile);
        lines[2] = lines[2].Replace('4', '5');
        File.WriteAllLines(_box.PositionFile, lines);

        using var again = Open();
        Assert.Empty(again.Get(Key));
        Assert.True(again.IsKnown(Key));
        Assert.Equal(7, again.Get("file:/b").Single().Offset);
        Assert.Contains("damaged", Assert.Single(_box.Messages), StringComparison.Ordinal);
        Assert.NotEqual(default, file);
    }

    [Fact]
    public void A_second_process_is_kept_out()
    {
        using var store = Open();
        Assert.Throws<IOException>(Open);
    }

    [Fact]
    public void The_file_stays_small_however_many_acknowledgements_come()
    {
        FileIdentity file;
        using (var store = Open())
        {
            file = store.Begin(Key, _facts, 0, new Fingerprint());
            for (var offset = 1; offset <= 40_000; offset++)
                store.Acknowledge(Key, file, offset);
        }

        Assert.InRange(new FileInfo(_box.PositionFile).Length, 1, 1_200_000);
        using var again = Open();
        Assert.Equal(40_000, again.Get(Key).Single().Offset);
    }

    [Fact]
    public void A_disk_that_refuses_is_told_once_and_positions_are_saved_when_it_does_again()
    {
        FileIdentity file;
        using (var store = Open())
        {
            file = store.Begin(Key, _facts, 0, new Fingerprint());
            var queue = Path.GetDirectoryName(_box.PositionFile)!;
            Directory.Move(queue, queue + "-away");
            for (var offset = 1; offset <= 15_000; offset++)
                store.Acknowledge(Key, file, offset);
            Assert.Contains("Could not save positions", Assert.Single(_box.Messages), StringComparison.Ordinal);
            Assert.Equal(15_000, store.Get(Key).Single().Offset);

            Directory.Move(queue + "-away", queue);
            store.Acknowledge(Key, file, 15_001);
        }

        using var again = Open();
        Assert.Equal(15_001, again.Get(Key).Single().Offset);
    }

    private PositionStore Open() => new(_box.PositionFile, _box.Time, _box);

    private FileIdentity Prepare(long offset)
    {
        using var store = Open();
        var file = store.Begin(Key, _facts, 0, new Fingerprint());
        store.Acknowledge(Key, file, offset);
        return file;
    }
}
