using Redoubt.App.Manager;

namespace Redoubt.Tests.Manager;

public class LineRateTests
{
    private readonly LineRate _rate = new();

    [Fact]
    public void Ten_whole_seconds_count_and_the_one_that_is_not_over_does_not()
    {
        for (var second = 100; second < 110; second++)
            _rate.Add(second * 1000, 50);
        _rate.Add(110_500, 1_000_000);

        Assert.Equal(50, _rate.PerSecond(110_999));
        Assert.Equal((9 * 50 + 1_000_000) / 10.0, _rate.PerSecond(111_000));
    }

    [Fact]
    public void What_is_long_ago_counts_no_more()
    {
        Assert.Equal(0, _rate.PerSecond(100_000));
        _rate.Add(100_000, 10);
        _rate.Add(100_999, 10);

        Assert.Equal(2, _rate.PerSecond(101_000));
        Assert.Equal(2, _rate.PerSecond(110_999));
        Assert.Equal(0, _rate.PerSecond(111_000));
        _rate.Add(500_000, 30);
        Assert.Equal(3, _rate.PerSecond(501_000));
    }
}
