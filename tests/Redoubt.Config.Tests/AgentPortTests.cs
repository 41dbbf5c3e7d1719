using Redoubt.Config;
using Redoubt.Model;
using Redoubt.Transport.Port;

namespace Redoubt.Tests.Config;

/// <summary>What the manager's port grants strangers.</summary>
public class AgentPortTests
{
    [Fact]
    public void Limits_that_are_left_out_have_defaults()
    {
        Assert.Equal(new PortLimits(), Read("", out var none));
        Assert.Equal(
            new PortLimits { UnprovenPerAddress = 200, TimeToProve = TimeSpan.FromMinutes(1) },
            Read("<unproven_per_address>200</unproven_per_address><time_to_prove>1m</time_to_prove>", out var some)
        );
        Assert.Empty(none.All.Concat(some.All));
    }

    [Fact]
    public void Every_limit_can_be_set()
    {
        Assert.Equal(
            new PortLimits
            {
                Connections = 50,
                Unproven = 40,
                UnprovenPerAddress = 30,
                NewPerMinute = 20,
                TimeToProve = TimeSpan.FromSeconds(5),
                Addresses = 1000,
            },
            Read(
                "<connections>50</connections><unproven>40</unproven><unproven_per_address>30</unproven_per_address><new_per_minute>20</new_per_minute><time_to_prove>5</time_to_prove><addresses>1000</addresses>",
                out var diagnostics
            )
        );
        Assert.Empty(diagnostics.All);
    }

    [Theory]
    [InlineData("<connections>0</connections>", "CONF0011")]
    [InlineData("<connections>many</connections>", "CONF0011")]
    [InlineData("<new_per_minute>-1</new_per_minute>", "CONF0011")]
    [InlineData("<time_to_prove>0</time_to_prove>", "CONF0011")]
    [InlineData("<time_to_prove>6m</time_to_prove>", "CONF0011")]
    [InlineData("<certificate_lifetime>59s</certificate_lifetime>", "CONF0011")]
    [InlineData("<certificate_lifetime>366d</certificate_lifetime>", "CONF0011")]
    [InlineData("<certificate_lifetime>long</certificate_lifetime>", "CONF0011")]
    [InlineData("<addresses>10</addresses>", "CONF0011")]
    [InlineData("<clients>10</clients>", "CONF0010")]
    [InlineData("<unproven>63</unproven>", "CONF0086")]
    [InlineData("<connections>999</connections>", "CONF0086")]
    public void What_makes_no_sense_is_an_error(string element, string code)
    {
        Read(element, out var diagnostics);

        Assert.Equal((code, Severity.Error), Assert.Single(diagnostics.All) is var d ? (d.Code, d.Severity) : default);
    }

    [Fact]
    public void Certificates_are_good_for_thirty_days_or_as_said()
    {
        Assert.Equal(TimeSpan.FromDays(30), ReadAll("", out _).CertificateLifetime);
        Assert.Equal(TimeSpan.FromDays(7), ReadAll("<certificate_lifetime>1w</certificate_lifetime>", out _).CertificateLifetime);
    }

    private static PortLimits Read(string elements, out DiagnosticBag diagnostics) => ReadAll(elements, out diagnostics).AgentPort;

    private static Configuration ReadAll(string elements, out DiagnosticBag diagnostics)
    {
        diagnostics = new DiagnosticBag();
        var text = $"<redoubt_config><agent_port>{elements}</agent_port></redoubt_config>";
        return ConfigurationReader.Read(Case.Bytes(text), "redoubt.conf", diagnostics);
    }
}
