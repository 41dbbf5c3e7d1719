using System.Text;
using Redoubt.Patterns;

namespace Redoubt.Tests.Patterns;

public class AddressRangeTests
{
    [Theory]
    [InlineData("10.0.0.0/8", "10.1.2.3", true)]
    [InlineData("10.0.0.0/8", "11.1.2.3", false)]
    [InlineData("10.1.2.3/8", "10.9.9.9", true)]
    [InlineData("10.0.0.0/255.0.0.0", "10.9.9.9", true)]
    [InlineData("192.0.2.7", "192.0.2.7", true)]
    [InlineData("192.0.2.7", "192.0.2.8", false)]
    [InlineData("0.0.0.0/0", "203.0.113.9", true)]
    [InlineData("2001:db8::/32", "2001:db8:1::9", true)]
    [InlineData("2001:db8::/32", "2001:db9::9", false)]
    [InlineData("2001:db8::/128", "2001:db8::", true)]
    [InlineData("::/0", "10.0.0.1", false)]
    [InlineData("any", "10.0.0.1", true)]
    public void Tells_whether_an_address_lies_in_a_network(string network, string address, bool wanted)
    {
        Assert.True(AddressRange.TryParse(Encoding.ASCII.GetBytes(network), out var range));
        Assert.True(AddressRange.TryReadAddress(Encoding.ASCII.GetBytes(address), out var value, out var isIPv6));
        Assert.Equal(wanted, range.Contains(value, isIPv6));
    }

    [Theory]
    [InlineData("")]
    [InlineData("10.6")]
    [InlineData("10.0.0.0/33")]
    [InlineData("10.0.0.256")]
    [InlineData("0x0a.0.0.6")]
    [InlineData("2001:db8::/129")]
    [InlineData("10.0.0.0/ffff::")]
    [InlineData("10.0.0.0/")]
    [InlineData("1.2.3.4.5")]
    [InlineData("host")]
    [InlineData(":::")]
    public void Refuses_what_is_no_network(string text) => Assert.False(AddressRange.TryParse(Encoding.ASCII.GetBytes(text), out _));
}
