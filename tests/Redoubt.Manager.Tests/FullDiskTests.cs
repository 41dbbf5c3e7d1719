using Redoubt.Model;
using Redoubt.Show;

namespace Redoubt.Tests.Manager;

/// <summary>The disk of the ledger is full: everything waits, nothing is lost, and people are told.</summary>
public sealed class FullDiskTests
{
    [Fact]
    public async Task Decisions_and_lines_wait_for_room_in_the_ledger_and_an_alert_tells_of_it_afterwards()
    {
        await using var box = new ManagerBox();
        await box.SendAsync(box.Web01, ManagerBox.Guess("192.0.2.1"));
        box.Store.LimitPages(1);
        var targets = Enumerable.Range(2, 60).Select(i => $"192.0.2.{i}").ToArray();

        var sending = box.SendAsync(box.Web01, [.. targets.Select(ManagerBox.Guess)]);
        while (box.Analysis.LedgerProblem is null)
            await Task.Yield();

        Assert.False(sending.IsCompleted, "Expected lines to stay unacknowledged while what follows from them is not durable.");
        var refused = await Assert.ThrowsAsync<RequestRefusedException>(() => FillAsync(box));
        Assert.Contains("is not blocked", refused.Message, StringComparison.Ordinal);

        box.Store.LimitPages(null);
        await box.StepUntilAsync(() => sending.IsCompleted);

        await sending;
        Assert.All(targets, t => Assert.Equal(BlockState.Sent, box.Block(t).Hosts[0].State));
        Assert.Single(box.Alerts(OwnRules.LedgerWaited.Id));
        Assert.Null(box.Analysis.LedgerProblem);
        Assert.Equal(0, box.Analysis.Counters.Shed);
        Assert.Equal(61, box.Alerts(5710).Length);
    }

    // Free pages of the file may still take a few.
    private static async Task FillAsync(ManagerBox box)
    {
        for (var i = 0; i < 1000; i++)
        {
            var adding = box.Desk.AddAsync(
                new AddBlockRequest(
                    $"198.51.{i / 250}.{i % 250}",
                    60,
                    ["002"],
                    [],
                    false,
                    new string('x', 4000),
                    "person:eve",
                    Force: false
                )
            );
            if (adding.IsFaulted)
                await adding;
        }
    }
}
