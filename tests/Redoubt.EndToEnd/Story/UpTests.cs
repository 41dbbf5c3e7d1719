using System.Text.Json;
using Redoubt.Lab;

namespace Redoubt.Tests.EndToEnd.Story;

/// <summary>All on one host, as <c>./run</c> starts it, with nothing prepared.</summary>
public class UpTests : LabTest
{
    private static readonly TimeSpan StartLimit = TimeSpan.FromSeconds(60);

    private string Home => Path.Combine(Net.Folder, "home");

    [Fact]
    public async Task Scenario_78_Without_a_word_it_only_observes_and_says_how_to_enforce()
    {
        await using var sshd = await Sshd.StartAsync(Net, Net.Agent);
        await using var up = await UpAsync();
        await up.WaitForLineAsync("only OBSERVING.* --enforce", Soon);

        await sshd.AppendAsync(AuthLogLines.Attack(Net.Attacker.IPv4));

        var block = await Wait.ForAsync(
            async () => await BlocksAsync() is [var first, ..] ? first : null,
            "'redoubt blocks list' shows the decision",
            Soon
        );
        Assert.Equal("10.0.0.6", block.RootElement.GetProperty("target").GetString());
        Assert.Equal("observed", block.RootElement.GetProperty("hosts")[0].GetProperty("state").GetString());
        Assert.Null(await Net.Agent.KernelBlockAsync(Net.Attacker.IPv4));
        await Wait.ForLineAsync(
            Path.Combine(Home, "logs/alerts/alerts.json"),
            l => l.Contains("\"5712\"", StringComparison.Ordinal),
            "alert 5712",
            Soon
        );
        var ended = await up.InterruptAsync(Soon);
        Assert.True(ended.ExitCode == 0, $"Expected Ctrl-C to end it cleanly: {ended}");
        Assert.Contains("Nothing is blocked", ended.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Scenario_17_An_event_of_the_managers_host_is_answered_there_and_the_block_stays_when_it_ends()
    {
        await using var sshd = await Sshd.StartAsync(Net, Net.Agent);
        await using var up = await UpAsync("--enforce");

        await sshd.AppendAsync(AuthLogLines.Attack(Net.Attacker.IPv6));

        await WaitForKernelBlockAsync(Net.Attacker.IPv6);
        await Wait.UntilAsync(
            async () =>
                (await BlocksAsync()).Any(b => b.RootElement.GetProperty("hosts")[0].GetProperty("state").GetString() == "enforced"),
            "'redoubt blocks list' shows the block as enforced",
            Soon
        );
        var ended = await up.InterruptAsync(Soon);
        Assert.True(ended.ExitCode == 0, $"Expected Ctrl-C to end it cleanly: {ended}");
        Assert.Matches("fd00:10::6 until ", ended.Output);
        Assert.NotNull(await Net.Agent.KernelBlockAsync(Net.Attacker.IPv6));
    }

    private async Task<LabProcess> UpAsync(params string[] options)
    {
        var up = Net.Agent.Start(Checkout.Redoubt, ["up", "--home", Home, .. options]);
        try
        {
            await up.WaitForLineAsync("^Redoubt is up", StartLimit);
            var status = await Net.Agent.RunAsync(Checkout.Redoubt, "status", "--home", Home, "--wait", "30");
            Assert.True(status.Succeeded, $"Expected 'redoubt status --wait 30' to succeed: {status}\n{up.Said}");
            return up;
        }
        catch
        {
            await up.DisposeAsync();
            throw;
        }
    }

    private async Task<IReadOnlyList<JsonDocument>> BlocksAsync()
    {
        var list = await Net.Agent.MustRunAsync(Checkout.Redoubt, "blocks", "list", "--home", Home, "--json");
        return [.. list.Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(l => JsonDocument.Parse(l))];
    }
}
