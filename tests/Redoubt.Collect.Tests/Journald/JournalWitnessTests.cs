using Redoubt.Model;

namespace Redoubt.Tests.Collect.Journald;

/// <summary>Lines of a file that a syslog daemon writes, beside a running journal.</summary>
public sealed class JournalWitnessTests : IAsyncDisposable
{
    private const string Header = "Jan  1 00:00:00 web1 ";
    private const string Failure = "Failed password for root from 192.0.2.7 port 22 ssh2";
    private readonly LogBox _box = new();

    public ValueTask DisposeAsync() => _box.DisposeAsync();

    [Theory]
    [InlineData("daemon", LineOrigin.Verified)]
    [InlineData("root", LineOrigin.Relayed)]
    [InlineData("user", LineOrigin.Forged)]
    public async Task A_line_of_a_syslog_daemon_is_what_the_journal_says_of_the_same_message(string who, LineOrigin origin)
    {
        using var journal = LiveJournal.Start(_box.JournalFolder);
        await _box.StartAsync(_box.FromTheStart);
        journal.Write(who, Failure);
        await JournalHoldsAsync(1);
        _box.Write($"{Header}sshd: {Failure}\n{Header}sshd: {Failure}, not in the journal\n");

        var lines = _box.Sink.WaitFor(2);
        Assert.Equal([origin, LineOrigin.Relayed], lines.Select(line => line.Origin));
    }

    [Fact]
    public async Task What_the_daemon_rewrites_does_not_hide_a_forgery()
    {
        using var journal = LiveJournal.Start(_box.JournalFolder);
        await _box.StartAsync(_box.FromTheStart);
        journal.Write("user", "Failed\tpassword\u0001for root from 192.0.2.7 port 22 ssh2");
        await JournalHoldsAsync(1);
        _box.Write($"2026-01-01T00:00:00.123456+00:00 web1 sshd: Failed#011password#001for root from 192.0.2.7 port 22 ssh2\n");

        Assert.Equal(LineOrigin.Forged, Assert.Single(_box.Sink.WaitFor(1)).Origin);
    }

    [Fact]
    public async Task The_same_words_of_a_daemon_and_of_a_user_count_as_the_users()
    {
        using var journal = LiveJournal.Start(_box.JournalFolder);
        await _box.StartAsync(_box.FromTheStart);
        journal.Write("user", Failure);
        journal.Write("daemon", Failure);
        await JournalHoldsAsync(2);
        _box.Write($"{Header}sshd: {Failure}\n");

        Assert.Equal(LineOrigin.Forged, Assert.Single(_box.Sink.WaitFor(1)).Origin);
    }

    [Fact]
    public async Task Without_a_journal_lines_are_relayed()
    {
        await _box.StartAsync(_box.FromTheStart);
        _box.Write($"{Header}sshd: {Failure}\nno header\n");

        Assert.All(_box.Sink.WaitFor(2), line => Assert.Equal(LineOrigin.Relayed, line.Origin));
    }

    // What the collector itself reads of the journal tells when the entries are there.
    private async Task JournalHoldsAsync(int entries)
    {
        await using var other = new LogBox();
        await other.StartAsync(
            new Redoubt.Collect.JournaldSourceOptions
            {
                Location = "journald",
                Folder = _box.JournalFolder,
                Filters =
                [
                    [JournaldSourceTests.Has("SYSLOG_IDENTIFIER", "^sshd$")],
                ],
                OnlyFutureEvents = false,
            }
        );
        other.Sink.WaitFor(entries);
    }
}
