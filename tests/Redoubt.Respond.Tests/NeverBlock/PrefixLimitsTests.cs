using Redoubt.Model;
using Redoubt.Respond.NeverBlock;

namespace Redoubt.Tests.Respond.NeverBlock;

public class PrefixLimitsTests
{
    [Theory]
    [InlineData("0.0.0.0/0", "wider than /8")]
    [InlineData("10.0.0.0/7", "wider than /8")]
    [InlineData("::/0", "wider than /32")]
    [InlineData("2000::/31", "wider than /32")]
    [InlineData("127.0.0.1", "loopback")]
    [InlineData("127.0.0.0/8", "loopback")]
    [InlineData("::1", "loopback")]
    [InlineData("::/64", "loopback")]
    [InlineData("::", "unspecified")]
    [InlineData("0.0.0.0", "unspecified")]
    [InlineData("224.0.0.251", "multicast")]
    [InlineData("ff02::1", "multicast")]
    [InlineData("255.255.255.255", "broadcast")]
    [InlineData("255.0.0.0/8", "broadcast")]
    [InlineData("::ffff:127.0.0.1", "loopback")]
    [InlineData("::ffff:0.0.0.0/96", "wider than /8")]
    public void What_would_cut_the_host_off_is_out_of_bounds(string target, string why)
    {
        Assert.True(BlockTarget.TryParse(target, out var parsed));
        Assert.Contains(why, PrefixLimits.WhyNot(parsed), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("10.0.0.6")]
    [InlineData("10.0.0.0/8")]
    [InlineData("2001:db8::/32")]
    [InlineData("fe80::6")]
    public void Ordinary_targets_are_not(string target)
    {
        Assert.True(BlockTarget.TryParse(target, out var parsed));
        Assert.Null(PrefixLimits.WhyNot(parsed));
    }
}
