using System.Text;
using Microsoft.Extensions.Logging.Abstractions;
using Redoubt.App.Manager;
using Redoubt.Config;
using Redoubt.Model;
using Redoubt.Record;
using Redoubt.Show;
using Redoubt.Store;

namespace Redoubt.Tests.Manager.Search;

public sealed class AlertIndexerTests : IAsyncLifetime
{
    private readonly ManagerBox _box = new();
    private readonly List<Alarm> _told = [];
    private GlobalOptions _options = new();

    private string IndexFile { get; set; } = string.Empty;

    public ValueTask InitializeAsync()
    {
        IndexFile = Path.Combine(_box.Folder, "alerts.db");
        return ValueTask.CompletedTask;
    }

    public ValueTask DisposeAsync() => _box.DisposeAsync();

    [Fact]
    public async Task An_alert_is_found_as_soon_as_it_is_on_record()
    {
        using var index = Indexer();
        Assert.Empty(index.Search(new AlertFilter()));

        await GuessAsync("192.0.2.1");
        Assert.Equal(1, CountOf(index, "192.0.2.1"));
        await GuessAsync("192.0.2.2");
        Assert.Equal(1, CountOf(index, "192.0.2.2"));
        Assert.Equal(2, index.Search(new AlertFilter { Rules = (5710, 5710) }).Count);
        Assert.Null(index.Note);
    }

    [Fact]
    public async Task Days_that_were_put_away_are_found_also_by_an_index_that_is_new()
    {
        await DaysGoByAsync("192.0.2.1", "192.0.2.2", "192.0.2.3");
        Assert.Equal(2, Directory.GetFiles(_box.Folder, "ossec-alerts-*.json.gz", SearchOption.AllDirectories).Length);
        using var index = Indexer();

        await index.CatchUpAsync(CancellationToken.None);

        Assert.All((string[])["192.0.2.1", "192.0.2.2", "192.0.2.3"], a => Assert.Equal(1, CountOf(index, a)));
        Assert.Empty(_told);
    }

    [Fact]
    public async Task A_day_that_is_put_away_while_it_is_in_the_index_stands_there_once()
    {
        using var index = Indexer();
        await GuessAsync("192.0.2.1");
        await index.CatchUpAsync(CancellationToken.None);
        await NextDayAsync();
        await GuessAsync("192.0.2.2");

        await index.CatchUpAsync(CancellationToken.None);

        Assert.Equal(2, index.Search(new AlertFilter()).Count);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task An_index_that_is_damaged_or_deleted_is_told_and_made_again(bool isDeleted)
    {
        await DaysGoByAsync("192.0.2.1", "192.0.2.2");
        using var index = Indexer();
        await index.CatchUpAsync(CancellationToken.None);
        if (isDeleted)
            File.Delete(IndexFile);
        else
            Damage(index);

        await index.CatchUpAsync(CancellationToken.None);
        await index.CatchUpAsync(CancellationToken.None);

        Assert.Equal(OwnRules.AlertIndexLost, Assert.Single(_told).Rule);
        Assert.Equal(1, CountOf(index, "192.0.2.1"));
        Assert.Equal(1, CountOf(index, "192.0.2.2"));
        Assert.Null(index.Note);
    }

    [Fact]
    public async Task An_index_that_was_damaged_while_nobody_ran_is_told_and_made_again()
    {
        await GuessAsync("192.0.2.1");
        await File.WriteAllTextAsync(IndexFile, string.Concat(Enumerable.Repeat("no database", 1000)));
        using var index = Indexer();

        await index.CatchUpAsync(CancellationToken.None);

        Assert.Single(_told);
        Assert.Equal(1, CountOf(index, "192.0.2.1"));
    }

    [Fact]
    public async Task An_index_that_is_damaged_again_and_again_is_left_for_a_while()
    {
        await GuessAsync("192.0.2.1");
        using var index = Indexer();
        for (var i = 0; i < 2; i++)
        {
            await index.CatchUpAsync(CancellationToken.None);
            Damage(index);
            await index.CatchUpAsync(CancellationToken.None);
        }

        Assert.Equal(0, CountOf(index, "192.0.2.1"));
        Assert.Contains("new alerts may be missing", index.Note, StringComparison.Ordinal);
        _box.Time.Advance(TimeSpan.FromMinutes(10));
        Assert.Equal(1, CountOf(index, "192.0.2.1"));
        Assert.Null(index.Note);
    }

    [Fact]
    public async Task Where_no_index_can_be_written_a_search_says_so_and_nothing_else_suffers()
    {
        await File.WriteAllTextAsync(Path.Combine(_box.Folder, "file"), string.Empty);
        IndexFile = Path.Combine(_box.Folder, "file", "alerts.db");
        using var index = Indexer();
        await GuessAsync("192.0.2.1");

        await index.CatchUpAsync(CancellationToken.None);

        Assert.Empty(index.Search(new AlertFilter()));
        Assert.Contains("cannot be written", index.Note, StringComparison.Ordinal);
        Assert.Empty(_told);
    }

    [Fact]
    public async Task Days_beyond_the_bounds_are_not_in_it_and_come_back_with_wider_ones()
    {
        await DaysGoByAsync("192.0.2.1", "192.0.2.2", "192.0.2.3");
        _options = new GlobalOptions { AlertIndexDays = 1 };
        using var index = Indexer();
        await index.CatchUpAsync(CancellationToken.None);
        Assert.Equal(0, CountOf(index, "192.0.2.1"));
        Assert.Equal(1, CountOf(index, "192.0.2.2"));

        _options = new GlobalOptions();
        await index.CatchUpAsync(CancellationToken.None);
        Assert.Equal(1, CountOf(index, "192.0.2.1"));
    }

    [Fact]
    public async Task An_index_that_is_too_large_loses_its_oldest_days_and_keeps_today()
    {
        await DaysGoByAsync("192.0.2.1", "192.0.2.2", "192.0.2.3");
        _options = new GlobalOptions { AlertIndexBytes = 1 };
        using var index = Indexer();

        await index.CatchUpAsync(CancellationToken.None);

        Assert.Equal(0, CountOf(index, "192.0.2.1"));
        Assert.Equal(0, CountOf(index, "192.0.2.2"));
    }

    [Fact]
    public async Task Records_that_the_owner_no_longer_keeps_are_not_found()
    {
        await DaysGoByAsync("192.0.2.1", "192.0.2.2");
        using var index = Indexer();
        await index.CatchUpAsync(CancellationToken.None);
        RecordRetention.Apply(_box.Records with { KeepBytes = 1 }, new DateOnly(2026, 1, 2));

        Assert.Equal(0, CountOf(index, "192.0.2.1"));
        Assert.Equal(1, CountOf(index, "192.0.2.2"));
    }

    [Fact]
    public async Task A_compressed_day_that_is_damaged_costs_only_what_is_behind_the_damage()
    {
        await DaysGoByAsync("192.0.2.1", "192.0.2.2");
        var day = Directory.GetFiles(_box.Folder, "ossec-alerts-*.json.gz", SearchOption.AllDirectories).Single();
        await File.WriteAllTextAsync(day, "no gzip");
        using var index = Indexer();

        await index.CatchUpAsync(CancellationToken.None);

        Assert.Equal(1, CountOf(index, "192.0.2.2"));
        Assert.Null(index.Note);
        Assert.Empty(_told);
    }

    [Fact]
    public async Task A_file_that_was_cut_is_read_again()
    {
        using var index = Indexer();
        await GuessAsync("192.0.2.1");
        await index.CatchUpAsync(CancellationToken.None);
        var alerts = Path.Combine(_box.Folder, "alerts/alerts.json");
        await File.WriteAllTextAsync(alerts, string.Empty);

        Assert.Equal(0, CountOf(index, "192.0.2.1"));
        await GuessAsync("192.0.2.2");
        Assert.Equal(1, CountOf(index, "192.0.2.2"));
    }

    [Fact]
    public async Task Without_an_index_a_search_is_refused_and_no_file_is_made()
    {
        _options = new GlobalOptions { AlertIndexDays = 0 };
        using var index = Indexer();
        await index.CatchUpAsync(CancellationToken.None);

        var refused = Assert.Throws<RequestRefusedException>(() => AlertSearch.Run(index, new AlertSearchRequest()));

        Assert.Contains("alert_index_days", refused.Message, StringComparison.Ordinal);
        Assert.False(File.Exists(IndexFile));
    }

    private AlertIndexer Indexer() =>
        new(
            IndexFile,
            () => _box.Records,
            () => _options,
            alarm =>
            {
                _told.Add(alarm);
                return ValueTask.CompletedTask;
            },
            _box.Time,
            NullLogger.Instance
        );

    private Task GuessAsync(string address) => _box.SendAsync(_box.Web01, ManagerBox.Guess(address));

    private async Task DaysGoByAsync(params string[] addresses)
    {
        foreach (var address in addresses)
        {
            await GuessAsync(address);
            if (address != addresses[^1])
                await NextDayAsync();
        }
    }

    private Task NextDayAsync()
    {
        _box.Time.Advance(TimeSpan.FromDays(1) + RecordKeeper.Settling);
        return new RecordKeeper(() => _box.Records, _box.Analysis, _box.Time, NullLogger.Instance).LookAsync(CancellationToken.None);
    }

    // While it is not in use: what SQLite has in memory it does not read again.
    private void Damage(AlertIndexer index)
    {
        var wanted = _options;
        _options = new GlobalOptions { AlertIndexDays = 0 };
        Assert.Empty(index.Search(new AlertFilter()));
        _options = wanted;
        using var file = new FileStream(IndexFile, FileMode.Open, FileAccess.Write, FileShare.ReadWrite | FileShare.Delete);
        file.Write(Encoding.ASCII.GetBytes(new string('x', 4096)));
        file.SetLength(4096);
    }

    private static int CountOf(AlertIndexer index, string address) =>
        index.Search(new AlertFilter { Source = address, Rules = (5710, 5710) }).Count;
}
