using Redoubt.Model;
using Redoubt.Respond.Firewall;
using Redoubt.Respond.Firewall.Nftables;

namespace Redoubt.Tests.Respond.Firewall;

public class NftScriptTests
{
    [Fact]
    public void The_table_is_made_as_documented_and_no_other_is_named()
    {
        const string Expected = """
            table inet redoubt {
              set block4 { type ipv4_addr; flags timeout; }
              set block6 { type ipv6_addr; flags timeout; }
              set net4 { type ipv4_addr; flags interval, timeout; }
              set net6 { type ipv6_addr; flags interval, timeout; }
              chain prerouting { type filter hook prerouting priority -300; policy accept;
                ip saddr @block4 counter drop
                ip6 saddr @block6 counter drop
                ip saddr @net4 counter drop
                ip6 saddr @net6 counter drop
              }
            }

            """;
        Assert.Equal(Expected, NftScript.Write(replace: false, []));
    }

    [Fact]
    public void A_table_that_is_replaced_gets_its_blocks_in_the_same_transaction()
    {
        var script = NftScript.Write(replace: true, [Entry("10.0.0.6", 1500), Entry("10.0.0.7", -1), Entry("fd00::/64", 0)]);
        Assert.StartsWith("delete table inet redoubt\ntable inet redoubt {", script, StringComparison.Ordinal);
        Assert.EndsWith(
            "add element inet redoubt block4 { 10.0.0.6 timeout 1500ms, 10.0.0.7 }\nadd element inet redoubt net6 { fd00::/64 timeout 1ms }\n",
            script,
            StringComparison.Ordinal
        );
    }

    private static FirewallEntry Entry(string text, long remaining) =>
        BlockTarget.TryParse(text, out var target) ? new FirewallEntry(target, remaining) : throw new ArgumentException(text, nameof(text));
}
