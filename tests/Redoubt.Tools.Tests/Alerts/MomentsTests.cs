using Redoubt.App.Commands;
using Redoubt.Host;

namespace Redoubt.Tests.Tools.Alerts;

public class MomentsTests
{
    [Theory]
    [InlineData("90", -90)]
    [InlineData("2h", -7200)]
    [InlineData("7d", -604_800)]
    [InlineData("2026-11-24", -43_200)]
    [InlineData("2026-11-24 11:59", -60)]
    [InlineData("2026-11-24 11:59:59", -1)]
    [InlineData("2026-11-24T11:59", -60)]
    [InlineData("2026-11-24T12:00:00Z", 7200)]
    [InlineData("2026-11-24T12:00:00+02:00", 0)]
    [InlineData("2026-11-24T12:00:01.500+0200", 1.5)]
    public void A_moment_is_read_as_people_write_it(string text, double seconds)
    {
        var now = new DateTimeOffset(2026, 11, 24, 10, 0, 0, TimeSpan.Zero);

        Assert.Equal(now.AddSeconds(seconds).ToUnixTimeMilliseconds(), Moments.Parse(text, new Noon(now)));
    }

    [Theory]
    [InlineData("")]
    [InlineData("forever")]
    [InlineData("yesterday")]
    [InlineData("2026-13-01")]
    [InlineData("2026-11-24 25:00")]
    [InlineData("-2h")]
    [InlineData("24.11.2026")]
    public void What_is_no_moment_is_told_with_what_would_be(string text)
    {
        var told = Assert.Throws<StartException>(() => Moments.Parse(text, TimeProvider.System));

        Assert.Contains("2026-11-24 10:15", told.Message, StringComparison.Ordinal);
        Assert.Equal(StartException.Usage, told.ExitCode);
    }

    // Two hours east of Greenwich.
    private sealed class Noon(DateTimeOffset now) : TimeProvider
    {
        public override DateTimeOffset GetUtcNow() => now;

        public override TimeZoneInfo LocalTimeZone => TimeZoneInfo.CreateCustomTimeZone("east", TimeSpan.FromHours(2), "east", "east");
    }
}
