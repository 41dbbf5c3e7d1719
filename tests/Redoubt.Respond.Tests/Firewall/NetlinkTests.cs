using Redoubt.Model;
using Redoubt.Respond.Firewall.Netlink;
using Redoubt.Respond.Firewall.Nftables;

namespace Redoubt.Tests.Respond.Firewall;

public class NetlinkTests
{
    [Fact]
    public void An_element_with_a_timeout_is_written_as_the_kernel_wants_it()
    {
        Assert.True(BlockTarget.TryParse("10.0.0.6", out var target));
        var writer = new NetlinkWriter();
        NftElements.WriteElement(
            writer,
            NftConstants.NewElement,
            NetlinkMessage.FlagCreate | NetlinkMessage.FlagExclusive,
            7,
            target,
            1_800_000
        );

        // Lengths and types are little endian, netfilter's own numbers big endian.
        var expected =
            "4c000000"
            + "0c0a"
            + "0506"
            + "07000000"
            + "00000000"
            + "01000000"
            + "0c000100"
            + "7265646f75627400"
            + "0b000200"
            + "626c6f636b340000"
            + "20000380"
            + "1c000180"
            + "0c000180"
            + "08000100"
            + "0a000006"
            + "0c000400"
            + "00000000001b7740";
        Assert.Equal(expected.ToUpperInvariant(), Convert.ToHexString(writer.Written));
    }

    [Fact]
    public void A_prefix_is_written_as_its_first_address_and_the_one_behind_it()
    {
        Assert.True(BlockTarget.TryParse("10.0.0.0/24", out var target));
        var writer = new NetlinkWriter();
        NftElements.WriteElement(writer, NftConstants.DeleteElement, 0, 1, target);

        Assert.EndsWith(
            (
                "10000180"
                + "0c000180"
                + "08000100"
                + "0a000000"
                + "18000180"
                + "0c000180"
                + "08000100"
                + "0a000100"
                + "08000300"
                + "00000001"
            ).ToUpperInvariant(),
            Convert.ToHexString(writer.Written),
            StringComparison.Ordinal
        );
    }

    [Theory]
    [InlineData("10.0.0.0", 24, "10.0.1.0")]
    [InlineData("10.0.255.0", 24, "10.1.0.0")]
    [InlineData("10.255.255.255", 32, "11.0.0.0")]
    [InlineData("128.0.0.0", 1, null)]
    [InlineData("255.255.255.255", 32, null)]
    [InlineData("0.0.0.0", 0, null)]
    [InlineData("2001:db8::", 32, "2001:db9::")]
    [InlineData("fd00:10:0:ffff::", 64, "fd00:10:1::")]
    [InlineData("ff00::", 8, null)]
    public void The_first_address_behind_a_prefix_is_found(string address, int prefixLength, string? behind)
    {
        var bytes = System.Net.IPAddress.Parse(address).GetAddressBytes();
        Assert.Equal(behind is not null, NftElements.TryMoveBehind(bytes, prefixLength));
        if (behind is not null)
            Assert.Equal(behind, new System.Net.IPAddress(bytes).ToString());
    }

    [Fact]
    public void Elements_are_read_back_as_they_were_written()
    {
        Assert.True(BlockTarget.TryParse("2001:db8:1::/48", out var target));
        var writer = new NetlinkWriter();
        NftElements.WriteElement(writer, NftConstants.NewElement, 0, 1, target, 60_000);
        ReadOnlySpan<byte> rest = writer.Written;
        Assert.True(NetlinkMessage.TryTake(ref rest, out var message));

        var elements = new List<NftElement>();
        NftElements.Read(in message, 16, elements);
        Assert.Equal(2, elements.Count);
        Assert.Equal(
            ["2001:db8:1::/48"],
            NftInterval.Pair(elements, isIPv6: true).SelectMany(i => i.ToTargets(isIPv6: true)).Select(t => t.ToString())
        );

        // A set of another key size is none of ours.
        elements.Clear();
        NftElements.Read(in message, 4, elements);
        Assert.Empty(elements);
    }

    [Fact]
    public void Every_beginning_and_every_changed_byte_of_a_message_is_read_without_an_exception()
    {
        Assert.True(BlockTarget.TryParse("10.0.0.0/24", out var target));
        var writer = new NetlinkWriter();
        NftElements.WriteElement(writer, NftConstants.NewElement, 0, 1, target, 60_000);
        var whole = writer.Written.ToArray();
        for (var length = 0; length < whole.Length; length++)
            Assert.InRange(ReadAll(whole.AsSpan(0, length)), 0, 2);

        for (var at = 0; at < whole.Length; at++)
        {
            foreach (var value in (byte[])[0, 1, 3, 0x7F, 0xFF])
            {
                var changed = whole.ToArray();
                changed[at] = value;
                Assert.InRange(ReadAll(changed), 0, 4);
            }
        }
    }

    [Theory]
    [InlineData(2, "ENOENT (no such entry)")]
    [InlineData(105, "ENOBUFS (buffer overrun)")]
    [InlineData(4711, "error 4711")]
    public void Kernel_errors_have_names(int number, string text) => Assert.Equal(text, new KernelAnswer(number, null).ToString());

    private static int ReadAll(ReadOnlySpan<byte> bytes)
    {
        var elements = new List<NftElement>();
        while (NetlinkMessage.TryTake(ref bytes, out var message))
        {
            NftElements.Read(in message, 4, elements);
            _ = message.ReadAnswer();
        }

        return elements.Count;
    }
}
