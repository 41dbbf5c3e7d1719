using System.Net;
using System.Text.Json;
using Redoubt.Lab;

namespace Redoubt.Tests.EndToEnd.Story;

/// <summary>What an administrator does by hand: block, extend, protect, promote.</summary>
public class ByHandTests : LabTest
{
    [Fact]
    public async Task A_block_by_hand_is_in_the_kernel_when_the_command_ends_and_can_be_extended_and_released()
    {
        var redoubt = await DeployAsync();
        var target = Net.Attacker.IPv4;

        var added = await BlocksAsync(redoubt, "add", target.ToString(), "--for", "10m", "--why", "looks odd");
        Assert.True(added.Succeeded, $"Expected the block to be made: {added}");
        Assert.InRange((await WaitForKernelBlockAsync(target)).Remaining!.Value.TotalMinutes, 9, 10);
        Assert.Equal(100, await LossAsync());

        var extended = await BlocksAsync(redoubt, "extend", target.ToString(), "--for", "3h");
        Assert.True(extended.Succeeded, $"Expected the block to get more time: {extended}");
        Assert.InRange((await WaitForKernelBlockAsync(target)).Remaining!.Value.TotalMinutes, 179, 180);
        await BlocksAsync(redoubt, "extend", target.ToString(), "--for", "1m");
        Assert.InRange((await WaitForKernelBlockAsync(target)).Remaining!.Value.TotalMinutes, 179, 180);

        var story = await BlocksAsync(redoubt, "show", target.ToString());
        Assert.Matches("(?m)^why +looks odd$", story.Output);
        Assert.Matches("(?m)^author +person:", story.Output);
        Assert.Matches("(?m)^on 001 +enforced since .*, offence step 0$", story.Output);

        await redoubt.RemoveBlockAsync(target);
        Assert.Equal(0, await LossAsync());
        Assert.Equal(1, (await BlocksAsync(redoubt, "extend", target.ToString(), "--for", "1m")).ExitCode);
    }

    [Fact]
    public async Task Scenario_36_and_37_A_listed_address_needs_force_and_no_force_blocks_what_the_host_needs()
    {
        var redoubt = await DeployAsync(new DeploymentOptions { Global = "<white_list>10.0.0.7</white_list>" });

        var listed = await BlocksAsync(redoubt, "add", "10.0.0.7");
        Assert.Equal(1, listed.ExitCode);
        Assert.Contains("white list (10.0.0.7). --force", listed.Error, StringComparison.Ordinal);
        Assert.Equal(1, (await BlocksAsync(redoubt, "add", "10.0.0.0/24")).ExitCode);
        Assert.True((await BlocksAsync(redoubt, "add", "10.0.0.7", "--force", "--for", "1m")).Succeeded);
        await WaitForKernelBlockAsync(Net.Bystander.IPv4);

        foreach (var needed in (string[])["10.0.0.4", "10.0.0.5", "127.0.0.1", "0.0.0.0/0", "::/0"])
        {
            var refused = await BlocksAsync(redoubt, "add", needed, "--force");
            Assert.True(refused.ExitCode == 1, $"Expected {needed} to be refused: {refused}");
            Assert.Contains("skipped", refused.Output, StringComparison.Ordinal);
        }

        Assert.Null(await Net.Agent.KernelBlockAsync(Net.Manager.IPv4));
        Assert.Equal(2, (await BlocksAsync(redoubt, "add", "10.6")).ExitCode);
        Assert.Equal(2, (await BlocksAsync(redoubt, "add", "10.0.0.6", "--for", "soon")).ExitCode);
        Assert.Equal(1, (await BlocksAsync(redoubt, "add", "10.0.0.6", "--host", "nobody")).ExitCode);
    }

    [Fact]
    public async Task What_is_protected_by_hand_is_released_at_once_and_not_blocked_again()
    {
        await using var sshd = await Sshd.StartAsync(Net, Net.Agent);
        var redoubt = await DeployAsync();
        await sshd.AppendAsync(AuthLogLines.Attack(Net.Attacker.IPv4));
        await redoubt.WaitForStateAsync(Net.Attacker.IPv4, "enforced", Soon);

        var allowed = await redoubt.RedoubtAsync("allow", "add", "10.0.0.6/31", "--why", "the scanner", "--home", redoubt.ManagerHome);
        Assert.True(allowed.Succeeded, $"Expected 'redoubt allow add' to succeed: {allowed}");
        Assert.Contains("10.0.0.6: released on 001", allowed.Output, StringComparison.Ordinal);
        Assert.Null(await Net.Agent.KernelBlockAsync(Net.Attacker.IPv4));

        await redoubt.Manager.StopAsync(Soon);
        await redoubt.StartManagerAsync();
        await redoubt.WaitUntilUpAsync();
        await sshd.AppendAsync(AuthLogLines.Attack(Net.Attacker.IPv4));
        await redoubt.WaitForStateAsync(Net.Attacker.IPv4, "skipped", Soon);
        Assert.Contains(
            "the scanner",
            (await redoubt.RedoubtAsync("allow", "list", "--home", redoubt.ManagerHome)).Output,
            StringComparison.Ordinal
        );

        Assert.True((await redoubt.RedoubtAsync("allow", "remove", "10.0.0.6/31", "--home", redoubt.ManagerHome)).Succeeded);
        Assert.Equal(1, (await redoubt.RedoubtAsync("allow", "remove", "10.0.0.6/31", "--home", redoubt.ManagerHome)).ExitCode);
        Assert.Equal(2, (await redoubt.RedoubtAsync("allow", "add", "10.", "--home", redoubt.ManagerHome)).ExitCode);
        await sshd.AppendAsync(AuthLogLines.Attack(Net.Attacker.IPv4));
        await WaitForKernelBlockAsync(Net.Attacker.IPv4);
    }

    [Fact]
    public async Task A_white_list_that_a_reload_brings_releases_too()
    {
        await using var sshd = await Sshd.StartAsync(Net, Net.Agent);
        var redoubt = await DeployAsync();
        await sshd.AppendAsync(AuthLogLines.Attack(Net.Attacker.IPv6));
        await redoubt.WaitForStateAsync(Net.Attacker.IPv6, "enforced", Soon);
        var configuration = Path.Combine(redoubt.ManagerHome, "etc/redoubt.conf");
        var text = await File.ReadAllTextAsync(configuration);

        await File.WriteAllTextAsync(
            configuration,
            text.Replace("<global>", "<global><white_list>fd00:10::/64</white_list>", StringComparison.Ordinal)
        );
        Assert.True((await redoubt.RedoubtAsync("reload", "--home", redoubt.ManagerHome)).Succeeded);

        Assert.Null(await Net.Agent.KernelBlockAsync(Net.Attacker.IPv6));
    }

    [Fact]
    public async Task What_observe_mode_recorded_is_blocked_by_one_command()
    {
        await using var sshd = await Sshd.StartAsync(Net, Net.Agent);
        var redoubt = await DeployAsync(new DeploymentOptions { Global = "<mode>observe</mode>" });
        await sshd.AppendAsync(AuthLogLines.Attack(Net.Attacker.IPv4));
        await redoubt.WaitForStateAsync(Net.Attacker.IPv4, "observed", Soon);
        Assert.Null(await Net.Agent.KernelBlockAsync(Net.Attacker.IPv4));

        var promoted = await BlocksAsync(redoubt, "promote", "--all", "--json");

        Assert.True(promoted.Succeeded, $"Expected the block to be made: {promoted}");
        var block = JsonSerializer.Deserialize<JsonElement>(promoted.Output);
        Assert.StartsWith("person:", block.GetProperty("author").GetString(), StringComparison.Ordinal);
        await WaitForKernelBlockAsync(Net.Attacker.IPv4);
        Assert.Equal(1, (await BlocksAsync(redoubt, "promote", "--all")).ExitCode);
    }

    [Fact]
    public async Task A_flood_of_sources_is_only_observed_beyond_the_budget_and_one_command_undoes_it()
    {
        await using var sshd = await Sshd.StartAsync(Net, Net.Agent);
        var redoubt = await DeployAsync(new DeploymentOptions { Global = "<block_budget>3</block_budget>" });
        var sources = Enumerable.Range(1, 6).Select(i => IPAddress.Parse($"192.0.2.{i}")).ToArray();

        foreach (var source in sources)
            await sshd.AppendAsync(AuthLogLines.Attack(source));

        await redoubt.WaitForStateAsync(sources[2], "enforced", Soon);
        await redoubt.WaitForStateAsync(sources[5], "observed", Soon);
        Assert.NotNull(await Net.Agent.KernelBlockAsync(sources[0]));
        Assert.Null(await Net.Agent.KernelBlockAsync(sources[3]));
        await redoubt.WaitForAlertAsync("990002", source: null, Soon);
        Assert.Single(await redoubt.AlertsAsync(), a => Deployment.IsOf(a, "990002"));
        var status = await redoubt.RedoubtAsync("status", "--home", redoubt.ManagerHome);
        Assert.Contains("only observing on 001", status.Output, StringComparison.Ordinal);

        Assert.True((await BlocksAsync(redoubt, "release-burst")).Succeeded);
        foreach (var source in sources)
            Assert.Null(await Net.Agent.KernelBlockAsync(source));

        Assert.Equal(1, (await BlocksAsync(redoubt, "release-burst")).ExitCode);
        await sshd.AppendAsync(AuthLogLines.Attack(Net.Attacker.IPv4));
        await WaitForKernelBlockAsync(Net.Attacker.IPv4);
    }

    private static Task<CommandResult> BlocksAsync(Deployment redoubt, params string[] words) =>
        redoubt.RedoubtAsync(["blocks", .. words, "--home", redoubt.ManagerHome]);
}
