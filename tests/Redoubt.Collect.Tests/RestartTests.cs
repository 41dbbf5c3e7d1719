namespace Redoubt.Tests.Collect;

public sealed class RestartTests : IAsyncDisposable
{
    private readonly LogBox _box = new();

    public ValueTask DisposeAsync() => _box.DisposeAsync();

    [Fact]
    public async Task A_stop_before_the_first_line_loses_none()
    {
        _box.Write("old\n");
        await _box.StartAsync();
        await _box.StopAsync();
        _box.Write("one\n");
        await _box.StartAsync();

        Assert.Equal("one", _box.Sink.WaitFor(1).Single().Text);
    }

    [Fact]
    public async Task A_file_that_appears_while_we_are_stopped_is_read_from_its_beginning()
    {
        await _box.StartAsync();
        await _box.StopAsync();
        _box.Write("one\n");
        await _box.StartAsync();

        Assert.Equal("one", _box.Sink.WaitFor(1).Single().Text);
    }

    [Fact]
    public async Task Exactly_the_lines_without_acknowledgement_come_again_as_the_same_lines()
    {
        await _box.StartAsync(_box.FromTheStart);
        _box.Write(string.Concat(Enumerable.Range(0, 1000).Select(number => $"line {number}\n")));
        var before = _box.Sink.WaitFor(1000);
        _box.Acknowledge(before[699]);
        _box.Acknowledge(before[500]); // late and older: changes nothing
        await _box.StopAsync();
        _box.Write("line 1000\n");
        await _box.StartAsync(_box.FromTheStart);

        var after = _box.Sink.WaitFor(301);
        Assert.Equal(Enumerable.Range(700, 301).Select(number => $"line {number}"), after.Select(line => line.Text));
        Assert.Equal(before[700..].Select(line => (line.File, line.End)), after[..300].Select(line => (line.File, line.End)));
    }

    [Fact]
    public async Task Rotations_while_we_are_stopped_lose_nothing()
    {
        await _box.StartAsync();
        _box.Write("Jan  1 00:00:00 acknowledged\nJan  1 00:00:01 not acknowledged\n");
        _box.Acknowledge(_box.Sink.WaitFor(2)[0]);
        await _box.StopAsync();
        _box.Write("Jan  1 00:00:02 while stopped\n");
        _box.Rename(".1");
        _box.Write("Jan  1 00:00:03 never seen\n");
        File.Move(_box.Log + ".1", _box.Log + ".2");
        _box.Rename(".1");
        _box.Write("Jan  1 00:00:04 new\n");
        await _box.StartAsync();

        Assert.Equal(["not acknowledged", "while stopped", "never seen", "new"], _box.Sink.WaitFor(4).Select(line => line.Text[16..]));
        foreach (var line in _box.Sink.All)
            _box.Acknowledge(line);
        await _box.StopAsync();
        await _box.StartAsync();
        _box.Write("Jan  1 00:00:05 end\n");
        Assert.Equal("Jan  1 00:00:05 end", _box.Sink.WaitFor(1).Single().Text);
    }

    [Fact]
    public async Task Copytruncate_while_we_are_stopped_loses_nothing()
    {
        await _box.StartAsync();
        _box.Write("Jan  1 00:00:00 acknowledged\nJan  1 00:00:01 not acknowledged\n");
        var before = _box.Sink.WaitFor(2);
        _box.Acknowledge(before[0]);
        await _box.StopAsync();
        _box.Write("Jan  1 00:00:02 while stopped\n");
        _box.CopyTruncate();
        _box.Write("Jan  1 00:00:03 new\n");
        await _box.StartAsync();

        var after = _box.Sink.WaitFor(3);
        Assert.Equal(["not acknowledged", "while stopped", "new"], after.Select(line => line.Text[16..]));
        Assert.Equal((before[1].File, before[1].End), (after[0].File, after[0].End));
        Assert.NotEqual(after[1].File, after[2].File);
    }

    [Fact]
    public async Task Copytruncate_twice_while_we_are_stopped_loses_nothing()
    {
        await _box.StartAsync();
        _box.Write("Jan  1 00:00:00 acknowledged before all that\n");
        _box.Acknowledge(_box.Sink.WaitFor(1)[0]);
        await _box.StopAsync();
        _box.Write("Jan  1 00:00:01 in the older copy\n");
        _box.CopyTruncate(".2");
        _box.Write("Jan  1 00:00:02 never seen at its place\n");
        _box.CopyTruncate(".1");
        _box.Write("Jan  1 00:00:03 new\n");
        await _box.StartAsync();

        Assert.Equal(["in the older copy", "never seen at its place", "new"], _box.Sink.WaitFor(3).Select(line => line.Text[16..]));
        foreach (var line in _box.Sink.All)
            _box.Acknowledge(line);
        await _box.StopAsync();
        await _box.StartAsync();
        _box.Write("Jan  1 00:00:04 end\n");
        Assert.Equal("Jan  1 00:00:04 end", _box.Sink.WaitFor(1).Single().Text);
    }

    [Fact]
    public async Task Copytruncate_while_we_are_stopped_again_and_again_without_an_acknowledgement_loses_nothing()
    {
        await _box.StartAsync();
        _box.Write("Jan  1 00:00:00 a line long enough to be told apart\n");
        _box.Sink.WaitFor(1);
        List<string> expected = ["Jan  1 00:00:00"];
        for (var i = 1; i < 10; i += 3)
        {
            await _box.StopAsync();
            for (var j = i; j < i + 2; j++)
            {
                _box.Write($"Jan  1 00:00:0{j} a line long enough to be told apart\n");
                _box.CopyTruncate($".{10 - j}");
            }

            _box.Write($"Jan  1 00:00:0{i + 2} a line long enough to be told apart\n");
            expected.AddRange(Enumerable.Range(i, 3).Select(n => $"Jan  1 00:00:0{n}"));
            await _box.StartAsync();
            Assert.Equal(expected, _box.Sink.WaitFor(expected.Count).Select(line => line.Text[..15]).Order());
        }
    }

    [Fact]
    public async Task A_content_that_came_and_went_while_we_were_stopped_is_read_though_nothing_was_known_of_it()
    {
        await _box.StartAsync();
        _box.Write("Jan  1 00:00:00 acknowledged before all that\n");
        _box.Acknowledge(_box.Sink.WaitFor(1)[0]);
        _box.CopyTruncate(".2");
        _box.WaitForStatus(status => status.Truncations == 1); // it stands empty
        await _box.StopAsync();
        _box.Write("Jan  1 00:00:01 came and went before anybody looked\n");
        _box.CopyTruncate(".1");
        _box.Write("Jan  1 00:00:02 new\n");
        await _box.StartAsync();

        Assert.Equal(["came and went before anybody looked", "new"], _box.Sink.WaitFor(2).Select(line => line.Text[16..]));
    }

    [Fact]
    public async Task A_file_that_was_replaced_while_we_were_stopped_is_read_from_its_beginning_and_the_loss_is_told()
    {
        await _box.StartAsync();
        _box.Write("Jan  1 00:00:00 first\n");
        _box.Sink.WaitFor(1);
        await _box.StopAsync();
        File.WriteAllText(_box.Log, "Feb  1 00:00:00 second and longer than that\n"); // same inode
        await _box.StartAsync();

        Assert.Equal("Feb  1 00:00:00 second and longer than that", _box.Sink.WaitFor(1).Single().Text);
        Assert.Equal(1, _box.Status.LostFiles);
        _box.WaitForMessage("is gone from its folder");
    }

    [Fact]
    public async Task Positions_that_cannot_be_read_are_told_and_everything_is_a_first_start()
    {
        await _box.StartAsync();
        _box.Write("old\n");
        _box.Sink.WaitFor(1);
        await _box.StopAsync();
        File.WriteAllText(_box.PositionFile, "\0\0\0\0garbage");
        _box.Write("skipped\n");
        await _box.StartAsync();
        _box.Write("new\n");

        Assert.Equal("new", _box.Sink.WaitFor(1).Single().Text);
        _box.WaitForMessage("is no position file");
        Assert.True(File.Exists(_box.PositionFile + ".corrupt"));
    }
}
