using Redoubt.App.Replay;

namespace Redoubt.Tests.Tools.Replay;

public class ReplayProgressTests
{
    [Theory]
    [InlineData(0, 0, 0, 0, "0 lines  0/s")]
    [InlineData(50_000, 0, 0, 2, "50,000 lines  25,000/s")]
    [InlineData(50_000, 25, 100, 2, "[######..................]  25 %  50,000 lines  25,000/s  0:06 left")]
    [InlineData(50_000, 100, 100, 2, "[########################] 100 %  50,000 lines  25,000/s  0:00 left")]
    [InlineData(1, 1, 7200, 1, "[........................]   0 %  1 lines  1/s  1h 59m left")]
    public void The_bar_tells_part_rate_and_remaining_time(long lines, long read, long total, int seconds, string expected) =>
        Assert.Equal(expected, ReplayProgress.Text(lines, read, total, TimeSpan.FromSeconds(seconds)));
}
