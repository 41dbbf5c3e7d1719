using Redoubt.Collect;

namespace Redoubt.Tests.Collect.Files;

public sealed class LineTests : IAsyncDisposable
{
    private readonly LogBox _box = new();

    public ValueTask DisposeAsync() => _box.DisposeAsync();

    [Fact]
    public async Task A_line_arrives_with_all_that_is_known_about_it()
    {
        _box.Write("old\n");
        await _box.StartAsync(_box.Options with { Format = "json" });
        _box.Write("new\n");

        var line = _box.Sink.WaitFor(1).Single();
        Assert.Equal("new", line.Text);
        Assert.Equal("/var/log/auth.log", line.Location);
        Assert.Equal("file:" + _box.Log, line.Key);
        Assert.Equal(8, line.End);
        Assert.Equal(_box.Time.GetUtcNow().ToUnixTimeMilliseconds(), line.Arrival);
        Assert.False(line.Truncated);
    }

    [Fact]
    public async Task Bytes_stay_as_they_are_and_only_the_line_end_goes()
    {
        var bytes = string.Concat(Enumerable.Range(0, 256).Select(value => (char)value)).Replace("\n", "", StringComparison.Ordinal);
        _box.Write($"plain\ndos\r\ninner\rreturn\n\n\r\n{bytes}\n\0nul first\n");
        await _box.StartAsync(_box.FromTheStart);

        _box.Sink.WaitFor(7);
        Assert.Equal(["plain", "dos", "inner\rreturn", "", "", bytes, "\0nul first"], _box.Sink.Texts);
    }

    [Fact]
    public async Task A_line_waits_for_its_newline()
    {
        await _box.StartAsync();
        _box.Write("first\nhal");
        _box.Sink.WaitFor(1);
        _box.Write("f ");
        _box.Write("done\n");

        Assert.Equal(["first", "half done"], _box.Sink.WaitFor(2).Select(line => line.Text));
        Assert.Equal(16, _box.Sink.All[^1].End);
    }

    [Fact]
    public async Task A_line_that_is_unfinished_at_the_first_start_comes_whole()
    {
        _box.Write("old\nhalf ");
        await _box.StartAsync();
        _box.Write("done\n");

        Assert.Equal("half done", _box.Sink.WaitFor(1).Single().Text);
    }

    [Theory]
    [InlineData("\n")]
    [InlineData("\r\n")]
    public async Task A_line_may_be_as_long_as_the_limit(string end)
    {
        await _box.StartAsync();
        _box.Write(new string('a', 65_535) + end + "next\n");

        var lines = _box.Sink.WaitFor(2);
        Assert.Equal(65_535, lines[0].Text.Length);
        Assert.False(lines[0].Truncated);
        Assert.Equal("next", lines[1].Text);
    }

    [Theory]
    [InlineData(65_536)]
    [InlineData(65_537)]
    [InlineData(131_072)]
    [InlineData(1_048_576)]
    public async Task A_longer_line_is_cut_and_counted_and_the_next_is_whole(int length)
    {
        await _box.StartAsync();
        _box.Write("before\n" + new string('a', length) + "\nnext\nlast\n");

        var lines = _box.Sink.WaitFor(4);
        Assert.Equal(65_535, lines[1].Text.Length);
        Assert.True(lines[1].Truncated);
        Assert.Equal(7 + length + 1, lines[1].End);
        Assert.Equal(["next", "last"], lines[2..].Select(line => line.Text));
        Assert.Equal(1, _box.Status.TruncatedLines);
        Assert.Equal(7 + length + 11, _box.Status.Bytes);
    }

    [Fact]
    public async Task A_longer_line_also_waits_for_its_newline()
    {
        await _box.StartAsync(_box.Options, _box.Options with { Path = _box.Log + "2", MaxLineBytes = 64 });
        for (var i = 0; i < 10; i++)
            _box.Write(new string((char)('a' + i), 40_000));
        LogBox.Append(_box.Log + "2", "other\n");
        Assert.Equal("other", _box.Sink.WaitFor(1).Single().Text);
        _box.Write("\nnext\n");

        var lines = _box.Sink.WaitFor(3);
        Assert.Equal(new string('a', 40_000) + new string('b', 25_535), lines[1].Text);
        Assert.Equal(400_001, lines[1].End);
        Assert.Equal("next", lines[2].Text);
    }

    [Fact]
    public async Task The_hole_that_a_writer_without_append_mode_leaves_is_passed_over()
    {
        await _box.StartAsync();
        using (
            var writer = new FileStream(_box.Log, FileMode.Create, FileAccess.Write, FileShare.ReadWrite | FileShare.Delete, bufferSize: 0)
        )
        {
            writer.Write(System.Text.Encoding.ASCII.GetBytes("before " + new string('b', 500_000) + "\n"));
            _box.Sink.WaitFor(1);
            _box.CopyTruncate();
            writer.Write("after\n"u8);
        }

        var line = _box.Sink.WaitFor(2)[1];
        Assert.Equal("after", line.Text);
        Assert.Equal(500_014, line.End);
    }

    [Fact]
    public async Task Handing_on_a_line_allocates_nothing()
    {
        const int count = 1_000;
        var allocated = new long[count];
        var taken = 0;
        _box.Write(
            string.Concat(
                Enumerable.Repeat("Nov 24 04:00:00 host sshd[1]: Failed password for root from 192.0.2.7 port 5022 ssh2\n", count)
            )
        );
        using var store = new PositionStore(_box.PositionFile);
        await using var collector = new Collector(
            new Meter(() => allocated[taken++] = GC.GetAllocatedBytesForCurrentThread()),
            store,
            TimeProvider.System,
            _box
        );
        await collector.ApplyAsync([_box.FromTheStart]);

        Assert.True(SpinWait.SpinUntil(() => Volatile.Read(ref taken) == count, LineSink.Deadline));
        Assert.Equal(allocated[10], allocated[^1]);
    }

    private sealed class Meter(Action measure) : ICollectedLines
    {
        public bool Receive(in CollectedLine line)
        {
            measure();
            return true;
        }
    }
}
