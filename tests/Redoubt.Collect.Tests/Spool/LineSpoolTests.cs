using System.Text;
using Redoubt.Collect;

namespace Redoubt.Tests.Collect.Spool;

public sealed class LineSpoolTests : IDisposable
{
    private const int Bound = 64 * 1024;
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("rdt-spool-");

    public void Dispose() => _folder.Delete(recursive: true);

    [Fact]
    public void Records_come_out_in_order_and_keep_their_positions_over_a_restart()
    {
        string id;
        long second;
        using (var spool = Open())
        {
            id = spool.Id;
            Append(spool, "a", "", "c");
            Assert.True(spool.TryRead(spool.Start, out _, out second));
            Assert.Equal(["a", "", "c"], All(spool));
        }

        using var again = Open();
        Assert.Equal(id, again.Id);
        Assert.Equal(3, again.Recovered);
        Assert.Equal(["", "c"], All(again, second));
        Append(again, "d");
        Assert.Equal(["a", "", "c", "d"], All(again));
    }

    [Fact]
    public void Beyond_its_bound_it_takes_nothing_and_what_is_released_gives_room()
    {
        using var spool = Open();
        var record = new byte[1000];
        var taken = 0;
        while (spool.TryAppend(record))
            taken++;

        Assert.InRange(taken, Bound / 1100, Bound / 1000);
        Assert.InRange(spool.Bytes, Bound - 1100, Bound);
        Assert.Equal(taken, All(spool).Count);

        var position = spool.Start;
        for (var i = 0; i < taken / 2; i++)
            Assert.True(spool.TryRead(position, out _, out position));
        spool.Release(position);
        Assert.True(spool.TryAppend(record));
        Assert.Equal(taken - (taken / 2) + 1, All(spool, position).Count);
    }

    [Fact]
    public void All_released_leaves_nothing_and_positions_go_on()
    {
        using var spool = Open();
        Append(spool, "a", "b");
        Assert.True(spool.TryRead(spool.Start, out _, out var position));
        Assert.True(spool.TryRead(position, out _, out position));
        spool.Release(position);

        Assert.Equal(0, spool.Bytes);
        Assert.Equal(position, spool.Start);
        Append(spool, "c");
        Assert.Equal(["c"], All(spool, position));
    }

    [Fact]
    public void A_crash_in_the_middle_of_a_record_costs_that_record_only()
    {
        using (var spool = Open())
            Append(spool, "whole", "torn apart");
        var file = Directory.GetFiles(_folder.FullName, "*.spool").Single();
        var bytes = File.ReadAllBytes(file);
        for (var length = bytes.Length - 1; length >= 8 + "whole".Length; length--)
        {
            foreach (var other in Directory.GetFiles(_folder.FullName, "*.spool"))
                File.Delete(other);
            File.WriteAllBytes(file, bytes[..length]);
            using var spool = Open();
            Assert.Equal(["whole"], All(spool));
            Append(spool, "next");
            Assert.Equal(["whole", "next"], All(spool));
        }
    }

    [Theory]
    [InlineData(0, 0xff)] // the length
    [InlineData(3, 0x80)] // a negative one
    [InlineData(5, 0x10)] // the check
    [InlineData(8, 0x01)] // the text
    public void What_the_disk_has_broken_is_cut_off_and_told(int at, byte change)
    {
        using (var spool = Open())
            Append(spool, "first", "second");
        var file = Directory.GetFiles(_folder.FullName, "*.spool").Single();
        var bytes = File.ReadAllBytes(file);
        bytes[8 + "first".Length + at] ^= change;
        File.WriteAllBytes(file, bytes);

        using var again = Open();
        Assert.Equal(["first"], All(again));
        Assert.Equal(1, again.BrokenSegments);
    }

    [Fact]
    public void A_position_never_means_two_records_whatever_is_taken_away()
    {
        long position;
        string id;
        using (var spool = Open())
        {
            Append(spool, "a", "b");
            (position, id) = (spool.Start, spool.Id);
            while (spool.TryRead(position, out _, out var end))
                position = end;
        }

        File.WriteAllBytes(Directory.GetFiles(_folder.FullName, "*.spool").Single(), []);
        using (var again = Open())
        {
            Append(again, "c");
            Assert.Equal(["c"], All(again, position));
            Assert.Equal(id, again.Id);
        }

        foreach (var file in Directory.GetFiles(_folder.FullName, "*.spool"))
            File.Delete(file);
        using var anew = Open();
        Assert.NotEqual(id, anew.Id);
    }

    [Fact]
    public void Other_files_of_the_folder_and_runs_of_nul_bytes_do_no_harm()
    {
        File.WriteAllText(Path.Combine(_folder.FullName, "notes.spool"), "no number");
        File.WriteAllBytes(Path.Combine(_folder.FullName, "00000000000000000000.spool"), new byte[4096]);

        using var spool = Open();
        Assert.Empty(All(spool));
        Append(spool, "a");
        Assert.Equal(["a"], All(spool));
    }

    [Fact]
    public void A_gauge_tells_each_level_once_until_it_has_emptied()
    {
        var gauge = new SpoolGauge();

        Assert.Null(gauge.Note(49, 100, hasShed: false));
        Assert.Equal(50, gauge.Note(50, 100, hasShed: false));
        Assert.Null(gauge.Note(60, 100, hasShed: false));
        Assert.Equal(90, gauge.Note(95, 100, hasShed: false));
        Assert.Null(gauge.Note(70, 100, hasShed: false));
        Assert.Equal(100, gauge.Note(99, 100, hasShed: true));
        Assert.Null(gauge.Note(99, 100, hasShed: true));
        Assert.Null(gauge.Note(10, 100, hasShed: false));
        Assert.Equal(70, gauge.Note(70, 100, hasShed: false));
    }

    private LineSpool Open() => new(_folder.FullName, Bound);

    private static void Append(LineSpool spool, params string[] records) =>
        Assert.All(records, r => Assert.True(spool.TryAppend(Encoding.UTF8.GetBytes(r))));

    private static List<string> All(LineSpool spool, long? from = null)
    {
        var all = new List<string>();
        var position = from ?? spool.Start;
        while (spool.TryRead(position, out var record, out position))
            all.Add(Encoding.UTF8.GetString(record));
        return all;
    }
}
