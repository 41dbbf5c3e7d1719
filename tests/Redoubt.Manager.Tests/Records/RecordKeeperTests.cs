using Microsoft.Extensions.Logging.Abstractions;
using Redoubt.App.Manager;
using Redoubt.Model;
using Redoubt.Record;

namespace Redoubt.Tests.Manager.Records;

public sealed class RecordKeeperTests
{
    private const string First = "alerts/2026/Jan/ossec-alerts-01.json";
    private const string Second = "alerts/2026/Jan/ossec-alerts-02.json";

    [Fact]
    public async Task At_midnight_the_files_turn_and_an_hour_later_the_day_before_is_put_away()
    {
        await using var box = new ManagerBox();
        var keeper = KeeperOf(box);
        await box.SendAsync(box.Web01, ManagerBox.Guess("192.0.2.1"));

        await LookAtAsync(box, keeper, TimeSpan.FromDays(1));
        Assert.True(File.Exists(PathOf(box, Second)));
        Assert.Empty(box.Alerts(5710));
        Assert.False(File.Exists(PathOf(box, First) + ".gz"));

        await LookAtAsync(box, keeper, RecordKeeper.Settling);
        Assert.False(File.Exists(PathOf(box, First)));
        Assert.True(File.Exists(PathOf(box, First) + ".gz"));
        Assert.True(File.Exists(PathOf(box, First) + ".sum"));
        Assert.Empty(box.Alerts(OwnRules.RecordsWaited.Id));
    }

    [Fact]
    public async Task What_cannot_be_put_away_is_told_once_and_tried_again()
    {
        await using var box = new ManagerBox();
        var keeper = KeeperOf(box);
        await box.SendAsync(box.Web01, ManagerBox.Guess("192.0.2.1"));
        await LookAtAsync(box, keeper, TimeSpan.FromDays(1));
        using (FullDisk.At(PathOf(box, First) + ".gz.new"))
        {
            await LookAtAsync(box, keeper, RecordKeeper.Settling);
            await LookAtAsync(box, keeper, RecordKeeper.Pause);
            await box.SendAsync(box.Web01, ManagerBox.Guess("192.0.2.2"));
            var told = Assert.Single(box.Alerts(OwnRules.RecordsWaited.Id));
            Assert.Contains("space", told, StringComparison.Ordinal);
            Assert.Contains("records_keep_days", told, StringComparison.Ordinal);
            Assert.True(File.Exists(PathOf(box, First)));
        }

        await LookAtAsync(box, keeper, RecordKeeper.Pause);

        Assert.False(File.Exists(PathOf(box, First)));
        Assert.True(File.Exists(PathOf(box, First) + ".gz"));
        await box.SendAsync(box.Web01, ManagerBox.Guess("192.0.2.3"));
        Assert.Single(box.Alerts(OwnRules.RecordsWaited.Id));
    }

    [Fact]
    public async Task A_file_that_cannot_be_made_at_midnight_is_told_and_costs_no_alert()
    {
        await using var box = new ManagerBox();
        var keeper = KeeperOf(box);
        Directory.CreateDirectory(PathOf(box, Second));
        await LookAtAsync(box, keeper, TimeSpan.FromDays(1));
        var sending = box.SendAsync(box.Web01, ManagerBox.Guess("192.0.2.1"));

        Directory.Delete(PathOf(box, Second));
        await box.StepUntilAsync(() => sending.IsCompleted);

        await sending;
        Assert.Single(box.Alerts(5710));
        Assert.NotEmpty(box.Alerts(OwnRules.RecordsWaited.Id));
    }

    [Fact]
    public async Task Two_files_that_differ_are_told_once_and_stay_until_a_person_decides()
    {
        await using var box = new ManagerBox();
        var keeper = KeeperOf(box);
        await box.SendAsync(box.Web01, ManagerBox.Guess("192.0.2.1"));
        await LookAtAsync(box, keeper, TimeSpan.FromDays(1));
        File.WriteAllText(PathOf(box, First) + ".gz", "no gzip");

        await LookAtAsync(box, keeper, RecordKeeper.Settling);
        await LookAtAsync(box, keeper, RecordKeeper.Pause);
        await box.SendAsync(box.Web01, ManagerBox.Guess("192.0.2.2"));

        Assert.Contains("is damaged", Assert.Single(box.Alerts(OwnRules.RecordsWaited.Id)), StringComparison.Ordinal);
        Assert.True(File.Exists(PathOf(box, First)));
    }

    [Fact]
    public async Task While_the_analysis_waits_for_the_disk_the_oldest_days_are_removed_nevertheless()
    {
        await using var box = new ManagerBox("<records_keep_days>1</records_keep_days>");
        var keeper = KeeperOf(box);
        var old = PathOf(box, "alerts/2025/Dec/ossec-alerts-01.json.gz");
        Directory.CreateDirectory(Path.GetDirectoryName(old)!);
        File.WriteAllText(PathOf(box, "alerts/2025/Dec/ossec-alerts-02.json.gz"), "kept");
        using (FullDisk.At(PathOf(box, First)))
        {
            var sending = box.SendAsync(box.Web01, ManagerBox.Guess("192.0.2.1"));
            SpinWait.SpinUntil(() => box.Analysis.RecordsProblem is not null, TimeSpan.FromSeconds(30));
            var waits = keeper.LookAsync(CancellationToken.None);
            Assert.False(waits.IsCompleted, "Expected the look to wait for the analysis.");
            File.WriteAllText(old, "in the way");
            await box.StepUntilAsync(() => waits.IsCompleted);
            await waits;
            Assert.False(sending.IsCompleted);

            _ = keeper.LookAsync(CancellationToken.None);
            Assert.False(File.Exists(old));
        }
    }

    [Fact]
    public async Task With_compression_off_the_days_stay_as_they_are()
    {
        await using var box = new ManagerBox("<compress_alerts>no</compress_alerts>");
        var keeper = KeeperOf(box);
        await box.SendAsync(box.Web01, ManagerBox.Guess("192.0.2.1"));

        await LookAtAsync(box, keeper, TimeSpan.FromDays(2));

        Assert.True(File.Exists(PathOf(box, First)));
        Assert.False(File.Exists(PathOf(box, First) + ".gz.new"));
    }

    [Fact]
    public async Task It_ends_with_the_manager_whichever_of_them_is_first()
    {
        await using var box = new ManagerBox();
        await box.StopAsync();

        await KeeperOf(box).RunAsync(CancellationToken.None);
    }

    private static RecordKeeper KeeperOf(ManagerBox box) => new(() => box.Records, box.Analysis, box.Time, NullLogger.Instance);

    private static string PathOf(ManagerBox box, string name) => Path.Combine(box.Folder, name);

    private static Task LookAtAsync(ManagerBox box, RecordKeeper keeper, TimeSpan later)
    {
        box.Time.Advance(later);
        return keeper.LookAsync(CancellationToken.None);
    }
}
