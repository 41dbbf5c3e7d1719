using System.Globalization;
using System.Text;
using System.Text.Json;
using Redoubt.Store;

namespace Redoubt.Tests.Store.Alerts;

public sealed class AlertIndexTests : IDisposable
{
    private static readonly DateOnly First = new(2026, 7, 1);

    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("rdt-index-");
    private AlertIndex _index;
    private long _place;

    public AlertIndexTests() => _index = new AlertIndex(FilePath);

    private string FilePath => Path.Combine(_folder.FullName, "alerts.db");

    public static TheoryData<AlertFilter, string> Filters() =>
        new()
        {
            { new AlertFilter(), "1 2 3 4" },
            {
                new AlertFilter { Limit = 2 },
                "3 4"
            },
            {
                new AlertFilter { Rules = (5712, 5712) },
                "2"
            },
            {
                new AlertFilter { Rules = (5700, 5711) },
                "1 4"
            },
            {
                new AlertFilter { Levels = (10, int.MaxValue) },
                "2 3"
            },
            {
                new AlertFilter { Group = "sshd" },
                "1 2 4"
            },
            {
                new AlertFilter { Group = "ssh" },
                ""
            }, // a whole name
            {
                new AlertFilter { Agent = "001" },
                "1 2"
            },
            {
                new AlertFilter { Agent = "mail" },
                "3"
            },
            {
                new AlertFilter { Source = "192.0.2.7" },
                "1"
            },
            {
                new AlertFilter { Source = "::ffff:192.0.2.7" },
                "1"
            },
            {
                new AlertFilter { Source = "192.0.2.0/24" },
                "1 2"
            },
            {
                new AlertFilter { Source = "2001:db8::/32" },
                "3"
            },
            {
                new AlertFilter { Source = "2001:0DB8:0::1" },
                "3"
            },
            {
                new AlertFilter { Source = "0.0.0.0/0" },
                "1 2"
            }, // no IPv6 among them
            {
                new AlertFilter { Source = "gate.example" },
                "4"
            },
            {
                new AlertFilter { Source = "192.0.2.0/33" },
                ""
            },
            {
                new AlertFilter { User = "oracle" },
                "1"
            },
            {
                new AlertFilter { User = "root" },
                "3"
            },
            {
                new AlertFilter { Text = "INVALID user" },
                "1"
            },
            {
                new AlertFilter { Text = "100%" },
                "4"
            },
            {
                new AlertFilter { Text = "%" },
                "4"
            }, // no wild card
            {
                new AlertFilter { Text = "_" },
                ""
            },
            {
                new AlertFilter { Text = "\\" },
                "2"
            },
            {
                new AlertFilter { Text = "' OR 1=1 --" },
                ""
            },
            {
                new AlertFilter { Text = "Zoë" },
                "3"
            },
            {
                new AlertFilter { Since = At(2) },
                "2 3 4"
            },
            {
                new AlertFilter { Until = At(2) },
                "1"
            },
            {
                new AlertFilter
                {
                    Since = At(2),
                    Until = At(3),
                    Group = "sshd",
                },
                "2"
            },
            {
                new AlertFilter { Id = $"{At(3) / 1000}.3" },
                "3"
            },
            {
                new AlertFilter { Id = "no id" },
                ""
            },
            {
                new AlertFilter { Id = "99999999999999999.1" },
                ""
            },
        };

    [Theory, MemberData(nameof(Filters))]
    public void A_filter_finds_its_alerts(AlertFilter filter, string found)
    {
        Add(
            First,
            Alert(1, 5710, 5, "sshd,invalid_login", "001", "web", "192.0.2.7", "oracle", null, "Invalid user oracle"),
            Alert(2, 5712, 10, "sshd", "001", "web", "192.0.2.8", null, null, "a \\ b"),
            Alert(3, 9000, 12, "web", "002", "mail", "2001:db8::1", null, "root", "Zoë"),
            Alert(4, 5711, 3, "sshd", "003", "gate", "gate.example", null, null, "100% of it")
        );

        Assert.Equal(found, Found(filter));
    }

    [Fact]
    public void A_record_that_comes_twice_stands_there_once_and_a_restart_goes_on_where_it_was()
    {
        var record = Alert(1);
        _index.Add(First, [(0, record)], new IndexedDay(500, false));
        _index.Add(First, [(0, record)], new IndexedDay(500, false));
        Reopen();

        Assert.Equal("1", Found(new AlertFilter()));
        Assert.Equal(new IndexedDay(500, false), _index.StateOf(First));
        Assert.Equal(default, _index.StateOf(First.AddDays(1)));
    }

    [Fact]
    public void A_day_that_is_taken_out_leaves_the_others()
    {
        Add(First, Alert(1), Alert(2));
        Add(First.AddDays(1), Alert(3));

        _index.Forget(First);

        Assert.Equal("3", Found(new AlertFilter()));
        Assert.Equal([First.AddDays(1)], _index.Days);
    }

    [Fact]
    public void It_shrinks_by_the_oldest_day_and_remembers_it_until_the_bound_is_another()
    {
        Add(First, Alert(1));
        Add(First.AddDays(1), Alert(2), Alert(3), Alert(4), Alert(5));
        Assert.Equal(DateOnly.MinValue, _index.FirstDayWithin(1000));

        _index.Shrink();
        Reopen();
        Assert.Equal("2 3 4 5", Found(new AlertFilter()));
        Assert.Equal(First.AddDays(1), _index.FirstDayWithin(1000));

        _index.Shrink(); // the older half of a day
        Assert.Equal("4 5", Found(new AlertFilter()));
        Assert.Equal(DateOnly.MinValue, _index.FirstDayWithin(2000));
    }

    [Theory]
    [InlineData("")]
    [InlineData("no json")]
    [InlineData("[]")]
    [InlineData("{}")]
    [InlineData("""{"timestamp":"2026-07-01T10:00:01.000+0000"}""")]
    [InlineData("""{"timestamp":"yesterday","rule":{"id":"1"}}""")]
    [InlineData("""{"timestamp":1,"rule":{"id":"1"}}""")]
    [InlineData("""{"timestamp":"2026-07-01T10:00:01.000+0000","rule":{"id":"x"}}""")]
    [InlineData("""{"timestamp":"2026-07-01T10:00:01.000+0000","rule":"1"}""")]
    [InlineData("""{"timestamp":"2026-07-01T10:00:01.000+0000","rule":{"id":"1","description":"\ud800"}}""")]
    public void A_line_that_is_no_alert_is_counted_and_passed_over(string line)
    {
        Add(First, Encoding.UTF8.GetBytes(line), Alert(2));

        Assert.Equal(1, _index.Unreadable);
        Assert.Equal("2", Found(new AlertFilter()));
    }

    [Fact]
    public void The_record_comes_back_byte_for_byte()
    {
        var record = Alert(1);
        Add(First, record);

        Assert.Equal(record, Assert.Single(_index.Search(new AlertFilter())));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(5000)]
    public void A_damaged_file_says_that_it_may_be_deleted(int at)
    {
        Add(First, [.. Enumerable.Range(1, 50).Select(n => Alert(n))]);
        _index.Dispose();
        using (var file = File.OpenWrite(FilePath))
        {
            file.Position = at;
            file.Write(new byte[4096 * 3]);
        }

        var told = Xunit.Record.Exception(() =>
        {
            Reopen();
            Found(new AlertFilter());
        });

        Assert.True(told is InvalidDataException || (told is not null && Database.IsDamage(told)), $"Expected damage to be told: {told}");
    }

    public void Dispose()
    {
        _index.Dispose();
        _folder.Delete(recursive: true);
    }

    private static long At(int number) =>
        new DateTimeOffset(2026, 7, 1, 8, 0, 0, TimeSpan.Zero).AddMinutes(number).ToUnixTimeMilliseconds();

    private static byte[] Alert(
        int number,
        int rule = 5710,
        int level = 5,
        string groups = "sshd",
        string agent = "001",
        string agentName = "web",
        string? source = null,
        string? sourceUser = null,
        string? targetUser = null,
        string line = "line"
    ) =>
        JsonSerializer.SerializeToUtf8Bytes(
            new
            {
                // Two hours east of Greenwich.
                timestamp = DateTimeOffset
                    .FromUnixTimeMilliseconds(At(number))
                    .ToOffset(TimeSpan.FromHours(2))
                    .ToString("yyyy-MM-dd'T'HH:mm:ss.fffzzz", CultureInfo.InvariantCulture)
                    .Remove(26, 1),
                rule = new
                {
                    level,
                    description = "d",
                    id = rule.ToString(CultureInfo.InvariantCulture),
                    groups = groups.Split(','),
                },
                agent = new { id = agent, name = agentName },
                id = $"{At(number) / 1000}.{number}",
                full_log = line,
                data = new
                {
                    srcip = source,
                    srcuser = sourceUser,
                    dstuser = targetUser,
                },
            }
        );

    private void Add(DateOnly day, params byte[][] lines) =>
        _index.Add(day, [.. lines.Select(l => (_place += 10, l))], new IndexedDay(_place, false));

    private string Found(AlertFilter filter) =>
        string.Join(
            ' ',
            _index
                .Search(filter)
                .Reverse()
                .Select(r => JsonSerializer.Deserialize<JsonElement>(r).GetProperty("id").GetString()!.Split('.')[1])
        );

    private void Reopen()
    {
        _index.Dispose();
        _index = new AlertIndex(FilePath);
    }
}
