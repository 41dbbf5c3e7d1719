using System.Text.Json;
using Redoubt.Lab;

namespace Redoubt.Tests.EndToEnd.Story;

/// <summary>Alerts are searched while the manager runs, and its index may be lost.</summary>
public class AlertSearchTests : LabTest
{
    [Fact]
    public async Task An_attack_is_found_by_what_an_administrator_knows_of_it_also_after_the_index_was_damaged()
    {
        await using var sshd = await Sshd.StartAsync(Net, Net.Agent);
        var redoubt = await DeployAsync();
        await sshd.AppendAsync(AuthLogLines.Attack(Net.Attacker.IPv4));
        var alert = await redoubt.WaitForAlertAsync("5712", Net.Attacker.IPv4, Soon);
        var id = alert.GetProperty("id").GetString()!;
        var source = Net.Attacker.IPv4.ToString();

        foreach (
            var filter in (string[][])
                [
                    ["--rule", "5712"],
                    ["--rule", "5700-5799", "--level", "10-", "--source", source],
                    ["--source", source + "/32", "--agent", Deployment.AgentName, "--since", "1h", "--rule", "5712"],
                    ["--text", "FROM " + source, "--group", "authentication_failures", "--limit", "1"],
                ]
        )
            Assert.Equal([id], await FoundAsync(redoubt, filter));

        Assert.Empty(await FoundAsync(redoubt, "--until", "1h"));
        Assert.Empty(await FoundAsync(redoubt, "--user", "nobody-of-that-name"));
        var shown = await redoubt.RedoubtAsync("alerts", "show", id, "--home", redoubt.ManagerHome, "--json");
        Assert.Equal(alert.GetRawText(), shown.Output.Trim());
        Assert.Equal(1, (await redoubt.RedoubtAsync("alerts", "show", "1.1", "--home", redoubt.ManagerHome)).ExitCode);

        await redoubt.Manager.KillAsync();
        var index = Path.Combine(redoubt.ManagerHome, "queue/alerts.db");
        await File.WriteAllTextAsync(index, new string('x', 100_000));
        File.Delete(index + "-wal"); // it would repair the file
        await redoubt.StartManagerAsync();

        await redoubt.WaitForAlertAsync("990011", source: null, Soon);
        await Wait.UntilAsync(async () => (await FoundAsync(redoubt, "--rule", "5712")) is [_], "the attack is found again", Soon);
    }

    private static async Task<string[]> FoundAsync(Deployment redoubt, params string[] filter)
    {
        var result = await redoubt.RedoubtAsync(["alerts", "search", "--home", redoubt.ManagerHome, "--json", .. filter]);
        Assert.True(result.ExitCode == 0, result.ToString());
        return
        [
            .. result
                .Output.Split('\n', StringSplitOptions.RemoveEmptyEntries)
                .Select(l => JsonSerializer.Deserialize<JsonElement>(l).GetProperty("id").GetString()!),
        ];
    }
}
