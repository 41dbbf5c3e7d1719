using Redoubt.Record;

namespace Redoubt.Tests.Record.Rotation;

/// <summary>Which day's file a record stands in while a manager runs, and where <c>alerts.json</c> leads.</summary>
public class TurnTests
{
    private const string First = "alerts/2026/Jul/ossec-alerts-01.json";
    private const string Second = "alerts/2026/Jul/ossec-alerts-02.json";
    private const string Name = "alerts/alerts.json";

    [Fact]
    public void A_late_record_of_the_day_before_stands_in_the_file_of_today_and_turns_nothing_back()
    {
        using var box = new LogsBox();
        var yesterday = box.Now;
        Assert.Null(box.Stage.TurnTo(box.Now));
        box.Add("before");
        box.Write();
        box.Time.Advance(TimeSpan.FromDays(1));
        Assert.Null(box.Stage.TurnTo(box.Now));
        box.Add("late", yesterday);
        box.Write();
        box.Add("on time");
        box.Add("late again", yesterday);
        box.Write();

        Assert.Equal(["before"], RecordedDays.LinesIn(box.PathOf(First)));
        Assert.Equal(["late", "on time", "late again"], RecordedDays.LinesIn(box.PathOf(Name)));
        Assert.Equal(box.Read(Second), box.Read(Name));
    }

    [Fact]
    public void At_midnight_the_names_lead_to_new_files_without_any_record()
    {
        using var box = new LogsBox();
        box.Add("before");
        box.Write();

        box.Time.Advance(TimeSpan.FromDays(1));
        Assert.Null(box.Stage.TurnTo(box.Now));

        Assert.Empty(box.Read(Name));
        Assert.Empty(box.Read("archives/archives.log"));
        Assert.Equal(["before"], RecordedDays.LinesIn(box.PathOf(First)));
    }

    [Fact]
    public void A_clock_that_goes_back_by_a_day_turns_the_names_back_and_loses_nothing()
    {
        using var box = new LogsBox();
        var start = box.Now;
        box.Stage.TurnTo(start);
        box.Add("one");
        box.Write();
        box.Stage.TurnTo(start + 86_400_000);
        box.Add("two", start + 86_400_000);
        box.Write();
        box.Stage.TurnTo(start + 60_000);
        box.Add("three", start + 60_000);
        box.Write();

        Assert.Equal(["one", "three"], RecordedDays.LinesIn(box.PathOf(Name)));
        Assert.Equal(["two"], RecordedDays.LinesIn(box.PathOf(Second)));
    }

    [Theory]
    [InlineData("UTC+14", 14, Second)]
    [InlineData("UTC-12", -12, "alerts/2026/Jun/ossec-alerts-30.json")]
    public void After_a_change_of_the_zone_records_stand_in_the_day_of_the_new_zone(string zone, int hours, string file)
    {
        using var box = new LogsBox();
        box.Add("before");
        box.Write();
        box.Time.SetLocalTimeZone(TimeZoneInfo.CreateCustomTimeZone(zone, TimeSpan.FromHours(hours), zone, zone));
        box.Restart();
        box.Stage.TurnTo(box.Now);
        box.Add("after");
        box.Write();

        Assert.Equal("after", RecordedDays.LinesIn(box.PathOf(file))[^1]);
        Assert.Equal("after", RecordedDays.LinesIn(box.PathOf(Name))[^1]);
    }

    [Fact]
    public void A_zone_that_goes_back_to_a_day_that_was_put_away_goes_on_in_the_day_that_is_open()
    {
        using var box = new LogsBox(start: "2026-07-01T23:00:00Z"); // the second of July in the zone
        box.Stage.TurnTo(box.Now - 86_400_000);
        box.Add("first day", box.Now - 86_400_000);
        box.Write();
        box.Stage.TurnTo(box.Now);
        box.Add("second day");
        box.Write();
        var first = DayFile.Under(box.PathOf(".")).Where(d => d.Day.Day == 1).ToArray();
        box.Stage.Close(first);
        foreach (var day in first)
            DayArchive.Store(day);

        box.Time.SetLocalTimeZone(TimeZoneInfo.Utc);
        box.Restart();
        box.Stage.TurnTo(box.Now);
        box.Add("first day again");
        box.Write();

        Assert.Equal(["second day", "first day again"], RecordedDays.LinesIn(box.PathOf(Name)));
        Assert.Equal(["first day"], RecordedDays.LinesIn(box.PathOf(First) + ".gz"));
    }

    [Fact]
    public void A_file_that_cannot_be_made_at_midnight_is_told_and_costs_no_record()
    {
        using var box = new LogsBox();
        box.Stage.TurnTo(box.Now);
        Directory.CreateDirectory(box.PathOf(Second)); // in its place
        box.Time.Advance(TimeSpan.FromDays(1));

        Assert.Contains("ossec-alerts-02.json", box.Stage.TurnTo(box.Now), StringComparison.Ordinal);
        box.Add("first of the day");
        var batch = box.Stage.Take();
        Assert.ThrowsAny<Exception>(() => box.Stage.Write(batch));

        Directory.Delete(box.PathOf(Second));
        box.Stage.Write(batch);
        box.Time.Advance(TimeSpan.FromMinutes(1));
        Assert.Null(box.Stage.TurnTo(box.Now));
        box.Add("second");
        box.Write();

        Assert.Equal(["first of the day", "second"], RecordedDays.LinesIn(box.PathOf(Name)));
    }

    [Fact]
    public void A_disk_without_room_refuses_a_batch_which_stands_there_once_when_there_is_room()
    {
        using var box = new LogsBox();
        box.Stage.TurnTo(box.Now);
        box.Add("before");
        box.Write();
        var whole = box.Read(First);
        using (FullDisk.At(box.PathOf(First)))
        {
            box.Add("waits");
            var batch = box.Stage.Take();
            for (var i = 0; i < 3; i++)
                Assert.Contains("space", Assert.Throws<IOException>(() => box.Stage.Write(batch)).Message, StringComparison.Ordinal);
        }

        Assert.Equal(whole, box.Read(First));
    }
}
