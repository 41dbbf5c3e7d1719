using Redoubt.Decide;
using Redoubt.Model;

namespace Redoubt.Tests.Decide;

public class AllowlistTests
{
    // Entries, source, whether it is protected.
    [Theory]
    [InlineData("10.0.0.6", "10.0.0.6", true)]
    [InlineData("10.0.0.6", "10.0.0.60", false)]
    [InlineData("10.0.0.6", "110.0.0.6", false)]
    [InlineData("10.0.0.6", "::ffff:10.0.0.6", true)]
    [InlineData("10.0.0.6", "::FFFF:10.0.0.6", true)]
    [InlineData("10.0.0.6", "::ffff:a00:6", true)]
    [InlineData("::ffff:10.0.0.6", "10.0.0.6", true)]
    [InlineData("::ffff:10.0.0.0/104", "10.200.1.1", true)]
    [InlineData("10.0.0.0/8", "10.200.1.1", true)]
    [InlineData("10.0.0.0/8", "11.0.0.1", false)]
    [InlineData("10.1.2.3/8", "10.200.1.1", true)]
    [InlineData("10.0.0.0/255.0.0.0", "10.200.1.1", true)]
    [InlineData("10.0.0.0/255.0.0.0", "11.0.0.1", false)]
    [InlineData("10.0.0.0/255.255.255.255", "10.0.0.0", true)]
    [InlineData("0.0.0.0/0", "203.0.113.9", true)]
    [InlineData("0.0.0.0/0.0.0.0", "203.0.113.9", true)]
    [InlineData("0.0.0.0/0", "2001:db8::1", false)]
    [InlineData("::/0", "203.0.113.9", false)]
    [InlineData("10.0.0.5-10.0.1.5", "10.0.0.4", false)]
    [InlineData("10.0.0.5-10.0.1.5", "10.0.0.5", true)]
    [InlineData("10.0.0.5 - 10.0.1.5", "10.0.0.200", true)]
    [InlineData("10.0.0.5-10.0.1.5", "10.0.1.5", true)]
    [InlineData("10.0.0.5-10.0.1.5", "10.0.1.6", false)]
    [InlineData("2001:db8::/32", "2001:db8::7", true)]
    [InlineData("2001:db8::/32", "2001:DB8:0:0::7", true)]
    [InlineData("2001:db8::/32", "2001:db9::7", false)]
    [InlineData("2001:db8::1-2001:db8::ff", "2001:db8::80", true)]
    [InlineData("::1", "::1", true)]
    [InlineData("::1", "2001:db8::1", false)]
    [InlineData("^scanner.example.org$", "scanner.example.org", true)]
    [InlineData("^scanner.example.org$", "SCANNER.example.org", true)]
    [InlineData("^scanner.example.org$", "scanner.example.org.evil.net", false)]
    [InlineData("^scanner.example.org$", "scannerXexample.org", false)]
    [InlineData("localhost", "my-localhost-2", true)]
    [InlineData("^a$|^b$", "b", true)]
    [InlineData("!^host$", "other", true)]
    [InlineData("!^host$", "host", false)]
    [InlineData("!^10.0.0.6$", "::ffff:10.0.0.6", false)]
    [InlineData("10.0.0.", "110.0.0.1", true)]
    [InlineData("^10.0.0.", "::ffff:10.0.0.7", true)]
    [InlineData("^10.0.0.", "110.0.0.1", false)]
    [InlineData("^2001:db8:0:0:", "2001:db8:0:0::7", true)]
    [InlineData("^2001:db8::", "2001:db8:0:0::7", true)]
    [InlineData("10.0.0.0/24;!10.0.0.6", "10.0.0.5", true)]
    [InlineData("10.0.0.0/24;!10.0.0.6", "10.0.0.6", false)]
    [InlineData("!10.0.0.6;10.0.0.0/24", "::ffff:10.0.0.6", false)]
    [InlineData("10.0.0.0/8;! 10.1.0.0/16", "10.1.2.3", false)]
    [InlineData("", "10.0.0.6", false)]
    public void An_entry_protects_what_it_says(string entries, string source, bool isProtected)
    {
        var list = new Allowlist([.. entries.Split(';', StringSplitOptions.RemoveEmptyEntries).Select(Parse)]);
        BlockTarget? target = BlockTarget.TryParse(source, out var parsed) ? parsed : null;

        Assert.Equal(isProtected, list.FindProtecting(source, target) is not null);
    }

    [Theory]
    [InlineData("")]
    [InlineData("   ")]
    [InlineData("256.0.0.1")]
    [InlineData("!300.1.1.1")]
    [InlineData("10.0.0.1/33")]
    [InlineData("10.0.0.1/255.0.255.0")]
    [InlineData("10.0.0.9-10.0.0.1")]
    [InlineData("010.0.0.1")]
    public void An_impossible_entry_is_refused_with_a_reason(string text)
    {
        Assert.False(AllowlistEntry.TryParse(text, out var entry, out var problem));
        Assert.Null(entry);
        Assert.NotEmpty(problem);
    }

    [Theory]
    [InlineData("10.0.0.", true)]
    [InlineData("0.0.1$", true)]
    [InlineData("!10.0.", true)]
    [InlineData("^10.0.|192.168.", true)]
    [InlineData("2001:db8:", true)]
    [InlineData("^10.0.0.", false)]
    [InlineData("localhost", false)]
    [InlineData("cafe", false)]
    [InlineData("web-1", false)]
    [InlineData("10.0.0.6", false)]
    public void A_fragment_of_an_address_is_noticed(string text, bool isFragment) =>
        Assert.Equal(isFragment, Parse(text).LooksLikeAddressFragment);

    [Fact]
    public void The_entry_that_protects_is_named_as_configured() =>
        Assert.Equal(
            "10.0.0.0/255.0.0.0",
            new Allowlist([Parse("^web$"), Parse("10.0.0.0/255.0.0.0")]).FindProtecting("10.0.0.6", Target("10.0.0.6"))
        );

    [Theory]
    [InlineData("10.0.0.6", "10.0.0.0/8", true)]
    [InlineData("10.0.0.6", "11.0.0.0/8", false)]
    [InlineData("10.0.0.0/8", "10.1.0.0/16", true)]
    [InlineData("2001:db8::1", "2001:db8::/64", true)]
    [InlineData("2001:db8::1", "0.0.0.0/0", false)]
    public void A_wide_target_overlaps_what_it_holds(string entry, string target, bool overlaps) =>
        Assert.Equal(overlaps, Parse(entry).Overlaps(Target(target)));

    [Theory]
    [InlineData("bastion.example.com", true)]
    [InlineData("xn--bcher-kva.example", true)]
    [InlineData("^localhost.localdomain$", false)]
    [InlineData("10.0.0.6", false)]
    [InlineData("bastion", false)]
    [InlineData("a..example", false)]
    [InlineData("-a.example", false)]
    [InlineData("a.example|b.example", false)]
    [InlineData("a.b1", false)]
    public void What_looks_like_a_host_name_is_asked_for(string text, bool isName) =>
        Assert.Equal(isName ? text : null, Parse(text).HostName);

    [Fact]
    public void The_address_of_a_name_is_protected_and_the_entry_says_why()
    {
        var list = new Allowlist([AllowlistEntry.OfName("bastion.example.com", System.Net.IPAddress.Parse("::ffff:192.0.2.7"))]);

        Assert.Equal("bastion.example.com (::ffff:192.0.2.7)", list.FindProtecting("192.0.2.7", Target("192.0.2.7")));
        Assert.Null(list.FindProtecting("192.0.2.8", Target("192.0.2.8")));
    }

    [Theory]
    [InlineData("10.0.0.0/8", "10.0.0.0/8")]
    [InlineData("192.0.2.7", "192.0.2.7")]
    [InlineData("192.0.2.1-192.0.2.6", "192.0.2.1,192.0.2.2/31,192.0.2.4/31,192.0.2.6")]
    [InlineData("0.0.0.0-255.255.255.255", "0.0.0.0/0")]
    [InlineData("2001:db8::-2001:db8::1", "2001:db8::/127")]
    [InlineData("web.example.com", "")]
    public void For_hosts_the_list_becomes_prefixes(string entry, string prefixes) =>
        Assert.Equal(prefixes, string.Join(',', new Allowlist([Parse(entry)]).Networks));

    [Fact]
    public void What_an_exception_takes_out_is_not_sent_to_hosts() =>
        Assert.Equal(
            "10.0.0.0/8",
            string.Join(',', new Allowlist([Parse("10.0.0.0/8"), Parse("192.0.2.0/24"), Parse("!192.0.2.7")]).Networks)
        );

    private static AllowlistEntry Parse(string text)
    {
        Assert.True(AllowlistEntry.TryParse(text, out var entry, out var problem), problem);
        return entry;
    }

    private static BlockTarget Target(string text)
    {
        Assert.True(BlockTarget.TryParse(text, out var target));
        return target;
    }

    [Fact]
    public void Any_text_is_an_entry_or_refused_and_never_an_exception()
    {
        var random = new Random(7);
        const string characters = "0123456789abcf.:/-!^$| ,%[]x";
        for (var round = 0; round < 20_000; round++)
        {
            var text = string.Concat(Enumerable.Range(0, random.Next(1, 20)).Select(_ => characters[random.Next(characters.Length)]));
            BlockTarget? target = BlockTarget.TryParse(text, out var parsed) ? parsed : null;
            if (!AllowlistEntry.TryParse(text, out var entry, out var problem))
                Assert.NotEmpty(problem);
            else if (target is not null)
                Assert.True(entry.Covers(text, target), text);
        }
    }
}
