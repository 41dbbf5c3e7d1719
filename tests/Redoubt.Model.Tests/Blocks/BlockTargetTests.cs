using Redoubt.Model;

namespace Redoubt.Tests.Model.Blocks;

public class BlockTargetTests
{
    [Theory]
    [InlineData("10.0.0.6", "10.0.0.6")]
    [InlineData("::ffff:10.0.0.6", "10.0.0.6")]
    [InlineData("::FFFF:10.0.0.6", "10.0.0.6")]
    [InlineData("::ffff:10.0.0.0/104", "10.0.0.0/8")]
    [InlineData("10.1.2.3/8", "10.0.0.0/8")]
    [InlineData("2001:DB8::0:7", "2001:db8::7")]
    [InlineData("2001:db8::7/32", "2001:db8::/32")]
    [InlineData("0.0.0.0/0", "0.0.0.0/0")]
    [InlineData("fe80::1%eth0", "fe80::1")]
    [InlineData("fe80::1%br-0.1/64", "fe80::/64")]
    public void Reads_canonical_text_into_one_form(string text, string canonical)
    {
        Assert.True(BlockTarget.TryParse(text, out var target));
        Assert.Equal(canonical, target.ToString());
    }

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData("10.6")]
    [InlineData("0x0a000006")]
    [InlineData("010.0.0.6")]
    [InlineData("10.0.0.256")]
    [InlineData("10.0.0.6/33")]
    [InlineData("10.0.0.6/-1")]
    [InlineData("10.0.0.6/")]
    [InlineData("fe80::1%")]
    [InlineData("fe80::1%e th0")]
    [InlineData("10.0.0.6%eth0")]
    [InlineData("::ffff:10.0.0.0/64")]
    [InlineData("example.org")]
    [InlineData("10.0.0.6 ")]
    [InlineData("[::1]")]
    public void Refuses_everything_that_tools_read_differently(string? text)
    {
        Assert.False(BlockTarget.TryParse(text, out _));
    }

    [Fact]
    public void A_prefix_contains_addresses_of_its_family_only()
    {
        Assert.True(BlockTarget.TryParse("10.0.0.0/8", out var net));
        Assert.True(BlockTarget.TryParse("10.200.1.1", out var inside));
        Assert.True(BlockTarget.TryParse("::a00:6", out var six));
        Assert.True(net.Contains(inside));
        Assert.False(inside.Contains(net));
        Assert.False(net.Contains(six));
    }
}
