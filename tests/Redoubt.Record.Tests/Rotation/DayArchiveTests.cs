using System.IO.Compression;
using System.Security.Cryptography;
using System.Text;
using Redoubt.Record;

namespace Redoubt.Tests.Record.Rotation;

public class DayArchiveTests
{
    private const string Name = "alerts/2026/Jul/ossec-alerts-01.json";

    [Fact]
    public void A_day_that_is_put_away_is_compressed_and_has_sums_that_sha256sum_reads()
    {
        using var box = new LogsBox();
        box.Add("one");
        box.Write();
        var whole = box.Read(Name);

        PutAway(box);

        Assert.False(File.Exists(box.PathOf(Name)));
        Assert.Equal(whole, RecordedDays.Read(box.PathOf(Name) + ".gz"));
        Assert.Equal(
            $"SHA256 (ossec-alerts-01.json) = {Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(whole)))}\n"
                + $"SHA256 (ossec-alerts-01.json.gz) = {Convert.ToHexStringLower(SHA256.HashData(File.ReadAllBytes(box.PathOf(Name) + ".gz")))}\n",
            box.Read(Name + ".sum")
        );
        Assert.Equal(
            UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.GroupRead,
            File.GetUnixFileMode(box.PathOf(Name) + ".gz")
        );
    }

    [Fact]
    public void The_sums_of_a_day_hold_those_of_the_day_before_across_months()
    {
        using var box = new LogsBox(start: "2026-06-30T10:00:00Z");
        box.Add("June");
        box.Write();
        box.Time.Advance(TimeSpan.FromDays(1));
        box.Add("July");
        box.Write();

        PutAway(box);

        var before = File.ReadAllBytes(box.PathOf("alerts/2026/Jun/ossec-alerts-30.json.sum"));
        Assert.Contains(
            $"SHA256 (../Jun/ossec-alerts-30.json.sum) = {Convert.ToHexStringLower(SHA256.HashData(before))}\n",
            box.Read(Name + ".sum")
        );
    }

    [Fact]
    public void What_comes_for_a_closed_day_stands_in_the_next_open_one_also_after_a_restart()
    {
        using var box = new LogsBox();
        var yesterday = box.Now;
        box.Add("before");
        box.Write();
        box.Stage.Close(DayFile.Under(box.PathOf(".")));
        box.Add("late while it is put away", yesterday);
        box.Write();
        PutAway(box, close: false);
        box.Restart();
        box.Add("late after a restart", yesterday);
        box.Time.Advance(TimeSpan.FromDays(1));
        box.Add("new day");
        box.Add("clock went back", yesterday);
        box.Write();

        Assert.Equal(
            ["late while it is put away", "late after a restart", "new day", "clock went back"],
            RecordedDays.LinesIn(box.PathOf("alerts/2026/Jul/ossec-alerts-02.json"))
        );
        Assert.Equal(["before"], RecordedDays.LinesIn(box.PathOf(Name) + ".gz"));
        Assert.Equal(4, RecordedDays.LinesIn(box.PathOf("alerts/alerts.json")).Length);
    }

    [Fact]
    public void A_compressed_file_of_other_content_is_told_and_costs_neither_of_them()
    {
        using var box = new LogsBox();
        box.Add("ours");
        box.Write();
        using (var zip = new GZipStream(File.Create(box.PathOf(Name) + ".gz"), CompressionLevel.Fastest))
            zip.Write("theirs"u8);

        var day = DayFile.Under(box.PathOf(".")).Single(d => d.Path.EndsWith("alerts-01.json", StringComparison.Ordinal));
        var told = Assert.Throws<InvalidDataException>(() => DayArchive.Store(day));

        Assert.Contains("Both stay", told.Message);
        Assert.Equal("theirs", RecordedDays.Read(day.Compressed));
        Assert.Equal(["ours"], RecordedDays.LinesIn(day.Path));
    }

    [Fact]
    public void A_disk_without_room_leaves_the_day_as_it_is_and_it_is_put_away_when_there_is_room()
    {
        using var box = new LogsBox();
        box.Add("one");
        box.Write();
        var whole = box.Read(Name);
        var day = DayFile.Under(box.PathOf(".")).Single(d => d.Path.EndsWith("alerts-01.json", StringComparison.Ordinal));
        box.Stage.Close([day]);
        File.Delete(day.Unfinished);
        using (FullDisk.At(day.Unfinished))
            Assert.Contains("space", Assert.Throws<IOException>(() => DayArchive.Store(day)).Message, StringComparison.Ordinal);

        Assert.Equal(whole, box.Read(Name));
        Assert.False(File.Exists(day.Compressed));
        DayArchive.Store(day);

        Assert.Equal(whole, RecordedDays.Read(day.Compressed));
        Assert.False(File.Exists(day.Path));
    }

    [Fact]
    public void A_damaged_compressed_file_is_told_by_name_and_the_open_one_stays()
    {
        using var box = new LogsBox();
        box.Add("ours");
        box.Write();
        var day = DayFile.Under(box.PathOf(".")).Single(d => d.Path.EndsWith("alerts-01.json", StringComparison.Ordinal));
        File.WriteAllText(day.Compressed, "no gzip");

        var told = Assert.Throws<InvalidDataException>(() => DayArchive.Store(day));

        Assert.StartsWith($"{day.Compressed} is damaged", told.Message, StringComparison.Ordinal);
        Assert.Equal(["ours"], RecordedDays.LinesIn(day.Path));
    }

    [Fact]
    public void Files_that_are_no_records_are_left_alone()
    {
        using var box = new LogsBox();
        var folder = box.PathOf("alerts/2026/Jul");
        Directory.CreateDirectory(folder);
        foreach (
            var name in (string[])
                ["ossec-alerts-32.json", "ossec-alerts-.json", "notes.json", "ossec-alerts-01.json.1", "ossec-alerts-x.log"]
        )
            File.WriteAllText(Path.Combine(folder, name), "mine");

        Assert.Empty(DayFile.Under(box.PathOf(".")));
        Assert.Empty(DayFile.Under(box.PathOf("nowhere")));
    }

    private static void PutAway(LogsBox box, bool close = true)
    {
        var days = DayFile.Under(box.PathOf("."));
        if (close)
            box.Stage.Close(days);

        foreach (var day in days.Where(d => d.IsClosed))
            DayArchive.Store(day);
    }
}
