using Redoubt.Model;

namespace Redoubt.Tests.Manager.Records;

/// <summary>The disk of the records is full: lines wait, nothing is lost over any end and start, and people are told.</summary>
public sealed class FullRecordDiskTests
{
    [Fact]
    public async Task Lines_wait_for_room_and_an_alert_tells_of_it_afterwards()
    {
        await using var box = new ManagerBox();
        Task sending;
        using (FullDisk.At(AlertsOf(box)))
        {
            sending = box.SendAsync(box.Web01, ManagerBox.Guess("192.0.2.2"));
            await UntilRecordsWaitAsync(box);
            Assert.False(sending.IsCompleted, "Expected a line to stay unacknowledged while its alert is in no file.");
        }

        await box.StepUntilAsync(() => sending.IsCompleted);

        await sending;
        Assert.Null(box.Analysis.RecordsProblem);
        Assert.Single(box.Alerts(5710));
        Assert.Contains("space", Assert.Single(box.Alerts(OwnRules.RecordsWaited.Id)), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Records_that_wait_at_the_end_are_written_at_the_next_start()
    {
        await using var box = new ManagerBox();
        using (FullDisk.At(AlertsOf(box)))
        {
            _ = box.SendAsync(box.Web01, ManagerBox.Guess("192.0.2.2"));
            await UntilRecordsWaitAsync(box);
            await box.StopAsync();
        }

        Assert.Empty(File.ReadAllText(AlertsOf(box)));
        box.Start();
        await box.SendAsync(box.Web01, ManagerBox.Guess("192.0.2.3"));

        Assert.Equal(2, box.Alerts(5710).Length);
    }

    [Fact]
    public async Task A_start_without_room_for_what_a_crash_left_waits_and_loses_nothing()
    {
        await using var box = new ManagerBox();
        Task sending;
        using (FullDisk.At(AlertsOf(box)))
        {
            _ = box.SendAsync(box.Web01, ManagerBox.Guess("192.0.2.2"));
            await UntilRecordsWaitAsync(box);
            await box.StopAsync();
            box.Start();
            await UntilRecordsWaitAsync(box);
            sending = box.SendAsync(box.Web01, ManagerBox.Guess("192.0.2.3"));
            await box.StopAsync(); // and again without having written anything
            box.Start();
            await UntilRecordsWaitAsync(box);
            sending = box.SendAsync(box.Web01, ManagerBox.Guess("192.0.2.4"));
        }

        await box.StepUntilAsync(() => sending.IsCompleted);

        await sending;
        Assert.Equal(2, box.Alerts(5710).Length);
        Assert.Single(box.Alerts(OwnRules.RecordsWaited.Id));
    }

    private static string AlertsOf(ManagerBox box) => Path.Combine(box.Folder, "alerts/2026/Jan/ossec-alerts-01.json");

    private static async Task UntilRecordsWaitAsync(ManagerBox box)
    {
        using var deadline = new CancellationTokenSource(TimeSpan.FromSeconds(30));
        while (box.Analysis.RecordsProblem is null)
        {
            deadline.Token.ThrowIfCancellationRequested();
            await Task.Yield();
        }
    }
}
