using System.Globalization;
using Redoubt.Collect;

namespace Redoubt.Tests.Collect.Files;

public sealed class RotationTests : IAsyncDisposable
{
    private readonly LogBox _box = new();

    public ValueTask DisposeAsync() => _box.DisposeAsync();

    [Fact]
    public async Task A_writer_that_keeps_the_old_file_is_still_read_after_the_new_one_appeared()
    {
        _box.Write("old\n");
        await _box.StartAsync();
        using var writer = new FileStream(
            _box.Log,
            FileMode.Append,
            FileAccess.Write,
            FileShare.ReadWrite | FileShare.Delete,
            bufferSize: 0
        );
        writer.Write("one\n"u8);
        _box.Sink.WaitFor(1);
        _box.Rename();
        _box.Write("two\n");
        _box.Sink.WaitFor(2);
        writer.Write("three\n"u8);

        Assert.Equal(["one", "two", "three"], _box.Sink.WaitFor(3).Select(line => line.Text));
        Assert.Equal(_box.Sink.All[0].File, _box.Sink.All[2].File);
        Assert.NotEqual(_box.Sink.All[0].File, _box.Sink.All[1].File);
        Assert.Equal(1, _box.Status.Rotations);
    }

    [Fact]
    public async Task A_rotated_file_is_closed_when_it_is_quiet_and_acknowledged_and_not_before()
    {
        _box.Write("old\n");
        await _box.StartAsync();
        _box.Write("one\nunfinished");
        _box.Rename();
        _box.Write("two\n");
        var lines = _box.Sink.WaitFor(2);
        Assert.Equal(2, _box.Status.OpenFiles);

        _box.Time.Advance(TimeSpan.FromSeconds(61));
        await _box.Collector.ApplyAsync([_box.Options]); // makes it look
        Assert.Equal(2, _box.Status.OpenFiles);

        _box.Acknowledge(lines[0]);
        await _box.Collector.ApplyAsync([_box.Options]);
        Assert.Equal(1, _box.Status.OpenFiles);
        Assert.Equal(1, _box.Status.UnfinishedLines);
    }

    [Fact]
    public async Task Two_rotations_while_the_sink_blocks_lose_nothing()
    {
        _box.Write("old\n");
        await _box.StartAsync();
        _box.Sink.Block();
        _box.Write("one\n");
        _box.Rename(".1");
        _box.Write("two\n");
        File.Move(_box.Log + ".1", _box.Log + ".2");
        _box.Rename(".1");
        _box.Write("three\n");
        _box.Sink.Unblock();

        Assert.Equal(["one", "two", "three"], _box.Sink.WaitFor(3).Select(line => line.Text));
    }

    [Fact]
    public async Task A_rotated_file_that_was_there_before_is_not_read()
    {
        LogBox.Append(_box.Log + ".1", "older\n");
        _box.Write("old\n");
        await _box.StartAsync();
        File.Move(_box.Log + ".1", _box.Log + ".2");
        _box.Rename();
        LogBox.Append(_box.Log + ".2.gz", "packed\n");
        LogBox.Append(_box.Log + "-other", "something else\n");
        _box.Write("new\n");

        Assert.Equal("new", _box.Sink.WaitFor(1).Single().Text);
    }

    [Fact]
    public async Task A_log_that_is_moved_away_and_back_is_not_read_twice()
    {
        _box.Write("old\n");
        await _box.StartAsync();
        _box.Rename();
        _box.Write("between\n");
        _box.Sink.WaitFor(1);
        File.Delete(_box.Log);
        File.Move(_box.Log + ".1", _box.Log);
        _box.Write("new\n");

        Assert.Equal(["between", "new"], _box.Sink.WaitFor(2).Select(line => line.Text));
    }

    [Fact]
    public async Task After_copytruncate_reading_begins_anew_with_another_generation()
    {
        _box.Write("Jan  1 00:00:00 the first content of the log, long enough\n");
        await _box.StartAsync(_box.FromTheStart);
        _box.Sink.WaitFor(1);
        _box.CopyTruncate();
        _box.WaitForStatus(status => status.Truncations == 1);
        _box.Write("second\n");

        var lines = _box.Sink.WaitFor(2);
        Assert.Equal(lines[0].File.Inode, lines[1].File.Inode);
        Assert.NotEqual(lines[0].File.Generation, lines[1].File.Generation);
        Assert.Equal(7, lines[1].End);
    }

    [Fact]
    public async Task What_was_not_read_before_copytruncate_is_read_from_the_copy_under_its_old_identity()
    {
        await _box.StartAsync();
        _box.Write("Jan  1 00:00:00 the first content of the log, long enough\n");
        var first = _box.Sink.WaitFor(1).Single();
        _box.Sink.Block();
        _box.Write("two\n");
        _box.Write("three\n");
        _box.CopyTruncate();
        _box.Write("four\n");
        _box.Sink.Unblock();

        var lines = _box.Sink.WaitFor(4);
        Assert.Equal(["two", "three", "four"], lines[1..].Select(line => line.Text));
        Assert.Equal(first.File, lines[2].File);
        Assert.Equal(first.End + 10, lines[2].End);
    }

    [Fact]
    public async Task A_truncated_file_that_has_grown_past_the_old_place_is_noticed()
    {
        await _box.StartAsync();
        _box.Write("first\n");
        _box.Sink.WaitFor(1);
        _box.Sink.Block();
        using (var file = new FileStream(_box.Log, FileMode.Truncate, FileAccess.Write, FileShare.ReadWrite))
            file.Write("longer than the first content\nsecond\n"u8);
        _box.Sink.Unblock();

        Assert.Equal(["first", "longer than the first content", "second"], _box.Sink.WaitFor(3).Select(line => line.Text));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Numbered_lines_over_20_rotations_arrive_exactly_once(bool copyTruncate)
    {
        const int total = 100_000;
        const int rotations = 20;
        await _box.StartAsync(_box.FromTheStart);
        var writer = Task.Run(() => WriteWithRotations(total, rotations, copyTruncate), TestContext.Current.CancellationToken);

        _box.Sink.WaitFor(total);
        await writer;
        var numbers = _box
            .Sink.Texts.Select(text => int.Parse(text.AsSpan(0, 6), NumberStyles.None, CultureInfo.InvariantCulture))
            .ToArray();
        Assert.Equal(total, numbers.Length);
        Assert.Equal(Enumerable.Range(0, total), numbers.Order());
        Assert.Equal(total, _box.Sink.All.Select(line => (line.File, line.End)).Distinct().Count());
        Assert.Equal(0, _box.Status.LostFiles);
    }

    private void WriteWithRotations(int total, int rotations, bool copyTruncate)
    {
        var writer = Open();
        for (var number = 0; number < total; number++)
        {
            if (number % (total / (rotations + 1)) == 0 && number > 0)
            {
                for (var old = rotations; old > 0; old--)
                {
                    if (File.Exists($"{_box.Log}.{old}"))
                        File.Move($"{_box.Log}.{old}", $"{_box.Log}.{old + 1}");
                }

                // The safe case of copytruncate: nothing is written between copy and truncation, and the writer appends.
                if (copyTruncate)
                {
                    _box.CopyTruncate();
                    writer.BaseStream.Position = 0;
                }
                else
                {
                    _box.Rename();
                    var next = Open();
                    writer.Dispose();
                    writer = next;
                }
            }

            writer.Write(
                string.Create(CultureInfo.InvariantCulture, $"{number:d6} Jan  1 00:00:00 host sshd[{number}]: Failed password for root\n")
            );
        }

        writer.Dispose();
    }

    private StreamWriter Open() =>
        new(new FileStream(_box.Log, FileMode.Append, FileAccess.Write, FileShare.ReadWrite | FileShare.Delete)) { AutoFlush = true };
}
