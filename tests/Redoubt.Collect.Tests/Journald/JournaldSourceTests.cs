using Redoubt.Collect;
using Redoubt.Model;

namespace Redoubt.Tests.Collect.Journald;

public sealed class JournaldSourceTests : IAsyncDisposable
{
    private readonly LogBox _box = new();

    public ValueTask DisposeAsync() => _box.DisposeAsync();

    private string Folder => _box.JournalFolder;

    private string JournalFile => Path.Combine(Folder, "system.journal");

    private JournaldSourceOptions Options =>
        new()
        {
            Location = "journald",
            Format = "journald",
            Folder = Folder,
        };

    private JournaldSourceOptions FromTheStart => Options with { OnlyFutureEvents = false };

    [Fact]
    public async Task An_entry_becomes_the_line_a_syslog_daemon_would_write()
    {
        JournalMaker.Append(
            JournalFile,
            JournalMaker.Entry(
                1,
                ("_HOSTNAME", "web1"),
                ("SYSLOG_IDENTIFIER", "sshd"),
                ("_PID", "77"),
                ("SYSLOG_PID", "1"),
                ("MESSAGE", "Failed password")
            ),
            JournalMaker.Entry(2, ("_HOSTNAME", "web1"), ("_COMM", "cron"), ("SYSLOG_PID", "12"), ("MESSAGE", "two\nlines \xff")),
            JournalMaker.Entry(3, ("SYSLOG_IDENTIFIER", "sshd[1]: Accepted\nx"), ("SYSLOG_PID", "1]: x"), ("MESSAGE", "forged")),
            JournalMaker.Entry(4, ("MESSAGE", ""))
        );
        _box.Time.SetLocalTimeZone(TimeZoneInfo.CreateCustomTimeZone("test", TimeSpan.FromHours(2), null, null));
        await _box.StartAsync(FromTheStart);

        var lines = _box.Sink.WaitFor(4);
        Assert.Equal(
            [
                "Jan 05 11:30:01 web1 sshd[77]: Failed password",
                "Jan 05 11:30:02 web1 cron[12]: two lines \xff",
                "Jan 05 11:30:03 localhost sshd_1___Accepted_x: forged",
                "Jan 05 11:30:04 localhost unknown: ",
            ],
            lines.Select(line => line.Text)
        );
        Assert.Equal("journald", lines[0].Location);
        Assert.Equal(_box.Time.GetUtcNow().ToUnixTimeMilliseconds(), lines[0].Arrival);
        Assert.Single(lines.Select(line => line.File).Distinct());
        Assert.Equal([0, 1, 2, 3], lines.Select(line => line.End - lines[0].End));
    }

    [Fact]
    public async Task Entries_that_fulfil_every_condition_of_one_list_are_read()
    {
        JournalMaker.Append(
            JournalFile,
            JournalMaker.Entry(1, ("_SYSTEMD_UNIT", "ssh.service"), ("PRIORITY", "6"), ("MESSAGE", "both")),
            JournalMaker.Entry(2, ("_SYSTEMD_UNIT", "ssh.service"), ("PRIORITY", "3"), ("MESSAGE", "one")),
            JournalMaker.Entry(3, ("_SYSTEMD_UNIT", "ssh.service"), ("MESSAGE", "missing")),
            JournalMaker.Entry(4, ("UNIT", "ssh.service"), ("PRIORITY", "6"), ("MESSAGE", "claimed")),
            JournalMaker.Entry(5, ("SYSLOG_IDENTIFIER", "nginx"), ("MESSAGE", "other list")),
            JournalMaker.Entry(6, ("SYSLOG_IDENTIFIER", "nginx2"), ("MESSAGE", "no list")),
            JournalMaker.Entry(7, ("SYSLOG_IDENTIFIER", "nginx"), ("PRIORITY", ""), ("MESSAGE", "last"))
        );
        await _box.StartAsync(
            FromTheStart with
            {
                Filters =
                [
                    [Has("_SYSTEMD_UNIT", "^ssh"), Has("PRIORITY", "^[5-7]$") with { PassesWithout = true }],
                    [Has("SYSLOG_IDENTIFIER", "^nginx$")],
                ],
            }
        );

        Assert.Equal(
            ["both", "missing", "other list", "last"],
            _box.Sink.WaitFor(4).Select(line => line.Text[(line.Text.IndexOf(": ", StringComparison.Ordinal) + 2)..])
        );
    }

    [Fact]
    public async Task Ignored_entries_are_not_sent()
    {
        JournalMaker.Append(JournalFile, JournalMaker.Entry(1, ("MESSAGE", "noise")), JournalMaker.Entry(2, ("MESSAGE", "news")));
        await _box.StartAsync(FromTheStart with { Filter = new LineFilter([LinePattern.Parse(null, "noise"u8, out _)!], []) });

        Assert.EndsWith("news", Assert.Single(_box.Sink.WaitFor(1)).Text, StringComparison.Ordinal);
        Assert.Equal(1, _box.Status.FilteredLines);
    }

    internal static JournalFilter Has(string field, string pattern) =>
        new(field, LinePattern.Parse(null, System.Text.Encoding.UTF8.GetBytes(pattern), out _)!);

    [Fact]
    public async Task The_first_start_begins_at_the_end_and_later_ones_after_what_is_acknowledged()
    {
        JournalMaker.Append(JournalFile, Numbered(1, 5));
        await _box.StartAsync(Options);
        JournalMaker.Append(JournalFile, Numbered(6, 5));
        var lines = _box.Sink.WaitFor(5);
        Assert.Equal(["6", "7", "8", "9", "10"], Numbers());

        _box.Acknowledge(lines[1]);
        _box.Collector.Rewind();
        _box.Sink.WaitFor(8);
        Assert.Equal(["8", "9", "10"], Numbers()[5..]);
        Assert.Equal(lines[2] with { Pass = 1 }, _box.Sink.All[5]);

        await _box.StopAsync();
        JournalMaker.Append(JournalFile, Numbered(11, 2));
        await _box.StartAsync(Options);
        _box.Sink.WaitFor(5);
        Assert.Equal(["8", "9", "10", "11", "12"], Numbers());
    }

    [Fact]
    public async Task A_stop_before_the_first_entry_loses_none()
    {
        JournalMaker.Append(JournalFile, Numbered(1, 2));
        await _box.StartAsync(Options);
        await _box.StopAsync();
        JournalMaker.Append(JournalFile, Numbered(3, 1));
        await _box.StartAsync(Options);

        _box.Sink.WaitFor(1);
        Assert.Equal(["3"], Numbers());
    }

    [Fact]
    public async Task Another_sequence_of_numbers_is_read_beside_the_first_and_each_entry_once()
    {
        JournalMaker.Append(JournalFile, Numbered(1, 3));
        await _box.StartAsync(FromTheStart);
        foreach (var line in _box.Sink.WaitFor(3))
            _box.Acknowledge(line);
        JournalMaker.Append(Path.Combine(Folder, "other.journal"), Numbered(4, 3));
        var lines = _box.Sink.WaitFor(6);
        Assert.Equal(2, lines.Select(line => line.File).Distinct().Count());
        _box.Acknowledge(lines[4]);

        await _box.StopAsync();
        await _box.StartAsync(FromTheStart);
        _box.Sink.WaitFor(1);
        JournalMaker.Append(Path.Combine(Folder, "other.journal"), Numbered(7, 1));
        _box.Sink.WaitFor(2);
        Assert.Equal(["6", "7"], Numbers());
    }

    [Fact]
    public async Task A_journal_that_appears_later_is_read_from_its_beginning()
    {
        await _box.StartAsync(Options);
        Assert.Equal(SourceState.Waiting, _box.Status.State);
        JournalMaker.Append(JournalFile, Numbered(1, 2));

        _box.Sink.WaitFor(2);
        Assert.Equal(["1", "2"], Numbers());
    }

    [Fact]
    public async Task A_running_journal_is_followed()
    {
        using var journal = LiveJournal.Start(Folder);
        await _box.StartAsync(
            Options with
            {
                Filters =
                [
                    [Has("SYSLOG_IDENTIFIER", "^sshd$")],
                ],
            }
        );
        _box.WaitForStatus(status => status.State == SourceState.Reading);
        for (var number = 1; number <= 20; number++)
        {
            journal.Write("root", $"Failed password for invalid user x from 192.0.2.7 port {number} ssh2");
            var line = _box.Sink.WaitFor(number)[^1];
            Assert.Matches(
                $@"^[A-Z][a-z]{{2}} \d\d \d\d:\d\d:\d\d \S+ sshd\[\d+\]: Failed password for invalid user x from 192.0.2.7 port {number} ssh2$",
                line.Text
            );
        }
    }

    [Theory]
    [InlineData("daemon", LineOrigin.Verified, null)]
    [InlineData("root", LineOrigin.Relayed, null)]
    [InlineData("user", LineOrigin.Forged, "uid 4242")]
    [InlineData("native", LineOrigin.Forged, "uid 4242")]
    public async Task Who_wrote_an_entry_is_the_journals_word(string who, LineOrigin origin, string? writer)
    {
        using var journal = LiveJournal.Start(Folder);
        await _box.StartAsync(
            Options with
            {
                Filters =
                [
                    [Has("SYSLOG_IDENTIFIER", "^sshd$")],
                ],
            }
        );
        _box.WaitForStatus(status => status.State == SourceState.Reading);
        journal.Write(who, "Failed password for invalid user x from 192.0.2.7 port 1 ssh2");

        var line = Assert.Single(_box.Sink.WaitFor(1));
        Assert.Equal(origin, line.Origin);
        if (writer is null)
            Assert.Null(line.Writer);
        else
            Assert.Contains(writer, line.Writer, StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_entry_over_the_limit_is_cut_and_counted()
    {
        JournalMaker.Append(
            JournalFile,
            JournalMaker.Entry(1, ("MESSAGE", new string('a', 300_000))),
            JournalMaker.Entry(2, ("MESSAGE", "1"))
        );
        await _box.StartAsync(FromTheStart);

        var line = _box.Sink.WaitFor(2)[0];
        Assert.True(line.Truncated);
        Assert.Equal(65_535, line.Text.Length);
        Assert.Equal(1, _box.Status.TruncatedLines);
    }

    [Fact]
    public async Task A_file_that_is_no_journal_does_no_harm()
    {
        Directory.CreateDirectory(Folder);
        File.WriteAllText(Path.Combine(Folder, "bad.journal"), "no journal at all");
        JournalMaker.Append(JournalFile, Numbered(1, 1));
        await _box.StartAsync(FromTheStart);

        _box.Sink.WaitFor(1);
    }

    private static byte[][] Numbered(int first, int count) =>
        [
            .. Enumerable
                .Range(first, count)
                .Select(number => JournalMaker.Entry(number, ("SYSLOG_IDENTIFIER", "n"), ("MESSAGE", $"{number}"))),
        ];

    private string[] Numbers() => [.. _box.Sink.Texts.Select(text => text.Split(' ')[^1])];
}
