using System.Net;
using Redoubt.Model;
using Redoubt.Respond.Firewall.Nftables;

namespace Redoubt.Tests.Respond.Firewall;

public class NftIntervalTests
{
    [Theory]
    [InlineData("10.0.0.0", "10.0.1.0", "10.0.0.0/24")]
    [InlineData("10.0.0.1", "10.0.0.6", "10.0.0.1 10.0.0.2/31 10.0.0.4/31")]
    [InlineData("192.0.2.255", "192.0.3.1", "192.0.2.255 192.0.3.0")]
    [InlineData("255.255.255.0", null, "255.255.255.0/24")]
    [InlineData("2001:db8::", "2001:db8:0:1::", "2001:db8::/64")]
    [InlineData("ffff::", null, "ffff::/16")]
    public void A_range_is_shown_as_the_prefixes_that_make_it_up(string first, string? behind, string prefixes)
    {
        var isIPv6 = first.Contains(':', StringComparison.Ordinal);
        List<NftElement> elements = [Element(first, end: false)];
        if (behind is not null)
            elements.Insert(0, Element(behind, end: true));

        var interval = Assert.Single(NftInterval.Pair(elements, isIPv6));
        Assert.Equal(prefixes, string.Join(' ', interval.ToTargets(isIPv6)));
    }

    [Fact]
    public void Intervals_that_touch_are_put_together_rightly_in_whatever_order_they_come()
    {
        NftElement[] elements =
        [
            Element("10.0.1.0", false),
            Element("10.0.1.0", true),
            Element("10.0.2.0", true),
            Element("10.0.0.0", false),
        ];
        var texts = NftInterval.Pair(elements, isIPv6: false).SelectMany(i => i.ToTargets(isIPv6: false)).Select(t => t.ToString());
        Assert.Equal(["10.0.0.0/24", "10.0.1.0/24"], texts);
    }

    [Theory]
    [InlineData("10.0.0.0/8", "10.1.0.0/16", true, true)]
    [InlineData("10.1.0.0/16", "10.0.0.0/8", true, false)]
    [InlineData("10.0.0.0/24", "10.0.1.0/24", false, false)]
    [InlineData("fd00::/64", "fd00::/96", true, true)]
    public void Overlaps_are_told_apart_from_neighbours(string one, string other, bool overlaps, bool contains)
    {
        var (a, b) = (Of(one), Of(other));
        Assert.Equal((overlaps, contains), (a.Overlaps(b), a.Contains(b)));
    }

    private static NftInterval Of(string text) =>
        BlockTarget.TryParse(text, out var target) ? NftInterval.Of(target, -1) : throw new ArgumentException(text, nameof(text));

    private static NftElement Element(string address, bool end) => new(IPAddress.Parse(address), end, 0, -1);
}
