using Redoubt.Lab;

namespace Redoubt.Tests.EndToEnd.Story;

public class WhiteListTests : LabTest
{
    [Theory]
    [InlineData("10.0.0.6", false)]
    [InlineData("10.0.0.0/24", false)]
    [InlineData("fd00:10::/64", true)]
    public async Task Scenario_29_A_source_on_the_white_list_is_noticed_but_never_blocked(string entry, bool ipv6)
    {
        await using var sshd = await Sshd.StartAsync(Net, Net.Agent);
        var redoubt = await DeployAsync(new DeploymentOptions { Global = $"<white_list>{entry}</white_list>" });
        var source = ipv6 ? Net.Attacker.IPv6 : Net.Attacker.IPv4;

        await sshd.AppendAsync(AuthLogLines.Attack(source));

        await redoubt.WaitForAlertAsync("5712", source, Soon);
        var skipped = await redoubt.WaitForStateAsync(source, "skipped", Soon);
        var reason = skipped.GetProperty("hosts")[0].GetProperty("reason").GetString();
        Assert.False(string.IsNullOrWhiteSpace(reason), "Expected the reason of the skip on record.");
        Assert.Null(await Net.Agent.KernelBlockAsync(source));
        Assert.True(await LossAsync(ipv6) == 0, "Expected ping to work: the source is on the white list.");
    }
}
