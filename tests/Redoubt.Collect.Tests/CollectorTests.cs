using Redoubt.Collect;

namespace Redoubt.Tests.Collect;

public sealed class CollectorTests : IAsyncDisposable
{
    private readonly LogBox _box = new();

    public ValueTask DisposeAsync() => _box.DisposeAsync();

    private FileSourceOptions Other => new() { Path = _box.Log + "2", Location = "other" };

    [Fact]
    public async Task A_sink_that_blocks_loses_nothing()
    {
        await _box.StartAsync(_box.FromTheStart);
        _box.Sink.Block();
        var text = string.Concat(Enumerable.Range(0, 20_000).Select(number => $"line {number}\n"));
        _box.Write(text);
        _box.Write(text);
        _box.Sink.Unblock();

        Assert.Equal((text + text).Split('\n')[..^1], _box.Sink.WaitFor(40_000).Select(line => line.Text));
    }

    [Fact]
    public async Task A_sink_that_refuses_pauses_reading_until_the_rewind()
    {
        await _box.StartAsync();
        _box.Sink.Takes = text => text != "three";
        _box.Write("one\ntwo\nthree\nfour\n");
        var lines = _box.Sink.WaitFor(2);
        _box.Acknowledge(lines[0]);
        _box.Rename(); // followed in the pause
        _box.Write("five\n");
        _box.WaitForStatus(status => status.Rotations == 1);

        _box.Sink.Takes = static _ => true;
        var pass = _box.Collector.Rewind();

        Assert.Equal(1, pass);
        Assert.Equal(["two", "three", "four", "five"], _box.Sink.WaitFor(6)[2..].Select(line => line.Text));
        Assert.All(_box.Sink.All[2..], line => Assert.Equal(pass, line.Pass));
        Assert.Equal(lines[1] with { Pass = 1 }, _box.Sink.All[2]);
    }

    [Fact]
    public async Task A_rewind_that_comes_while_the_sink_holds_a_line_stops_the_pass_after_it()
    {
        await _box.StartAsync();
        _box.Sink.Block();
        _box.Write("one\ntwo\n");
        _box.WaitForStatus(status => status.State == SourceState.Reading);
        var pass = _box.Collector.Rewind();
        _box.Sink.Unblock();

        _box.Sink.WaitUntil(_ => _box.Sink.All.Count(line => line.Pass == pass) == 2, "the second pass");
        Assert.Equal(["one", "two"], _box.Sink.All.Where(line => line.Pass == pass).Select(line => line.Text));
        Assert.DoesNotContain(_box.Sink.All, line => line.Pass != pass && line.Text == "two");
    }

    [Fact]
    public async Task A_sink_that_fails_pauses_reading_and_is_told()
    {
        await _box.StartAsync();
        _box.Sink.Takes = static _ => throw new InvalidOperationException("broken");
        _box.Write("one\n");
        _box.WaitForMessage("broken");
        _box.Sink.Takes = static _ => true;
        _box.Collector.Rewind();

        Assert.Equal("one", _box.Sink.WaitFor(1).Single().Text);
    }

    [Fact]
    public async Task A_content_that_came_and_went_while_the_sink_blocked_is_read()
    {
        await _box.StartAsync(_box.FromTheStart, Other);
        _box.Write("Jan  1 00:00:00 the first of them all\n");
        _box.Sink.WaitFor(1);
        _box.CopyTruncate(".2");
        SpinWait.SpinUntil(() => _box.Collector.Status.Any(status => status.Truncations == 1), LineSink.Deadline); // it stands empty
        _box.Sink.Block();
        LogBox.Append(Other.Path, "holds the reader\n");
        _box.Write("Jan  1 00:00:01 came and went\n");
        _box.CopyTruncate(".1");
        _box.Write("Jan  1 00:00:02 new\n");
        _box.Sink.Unblock();

        Assert.Equal(
            ["the first of them all", "came and went", "new"],
            _box.Sink.WaitFor(4)
                .Select(line => line.Text)
                .Where(text => text.StartsWith("Jan", StringComparison.Ordinal))
                .Select(text => text[16..])
        );
    }

    [Fact]
    public async Task A_rewind_after_copytruncate_reads_what_was_not_acknowledged_from_the_copy()
    {
        await _box.StartAsync();
        _box.Write("Jan  1 00:00:00 one\nJan  1 00:00:01 two\n");
        var first = _box.Sink.WaitFor(2);
        _box.Acknowledge(first[0]);
        _box.CopyTruncate();
        _box.Write("Jan  1 00:00:02 three\n");
        _box.Sink.WaitFor(3);
        _box.Collector.Rewind();

        var again = _box.Sink.WaitFor(5)[3..];
        Assert.Equal(["two", "three"], again.Select(line => line.Text[16..]));
        Assert.Equal((first[1].File, first[1].End), (again[0].File, again[0].End));
    }

    [Fact]
    public async Task A_path_that_is_configured_twice_is_read_once()
    {
        await _box.StartAsync(_box.Options, _box.Options with { Location = "again" }, Other);
        _box.Write("one\n");
        LogBox.Append(Other.Path, "two\n");

        Assert.Equal(["/var/log/auth.log", "other"], _box.Sink.WaitFor(2).Select(line => line.Location).Order());
        Assert.Equal(2, _box.Collector.Status.Count);
        _box.WaitForMessage("configured twice");
    }

    [Fact]
    public async Task Sources_change_while_lines_come()
    {
        await _box.StartAsync();
        _box.Write("one\n");
        _box.Sink.WaitFor(1);

        LogBox.Append(Other.Path, "old\n");
        await _box.Collector.ApplyAsync([_box.Options with { Location = "renamed" }, Other]);
        _box.Write("two\n");
        _box.Sink.WaitFor(2);
        LogBox.Append(Other.Path, "three\n");
        _box.Sink.WaitFor(3);

        await _box.Collector.ApplyAsync([Other]);
        _box.Write("nobody reads this\n");
        LogBox.Append(Other.Path, "four\n");

        Assert.Equal(
            ["/var/log/auth.log one", "renamed two", "other three", "other four"],
            _box.Sink.WaitFor(4).Select(line => $"{line.Location} {line.Text}")
        );

        // Added again it is a new source, which begins at its end.
        await _box.Collector.ApplyAsync([Other, _box.Options]);
        _box.Write("five\n");
        Assert.Equal("five", _box.Sink.WaitFor(5)[4].Text);
    }

    [Fact]
    public async Task Many_files_are_read_by_one_thread()
    {
        var threads = new HashSet<int>();
        var sources = Enumerable
            .Range(0, 50)
            .Select(number => _box.FromTheStart with { Path = $"{_box.Log}-{number}", Location = $"{number}" })
            .ToArray();
        await _box.StartAsync(sources);
        _box.Sink.Taken = _ => threads.Add(Environment.CurrentManagedThreadId);
        for (var round = 0; round < 20; round++)
        {
            foreach (var source in sources)
                LogBox.Append(source.Path, $"{round}\n");
        }

        var lines = _box.Sink.WaitFor(1000);
        Assert.Single(threads);
        foreach (var source in sources)
            Assert.Equal(
                Enumerable.Range(0, 20).Select(round => $"{round}"),
                lines.Where(line => line.Location == source.Location).Select(line => line.Text)
            );
    }

    [Fact]
    public async Task A_limit_out_of_range_is_refused()
    {
        await _box.StartAsync();
        await Assert.ThrowsAsync<ArgumentOutOfRangeException>(() => _box.Collector.ApplyAsync([_box.Options with { MaxLineBytes = 63 }]));
    }

    [Fact]
    public async Task After_the_end_requests_are_refused_and_the_end_is_told()
    {
        await _box.StartAsync();
        var collector = _box.Collector;
        await collector.DisposeAsync();
        await collector.DisposeAsync();

        await collector.Completion;
        Assert.Throws<ObjectDisposedException>(() => collector.Rewind());
    }
}
