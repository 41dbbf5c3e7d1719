using System.Text.Json;
using Redoubt.Record;

namespace Redoubt.Tests.Record.Reading;

public class RecordFollowerTests
{
    private const string Name = "alerts/alerts.json";

    [Fact]
    public void It_goes_on_in_the_file_of_the_new_day_at_once_however_much_longer_that_is()
    {
        using var box = new LogsBox();
        Record(box, "one");
        using var follower = new RecordFollower(box.PathOf(Name));
        Assert.Equal(["one"], Lines(follower));

        // Midnight comes between two records of one batch, and the new file is the longer one before anybody looks.
        box.Add("two");
        box.Time.Advance(TimeSpan.FromDays(1));
        box.Stage.TurnTo(box.Now);
        box.Add("three");
        box.Add("four");
        box.Write();
        Assert.Equal(["two", "three", "four"], Lines(follower));

        Record(box, "five");
        Assert.Equal(["five"], Lines(follower));
    }

    [Fact]
    public void While_the_new_day_has_no_record_the_old_one_is_read_on()
    {
        using var box = new LogsBox();
        Record(box, "one");
        using var follower = new RecordFollower(box.PathOf(Name));
        Assert.Equal(["one"], Lines(follower));
        box.Add("two");
        var batch = box.Stage.Take();
        box.Time.Advance(TimeSpan.FromDays(1));
        box.Stage.TurnTo(box.Now);
        Assert.Empty(Lines(follower));

        box.Stage.Write(batch);
        Assert.Equal(["two"], Lines(follower));
        Record(box, "three");
        Assert.Equal(["three"], Lines(follower));
    }

    [Fact]
    public void It_reads_on_while_the_day_is_compressed()
    {
        using var box = new LogsBox();
        Record(box, "one");
        using var follower = new RecordFollower(box.PathOf(Name));
        box.Time.Advance(TimeSpan.FromDays(1));
        box.Stage.TurnTo(box.Now);
        var over = DayFile.Under(box.PathOf(".")).Where(d => d.Day.Day == 1).ToArray();
        box.Stage.Close(over);
        foreach (var day in over)
            DayArchive.Store(day);

        Record(box, "two");

        Assert.Equal(["one", "two"], Lines(follower));
    }

    [Fact]
    public void A_record_that_is_half_written_comes_when_it_is_whole()
    {
        using var box = new LogsBox();
        var path = box.PathOf("file");
        File.WriteAllText(path, "one\ntw");
        using var follower = new RecordFollower(path);
        Assert.Equal(["one"], follower.ReadNew());

        File.AppendAllText(path, "o\nthree\n");

        Assert.Equal(["two", "three"], follower.ReadNew());
    }

    [Fact]
    public void A_file_that_was_cut_or_taken_away_is_read_again_from_its_start()
    {
        using var box = new LogsBox();
        var path = box.PathOf("file");
        File.WriteAllText(path, "one\ntwo\n");
        using var follower = new RecordFollower(path);
        Assert.Equal(["one", "two"], follower.ReadNew());

        File.WriteAllText(path, "new\n");
        Assert.Equal(["new"], follower.ReadNew());
        File.Delete(path);
        Assert.Empty(follower.ReadNew());
        File.WriteAllText(path, "back\n");
        Assert.Equal(["back"], follower.ReadNew());
    }

    [Fact]
    public void Lines_of_any_length_and_bytes_come_whole()
    {
        using var box = new LogsBox();
        var path = box.PathOf("file");
        string[] lines = [new('x', 200_000), "Zoë", string.Empty, new('ö', 65_536)];
        File.WriteAllLines(path, lines);
        using var follower = new RecordFollower(path);

        Assert.Equal(lines, follower.ReadNew());
    }

    private static void Record(LogsBox box, string line)
    {
        box.Stage.TurnTo(box.Now);
        box.Add(line);
        box.Write();
    }

    private static string[] Lines(RecordFollower follower) =>
        [.. follower.ReadNew().Select(l => JsonDocument.Parse(l).RootElement.GetProperty("full_log").GetString()!)];
}
