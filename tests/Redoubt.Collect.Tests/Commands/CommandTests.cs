using Redoubt.Collect;

namespace Redoubt.Tests.Collect.Commands;

public sealed class CommandTests : IAsyncDisposable
{
    private readonly LogBox _box = new();

    public ValueTask DisposeAsync() => _box.DisposeAsync();

    [Fact]
    public async Task Each_line_of_the_output_is_a_line_and_the_command_runs_again_when_it_is_due()
    {
        var counter = Path.Combine(_box.Folder, "runs");
        await _box.StartAsync(Command($"echo x >> {counter}; printf 'a\\n\\n  \\nb\\n'; wc -l < {counter}"));
        Assert.Equal(["ossec: output: 'runs': a", "ossec: output: 'runs': b", "ossec: output: 'runs': 1"], Texts(3));

        _box.Time.Advance(TimeSpan.FromSeconds(360));
        Assert.Equal("ossec: output: 'runs': 2", Texts(6)[5]);
        Assert.Equal(6, _box.Sink.All.Select(line => line.End).Distinct().Count());
    }

    [Fact]
    public async Task The_whole_output_is_one_record()
    {
        await _box.StartAsync(Command("printf 'tcp 22\\n\\nudp 53\\n'") with { IsWhole = true, Format = "full_command", Alias = null });

        Assert.Equal(["ossec: output: 'printf 'tcp 22\\n\\nudp 53\\n'':\ntcp 22\nudp 53"], Texts(1));
    }

    [Fact]
    public async Task A_command_that_hangs_is_ended_with_all_it_started_and_holds_up_nobody()
    {
        var started = Path.Combine(_box.Folder, "started");
        await _box.StartAsync(
            Command($"touch {started}; sleep 1000 & wait") with
            {
                Deadline = TimeSpan.FromSeconds(5),
            },
            _box.FromTheStart
        );
        Assert.True(SpinWait.SpinUntil(() => File.Exists(started), LineSink.Deadline));
        _box.Write("a line of a file\n");
        Assert.Equal(["a line of a file"], Texts(1));

        _box.Time.Advance(TimeSpan.FromSeconds(5));
        _box.WaitForMessage("took longer than 5 s");
    }

    [Fact]
    public async Task A_sink_that_refuses_gets_the_rest_later()
    {
        await _box.StartAsync(Command("echo a; echo b"));
        Texts(2);
        _box.Sink.Takes = static _ => false;
        _box.Time.Advance(TimeSpan.FromSeconds(360));
        _box.WaitForStatus(status => status.Lines == 2);
        _box.Sink.Takes = static _ => true;
        _box.Collector.Rewind();

        Assert.Equal(["ossec: output: 'runs': a", "ossec: output: 'runs': b"], Texts(4)[2..]);
    }

    [Fact]
    public async Task Output_that_nobody_took_survives_the_end_of_the_process_and_counts_once()
    {
        await _box.StartAsync(Command("echo a; echo b"));
        var lines = _box.Sink.WaitFor(2);
        _box.Acknowledge(lines[0]);
        await _box.StopAsync();

        await _box.StartAsync(Command("echo a; echo b"));
        var again = _box.Sink.WaitFor(3);
        Assert.Equal(lines[1], again[0]);
        Assert.Equal(["ossec: output: 'runs': b", "ossec: output: 'runs': a", "ossec: output: 'runs': b"], Texts(3));
        Assert.All(again[1..], line => Assert.True(line.End > lines[1].End));
    }

    [Fact]
    public async Task What_finds_no_room_is_counted_and_told()
    {
        var levels = new System.Collections.Concurrent.ConcurrentQueue<int>();
        await _box.StartAsync();
        _box.Collector.SpoolFilled = (_, level) => levels.Enqueue(level);
        _box.Sink.Takes = static _ => false;
        await _box.Collector.ApplyAsync([Command("seq -f 'a line of thirty bytes %05g' 2000") with { SpoolBytes = 64 * 1024 }]);
        _box.WaitForStatus(status => status.ShedLines > 0);

        Assert.Equal([50, 70, 90, 100], levels);
        _box.Sink.Takes = static _ => true;
        _box.Collector.Rewind();

        // The output is still being taken when the first line of it finds no room.
        _box.WaitForStatus(status => _box.Sink.All.Length + status.ShedLines == 2000);
    }

    [Fact]
    public async Task A_spool_that_cannot_be_made_is_told_and_tried_again()
    {
        File.WriteAllText(Path.Combine(_box.Folder, "spool"), "no folder");
        await _box.StartAsync(Command("echo a"));
        _box.WaitForMessage("cannot be used");

        File.Delete(Path.Combine(_box.Folder, "spool"));
        Assert.Equal(["ossec: output: 'runs': a"], Texts(1));
    }

    [Fact]
    public async Task A_command_that_is_no_longer_configured_leaves_nothing()
    {
        await _box.StartAsync(Command("echo a"));
        Texts(1);
        Assert.NotEmpty(Directory.GetDirectories(Path.Combine(_box.Folder, "spool")));

        await _box.Collector.ApplyAsync([]);
        Assert.Empty(Directory.GetDirectories(Path.Combine(_box.Folder, "spool")));
    }

    private CommandSourceOptions Command(string text) =>
        new()
        {
            Location = "runs",
            Format = "command",
            Command = text,
            Alias = "runs",
            SpoolFolder = Path.Combine(_box.Folder, "spool"),
        };

    private string[] Texts(int count) => [.. _box.Sink.WaitFor(count).Select(line => line.Text)];
}
