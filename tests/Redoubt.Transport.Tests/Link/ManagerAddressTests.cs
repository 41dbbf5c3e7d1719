using Redoubt.Transport.Link;

namespace Redoubt.Tests.Transport;

public class ManagerAddressTests
{
    [Theory]
    [InlineData("10.0.0.4", "10.0.0.4", 7514)]
    [InlineData("10.0.0.4:1", "10.0.0.4", 1)]
    [InlineData(" manager.example.org:65535\n", "manager.example.org", 65535)]
    [InlineData("manager", "manager", 7514)]
    [InlineData("fd00:10::4", "fd00:10::4", 7514)]
    [InlineData("::1", "::1", 7514)]
    [InlineData("[::1]", "::1", 7514)]
    [InlineData("[fd00:10::4]:7600", "fd00:10::4", 7600)]
    [InlineData("[::ffff:10.0.0.4]:7600", "::ffff:10.0.0.4", 7600)]
    public void A_host_has_a_port_or_gets_the_usual_one(string text, string host, int port) =>
        Assert.Equal(new ManagerAddress(host, port), ManagerAddress.Parse(text));

    [Theory]
    [InlineData("")]
    [InlineData("  ")]
    [InlineData(":7514")]
    [InlineData("host:")]
    [InlineData("host:0")]
    [InlineData("host:65536")]
    [InlineData("host:-1")]
    [InlineData("host:+1")]
    [InlineData("host:99999999999")]
    [InlineData("host:http")]
    [InlineData("host: 1")]
    [InlineData("ho st")]
    [InlineData("https://host")]
    [InlineData("user@host")]
    [InlineData("host/path")]
    [InlineData("[")]
    [InlineData("[]")]
    [InlineData("[]:7514")]
    [InlineData("[::1")]
    [InlineData("[::1]7514")]
    [InlineData("[::1]:")]
    [InlineData("[::1]:0")]
    [InlineData("[[::1]]")]
    [InlineData("[host]:7514")]
    [InlineData("[10.0.0.4]:7514")]
    [InlineData("host]")]
    [InlineData("a:b:c")]
    [InlineData("host:7514:7514")]
    [InlineData("::1::2")]
    public void Anything_else_is_no_address(string text) => Assert.Null(ManagerAddress.Parse(text));

    [Theory]
    [InlineData("10.0.0.4:80", "10.0.0.4:80")]
    [InlineData("::1", "[::1]:7514")]
    [InlineData("[::1]:1", "[::1]:1")]
    public void Its_text_is_read_back(string text, string shown)
    {
        var address = ManagerAddress.Parse(text)!;

        Assert.Equal(shown, address.ToString());
        Assert.Equal(address, ManagerAddress.Parse(shown));
    }

    [Fact]
    public void Another_usual_port_may_be_given() => Assert.Equal(9, ManagerAddress.Parse("host", 9)!.Port);
}
