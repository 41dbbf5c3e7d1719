using System.Text;
using Redoubt.App.Replay;

namespace Redoubt.Tests.Tools.Replay;

public class LoggedClockTests
{
    [Theory]
    [InlineData("Mar  1 02:03:04", "2026-03-01T02:03:04Z")]
    [InlineData("Mar 01 02:03:04", "2026-03-01T02:03:04Z")]
    [InlineData("Dec 31 23:59:59", "2026-12-31T23:59:59Z")]
    [InlineData("2025-03-01T02:03:04.123456+01:00", "2025-03-01T01:03:04.123Z")]
    [InlineData("2025-03-01T02:03:04.5-0330", "2025-03-01T05:33:04.5Z")]
    [InlineData("2025-03-01T02:03:04Z", "2025-03-01T02:03:04Z")]
    [InlineData("2025 Mar 01 02:03:04", "2025-03-01T02:03:04Z")]
    [InlineData("2025-03-01 02:03:04,007", "2025-03-01T02:03:04.007Z")]
    [InlineData("Sat Mar 01 02:03:04 2025", "2025-03-01T02:03:04Z")]
    public void A_time_is_read_in_the_forms_of_headers(string text, string expected) =>
        Assert.Equal(DateTimeOffset.Parse(expected, null).ToUnixTimeMilliseconds(), Read(Utc(2026), text));

    [Theory]
    [InlineData("")]
    [InlineData("Mar 32 02:03:04")]
    [InlineData("Xyz  1 02:03:04")]
    [InlineData("Mar  1 24:03:04")]
    [InlineData("arM  1 02:03:04")]
    [InlineData("2025-13-01T02:03:04Z")]
    [InlineData("2025-03-01T02:03:04+99:00")]
    [InlineData("\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0")]
    [InlineData("no time at all, and very long: ................................................")]
    public void A_line_without_a_time_arrives_with_the_one_before(string text)
    {
        var clock = Utc(2026);
        var before = Read(clock, "Mar  1 02:03:04");

        Assert.Equal(before, Read(clock, text));
    }

    [Fact]
    public void Behind_December_comes_the_next_year_and_a_late_line_still_belongs_to_the_old_one()
    {
        var clock = Utc(2025);

        var eve = Read(clock, "Dec 31 23:59:59");
        var newYear = Read(clock, "Jan  1 00:00:00");
        var late = Read(clock, "Dec 31 23:59:58");

        Assert.Equal(1000, newYear - eve);
        Assert.Equal(-1000, late - eve);
    }

    [Fact]
    public void Another_file_begins_in_the_given_year_again()
    {
        var clock = Utc(2025);
        var first = Read(clock, "Jan  2 00:00:00");
        Read(clock, "Dec 31 23:59:59");
        Read(clock, "Jan  1 00:00:00");

        clock.StartFile();

        Assert.Equal(first, Read(clock, "Jan  2 00:00:00"));
    }

    [Fact]
    public void Times_without_a_zone_follow_the_clock_change_of_theirs()
    {
        var clock = new LoggedClock(2026, TimeZoneInfo.FindSystemTimeZoneById("Europe/Berlin"));

        Assert.Equal(DateTimeOffset.Parse("2026-03-29T00:59:59Z", null).ToUnixTimeMilliseconds(), Read(clock, "Mar 29 01:59:59"));
        Assert.Equal(DateTimeOffset.Parse("2026-03-29T01:00:00Z", null).ToUnixTimeMilliseconds(), Read(clock, "Mar 29 03:00:00"));
    }

    private static LoggedClock Utc(int year) => new(year, TimeZoneInfo.Utc);

    private static long Read(LoggedClock clock, string text) => clock.Read(Encoding.UTF8.GetBytes(text));
}
