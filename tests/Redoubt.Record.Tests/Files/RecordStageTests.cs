using System.Globalization;
using System.Text;
using System.Text.Json;
using Redoubt.Record;

namespace Redoubt.Tests.Record;

public class RecordStageTests
{
    private static readonly string[] Names = ["alerts/alerts.json", "alerts/alerts.log", "archives/archives.json", "archives/archives.log"];

    [Fact]
    public void Scenario_76_An_id_is_the_second_and_the_place_of_the_record_in_alerts_log_the_same_in_every_file()
    {
        using var box = new LogsBox();
        var ids = Enumerable
            .Range(1, 5)
            .Select(n =>
            {
                box.Time.Advance(TimeSpan.FromMilliseconds(700));
                var id = box.Add($"Zoë {n}").Id;
                if (n % 2 == 0)
                    box.Write();

                return id;
            })
            .ToArray();
        box.Write();

        var log = File.ReadAllBytes(box.PathOf("alerts/alerts.log"));
        foreach (var id in ids)
        {
            var offset = int.Parse(id.Split('.')[1], CultureInfo.InvariantCulture);
            Assert.StartsWith($"** Alert {id}:", Encoding.UTF8.GetString(log.AsSpan(offset)), StringComparison.Ordinal);
        }

        Assert.Equal(ids, IdsOf(box, "alerts/alerts.json"));
        Assert.Equal(ids, IdsOf(box, "archives/archives.json"));
    }

    [Fact]
    public void Without_alerts_log_the_id_is_the_place_in_alerts_json()
    {
        using var box = new LogsBox(o => o with { AlertsLog = false });
        box.Add("one");
        var second = box.Add("two").Id;
        box.Write();

        var json = File.ReadAllBytes(box.PathOf("alerts/alerts.json"));
        Assert.Contains("\"two\"", Encoding.UTF8.GetString(json.AsSpan(int.Parse(second.Split('.')[1], CultureInfo.InvariantCulture))));
        Assert.False(File.Exists(box.PathOf("alerts/alerts.log")));
    }

    [Fact]
    public void Scenario_75_A_line_without_a_rule_is_in_the_archive_and_in_no_alert_file()
    {
        using var box = new LogsBox(o => o with { LogAllJson = false });
        box.Stage.TurnTo(box.Now);
        box.Stage.AddArchive(box.Stage.AssignId(Samples.Unmatched with { ArrivalUnixMilliseconds = box.Now }));
        box.Write();

        Assert.Equal(
            "2026 Jul 01 12:15:30 (shop) 192.0.2.5->/var/log/syslog Jul  1 12:15:31 shop cron[90]: job done\n",
            box.Read("archives/archives.log")
        );
        Assert.Empty(box.Read("alerts/alerts.log"));
        Assert.Empty(box.Read("alerts/alerts.json"));
    }

    [Fact]
    public void Scenario_75_Only_what_is_asked_for_is_written()
    {
        using var box = new LogsBox(o => o with { JsonOutput = false, LogAllJson = false, LogAll = false });
        box.Stage.TurnTo(box.Now);
        box.Add("one");
        box.Write();

        Assert.Equal([box.PathOf("alerts/alerts.log")], Directory.GetFiles(box.PathOf("alerts")));
        Assert.False(Directory.Exists(box.PathOf("archives")));
        Assert.False(box.Stage.KeepsArchives);
    }

    [Fact]
    public void The_files_are_there_before_the_first_record()
    {
        using var box = new LogsBox();

        box.Stage.TurnTo(box.Now);

        Assert.All(Names, n => Assert.Equal(string.Empty, box.Read(n)));
        Assert.Empty(box.Stage.Take());
    }

    [Fact]
    public void The_dated_file_and_the_fixed_name_are_one_file_for_owner_and_group()
    {
        using var box = new LogsBox();
        box.Add("one");
        box.Write();

        foreach (
            var (dated, name) in new[]
            {
                ("alerts/2026/Jul/ossec-alerts-01.json", Names[0]),
                ("alerts/2026/Jul/ossec-alerts-01.log", Names[1]),
                ("archives/2026/Jul/ossec-archive-01.json", Names[2]),
                ("archives/2026/Jul/ossec-archive-01.log", Names[3]),
            }
        )
        {
            Assert.NotEmpty(box.Read(dated));
            File.AppendAllText(box.PathOf(dated), "mark");
            Assert.EndsWith("mark", box.Read(name), StringComparison.Ordinal);
            Assert.Equal(
                UnixFileMode.None,
                File.GetUnixFileMode(box.PathOf(dated)) & ~(UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.GroupRead)
            );
        }
    }

    [Fact]
    public void The_day_changes_at_local_midnight()
    {
        using var box = new LogsBox(start: "2026-06-30T21:59:59.999Z"); // one millisecond before midnight of the zone
        box.Add("old day");
        box.Time.Advance(TimeSpan.FromMilliseconds(1));
        var first = box.Add("new day");
        box.Write();

        Assert.EndsWith(".0", first.Id, StringComparison.Ordinal);
        Assert.Contains("old day", box.Read("alerts/2026/Jun/ossec-alerts-30.log"));
        Assert.DoesNotContain("new day", box.Read("alerts/2026/Jun/ossec-alerts-30.log"));
        Assert.Equal(box.Read("alerts/2026/Jul/ossec-alerts-01.log"), box.Read("alerts/alerts.log"));
        Assert.Contains("new day", box.Read("alerts/alerts.log"));
    }

    [Fact]
    public void Records_of_two_days_in_turn_lose_nothing()
    {
        // Hosts' clocks differ a little: around midnight their lines alternate between two days.
        using var box = new LogsBox(start: "2026-06-30T22:00:00Z");
        foreach (var n in Enumerable.Range(0, 6))
            box.Add($"line {n}", box.Now - (n % 2));

        box.Write();
        box.Add("line 6", box.Now - 1);
        box.Write();

        Assert.Equal(["line 1", "line 3", "line 5", "line 6"], LinesOf(box, "alerts/2026/Jun/ossec-alerts-30.json"));
        Assert.Equal(["line 0", "line 2", "line 4"], LinesOf(box, "alerts/2026/Jul/ossec-alerts-01.json"));
        Assert.Equal(4, box.Read("archives/2026/Jun/ossec-archive-30.log").Split('\n').Length - 1);
    }

    [Theory]
    [InlineData(long.MaxValue)]
    [InlineData(long.MinValue)]
    [InlineData(-1)]
    [InlineData(253_402_300_799_999)]
    public void A_host_whose_clock_says_anything_loses_no_record_and_stops_nobody(long arrival)
    {
        using var box = new LogsBox();
        box.Add("one");
        box.Add("strange", arrival);
        box.Add("two");
        box.Write();

        Assert.Equal(["one", "two"], LinesOf(box, "alerts/2026/Jul/ossec-alerts-01.json"));
        Assert.Equal(6, Directory.GetFiles(box.PathOf("alerts"), "*", SearchOption.AllDirectories).Length);
    }

    [Fact]
    public void After_a_restart_it_goes_on_behind_what_is_there()
    {
        using var box = new LogsBox();
        box.Add("one");
        box.Write();
        box.Restart();
        box.Add("two");
        box.Write();

        Assert.Equal(["one", "two"], LinesOf(box, Names[0]));
    }

    [Theory]
    [InlineData("deleted")]
    [InlineData("folder deleted")]
    [InlineData("truncated")]
    [InlineData("renamed")]
    [InlineData("replaced")]
    [InlineData("fixed name deleted")]
    public void What_someone_did_to_the_file_costs_no_later_record(string what)
    {
        using var box = new LogsBox();
        box.Add("before");
        box.Write();

        var dated = box.PathOf("alerts/2026/Jul/ossec-alerts-01.json");
        switch (what)
        {
            case "deleted":
                File.Delete(dated);
                break;
            case "folder deleted":
                Directory.Delete(box.PathOf("alerts/2026"), recursive: true);
                break;
            case "truncated":
                File.WriteAllText(dated, string.Empty);
                break;
            case "renamed":
                File.Move(dated, dated + ".1");
                break;
            case "replaced":
                File.Move(dated, dated + ".1");
                File.WriteAllText(dated, string.Empty);
                break;
            default:
                File.Delete(box.PathOf(Names[0]));
                break;
        }

        box.Add("after");
        box.Write();
        box.Add("later");
        box.Write();

        Assert.Equal(["after", "later"], LinesOf(box, Names[0]).Where(l => l != "before"));
        Assert.Equal(box.Read(Names[0]), File.ReadAllText(dated));
    }

    [Fact]
    public void A_batch_that_is_written_again_after_a_crash_stands_there_once()
    {
        using var box = new LogsBox();
        box.Add("one");
        box.Write();
        box.Add("two");
        box.Add("three");
        var batch = box.Stage.Take();
        box.Stage.Write(batch);
        var whole = Names.Select(box.Read).ToArray();

        // The crash may have come after any byte of any of the files.
        foreach (var part in new[] { 0.0, 0.3, 0.99 })
        {
            foreach (var append in batch)
                Cut(append.Path, append.Offset + (long)(append.Bytes.Length * part));

            box.Restart();
            box.Stage.Write(batch);
            box.Stage.Write(batch);
            Assert.Equal(whole, Names.Select(box.Read));
        }

        box.Add("four");
        box.Write();
        Assert.Equal(["one", "two", "three", "four"], LinesOf(box, Names[0]));
    }

    [Fact]
    public void A_batch_is_written_again_even_when_its_files_are_gone()
    {
        using var box = new LogsBox();
        box.Add("one");
        var batch = box.Stage.Take();
        Directory.Delete(box.PathOf("alerts"), recursive: true);
        box.Restart();

        box.Stage.Write(batch);

        Assert.Equal(["one"], LinesOf(box, "alerts/2026/Jul/ossec-alerts-01.json"));
    }

    [Fact]
    public void A_file_that_was_cut_in_between_never_gets_a_hole()
    {
        using var box = new LogsBox();
        box.Add("one");
        box.Write();
        box.Add("two");
        var batch = box.Stage.Take();
        foreach (var append in batch)
            Cut(append.Path, 0);

        box.Stage.Write(batch);

        Assert.DoesNotContain('\0', box.Read(Names[1]));
        Assert.Equal(["two"], LinesOf(box, Names[0]));
    }

    private static void Cut(string path, long length)
    {
        using var file = new FileStream(path, FileMode.Open, FileAccess.Write, FileShare.ReadWrite | FileShare.Delete);
        file.SetLength(length);
    }

    private static IEnumerable<string> IdsOf(LogsBox box, string name) => Values(box, name, "id");

    private static IEnumerable<string> LinesOf(LogsBox box, string name) => Values(box, name, "full_log");

    private static IEnumerable<string> Values(LogsBox box, string name, string key) =>
        box.Read(name)
            .Split('\n', StringSplitOptions.RemoveEmptyEntries)
            .Select(l => JsonDocument.Parse(l).RootElement.GetProperty(key).GetString()!);
}
