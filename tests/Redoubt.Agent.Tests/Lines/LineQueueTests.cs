using System.Text;
using Redoubt.Agent.Lines;
using Redoubt.Collect;
using Redoubt.Host;
using Redoubt.Transport.Link;

namespace Redoubt.Tests.Agent.Lines;

public sealed class LineQueueTests : IDisposable
{
    private readonly CancellationTokenSource _stopping = new();
    private readonly LineQueue _queue;

    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    public LineQueueTests() => _queue = new LineQueue(new LoopPulse("reader"), _stopping.Token);

    public void Dispose() => _stopping.Dispose();

    [Fact]
    public async Task A_batch_is_what_is_queued_grouped_by_file_in_order()
    {
        Receive("a", 1, "one");
        Receive("b", 1, "two");
        Receive("a", 2, "three");

        var batch = await _queue.TakeAsync(Cancelled);

        Assert.Equal(["file:a", "file:b"], batch.Sources.Select(s => s.Source));
        Assert.Equal(["one", "three"], batch.Sources[0].Lines.Select(l => l.Text.ToStringUtf8()));
        Assert.Equal(3, _queue.Received);
    }

    [Fact]
    public async Task A_single_line_is_taken_at_once()
    {
        var taking = _queue.TakeAsync(Cancelled);
        Receive("a", 1, "one");

        Assert.Single((await taking.WaitAsync(TimeSpan.FromSeconds(20), Cancelled)).Sources);
    }

    [Fact]
    public async Task What_is_worth_a_message_of_its_own_is_told_once_a_batch()
    {
        var told = 0;
        _queue.BecameLarge = () => told++;
        for (var round = 1; round <= 2; round++)
        {
            Receive("a", 1, "small");
            Assert.False(_queue.IsLarge);
            Receive("a", 2, new string('x', WireLimits.LargeBatchBytes));
            Receive("a", 3, "more");
            Assert.True(_queue.IsLarge);
            Assert.Equal(round, told);
            await _queue.TakeAsync(Cancelled);
            Assert.False(_queue.IsLarge);
        }
    }

    [Fact]
    public async Task A_full_queue_holds_the_reader_until_a_batch_is_taken()
    {
        var line = new string('x', 60_000);
        var received = 0;
        var reading = Task.Run(
            () =>
            {
                for (var i = 1; i <= 20; i++)
                {
                    Receive("a", i, line);
                    Interlocked.Increment(ref received);
                }
            },
            Cancelled
        );

        var lines = 0;
        while (lines < 20)
        {
            var batch = await _queue.TakeAsync(Cancelled).WaitAsync(TimeSpan.FromSeconds(20), Cancelled);
            lines += batch.Sources.Sum(s => s.Lines.Count);
            Assert.InRange(batch.Sources.Sum(s => s.Lines.Sum(l => l.Text.Length)), 1, WireLimits.BatchBytes + line.Length);
        }

        await reading.WaitAsync(TimeSpan.FromSeconds(20), Cancelled);
        Assert.Equal(20, received);
    }

    [Fact]
    public async Task A_reader_that_waits_for_space_ends_with_the_agent()
    {
        var line = new string('x', 60_000);
        var last = true;
        var reading = Task.Run(
            () =>
            {
                for (var i = 1; last; i++)
                    last = Receive("a", i, line);
            },
            Cancelled
        );

        await _stopping.CancelAsync();

        await reading.WaitAsync(TimeSpan.FromSeconds(20), Cancelled);
        Assert.False(last);
    }

    private bool Receive(string file, long end, string text) =>
        _queue.Receive(
            new CollectedLine
            {
                Location = "/var/log/" + file,
                Format = "syslog",
                SourceKey = "file:" + file,
                File = new FileIdentity(1, 2, 3),
                EndOffset = end,
                ArrivalUnixMilliseconds = 4,
                Text = Encoding.UTF8.GetBytes(text),
            }
        );
}
