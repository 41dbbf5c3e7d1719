using System.Globalization;
using Redoubt.Collect;
using Redoubt.Collect.Files;

namespace Redoubt.Tests.Collect.Files;

public sealed class PatternTests : IAsyncDisposable
{
    private readonly LogBox _box = new();

    public ValueTask DisposeAsync() => _box.DisposeAsync();

    private string Logs => Path.Combine(_box.Folder, "logs");

    private FileSourceOptions Pattern(string name) => new() { Path = Path.Combine(Logs, name), Location = "/var/log/" + name };

    private void Write(string name, string text) => LogBox.Append(Path.Combine(Logs, name), text);

    private string[] LocationsAndTexts => [.. _box.Sink.All.Select(line => $"{line.Location} {line.Text}")];

    [Fact]
    public async Task Every_file_that_matches_is_followed_under_its_own_location()
    {
        Write("a.log", "old\n");
        Write(".hidden.log", "hidden\n");
        Directory.CreateDirectory(Path.Combine(Logs, "folder.log"));
        await _box.StartAsync(Pattern("*.log"));
        Write("a.log", "one\n");
        _box.Sink.WaitFor(1);
        Write("b.log", "two\n");
        _box.Sink.WaitFor(2);
        Write("other.txt", "no\n");
        Write("a.log", "three\n");
        _box.Sink.WaitFor(3);

        Assert.Equal(["/var/log/a.log one", "/var/log/b.log two", "/var/log/a.log three"], LocationsAndTexts);
        Assert.Equal(2, _box.Collector.Status.Count);
    }

    [Fact]
    public async Task A_rotated_file_that_matches_too_is_not_read_again()
    {
        await _box.StartAsync(Pattern("*.log*"));
        Write("a.log", "one\n");
        _box.Sink.WaitFor(1);
        File.Move(Path.Combine(Logs, "a.log"), Path.Combine(Logs, "a.log.1"));
        Write("a.log", "two\n");
        _box.Sink.WaitFor(2);
        Write("b.log", "three\n");
        _box.Sink.WaitFor(3);

        Assert.Equal(["/var/log/a.log one", "/var/log/a.log two", "/var/log/b.log three"], LocationsAndTexts);
    }

    [Fact]
    public async Task Wildcards_in_folders_match_folders_that_come_later()
    {
        await _box.StartAsync(Pattern("*/error.log"));
        Directory.CreateDirectory(Path.Combine(Logs, "site"));
        Write("site/error.log", "one\n");

        Assert.Equal(Path.Combine(Logs, "site", "error.log"), _box.Sink.WaitFor(1).Single().Location);
    }

    [Fact]
    public async Task After_a_restart_known_files_go_on_and_new_ones_are_read_from_their_beginning()
    {
        Write("a.log", "old\n");
        await _box.StartAsync(Pattern("*.log"));
        Write("a.log", "one\ntwo\n");
        _box.Acknowledge(_box.Sink.WaitFor(2)[0]);
        await _box.StopAsync();
        Write("b.log", "three\n");
        await _box.StartAsync(Pattern("*.log"));

        _box.Sink.WaitFor(2);
        Assert.Equal(["/var/log/a.log two", "/var/log/b.log three"], LocationsAndTexts.Order());
    }

    [Fact]
    public async Task At_midnight_the_next_file_is_read_and_the_last_lines_of_the_former_one_too()
    {
        _box.Time.SetLocalTimeZone(TimeZoneInfo.Utc);
        Write("app-2026-01-01.log", "old\n");
        await _box.StartAsync(Pattern("app-%Y-%m-%d.log"));
        Write("app-2026-01-01.log", "one\n");
        _box.Sink.WaitFor(1);
        _box.Time.Advance(TimeSpan.FromDays(1));
        Write("app-2026-01-02.log", "two\n");
        _box.Sink.WaitFor(2);
        Write("app-2026-01-01.log", "three\n");
        _box.Sink.WaitFor(3);

        Assert.Equal(
            ["/var/log/app-2026-01-01.log one", "/var/log/app-2026-01-02.log two", "/var/log/app-2026-01-01.log three"],
            LocationsAndTexts
        );

        // Stopped before the former day was acknowledged.
        await _box.StopAsync();
        await _box.StartAsync(Pattern("app-%Y-%m-%d.log"));
        Assert.Equal(["one", "three", "two"], _box.Sink.WaitFor(3).Select(line => line.Text).Order());
    }

    [Fact]
    public async Task A_file_that_is_also_configured_by_its_name_is_read_once()
    {
        await _box.StartAsync(Pattern("*.log"), Pattern("a.log") with { Location = "named" });
        Write("a.log", "one\n");
        Write("b.log", "two\n");
        _box.Sink.WaitFor(2);
        await _box.Collector.ApplyAsync([Pattern("*.log"), Pattern("b.log") with { Location = "named" }]);
        Write("a.log", "three\n");
        Write("b.log", "four\n");
        _box.Sink.WaitUntil(_ => _box.Sink.Texts.Distinct().Count() == 4, "four different lines");

        // What is taken over begins again at the acknowledged position, as the same lines.
        Assert.Equal(
            ["/var/log/a.log three", "/var/log/b.log two", "named four", "named one"],
            _box.Sink.All.GroupBy(line => (line.File, line.End))
                .Select(same => $"{same.First().Location} {same.First().Text}")
                .Order(StringComparer.Ordinal)
        );
    }

    [Theory]
    [InlineData("/a/%Y-%m-%d/%H%M%S.log", "/a/2026-02-03/040506.log")]
    [InlineData("%y %j %b %B %a %A %e %I %p", "26 034 Feb February Tue Tuesday  3 04 AM")]
    [InlineData("%F %T 100%% %Q %", "2026-02-03 04:05:06 100% %Q %")]
    [InlineData("/plain", "/plain")]
    public void Date_codes_are_those_of_strftime(string path, string expanded) =>
        Assert.Equal(expanded, DateCodes.Expand(path, DateTimeOffset.Parse("2026-02-03T04:05:06Z", CultureInfo.InvariantCulture)));
}
