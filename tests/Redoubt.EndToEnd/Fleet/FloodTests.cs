using System.Net;
using System.Net.Sockets;
using System.Text.Json;
using Redoubt.Lab;

namespace Redoubt.Tests.EndToEnd.Fleet;

/// <summary>Strangers at the manager's port, with the limits of its configuration.</summary>
public class FloodTests : LabTest
{
    [Fact]
    public async Task A_flood_takes_what_the_configuration_grants_and_the_agent_goes_on()
    {
        var redoubt = await DeployAsync(
            new DeploymentOptions
            {
                Manager = "<agent_port><unproven_per_address>3</unproven_per_address><time_to_prove>5m</time_to_prove></agent_port>",
            }
        );
        var flood = await Net.Attacker.InNetworkAsync(() => Enumerable.Range(0, 40).Select(_ => Connect(Net.Manager.IPv4)).ToArray());
        await UntilRefusedAsync(redoubt, 37);

        // The agent's lines go on, and so does another host that joins.
        foreach (var line in AuthLogLines.Attack(Net.Bystander.IPv4).Split('\n', StringSplitOptions.RemoveEmptyEntries))
            await Net.Agent.MustRunAsync("sh", "-c", $"echo '{line}' >> {Sshd.LogFile}");
        await redoubt.WaitForAlertAsync("5712", Net.Bystander.IPv4, Soon);

        foreach (var socket in flood)
            socket.Dispose();
        var configuration = Path.Combine(redoubt.ManagerHome, "etc/redoubt.conf");
        var text = await File.ReadAllTextAsync(configuration);
        await File.WriteAllTextAsync(configuration, text.Replace(">3<", ">30<", StringComparison.Ordinal));
        var reloaded = await redoubt.RedoubtAsync("reload", "--home", redoubt.ManagerHome);
        Assert.True(reloaded.Succeeded, $"{reloaded}");
        flood = await Net.Attacker.InNetworkAsync(() => Enumerable.Range(0, 40).Select(_ => Connect(Net.Manager.IPv4)).ToArray());
        await UntilRefusedAsync(redoubt, 37 + 10);
        foreach (var socket in flood)
            socket.Dispose();
    }

    private static Task UntilRefusedAsync(Deployment redoubt, int count) =>
        Wait.UntilAsync(
            async () =>
            {
                var status = await redoubt.RedoubtAsync("status", "--home", redoubt.ManagerHome, "--json");
                var refused = JsonSerializer.Deserialize<JsonElement>(status.Output).GetProperty("refused");
                return refused.TryGetProperty("too_many_from_address", out var found) && found.GetInt64() == count;
            },
            $"{count} connections were refused",
            Soon
        );

    private static Socket Connect(IPAddress address)
    {
        var socket = new Socket(SocketType.Stream, ProtocolType.Tcp);
        try
        {
            socket.Connect(new IPEndPoint(address, 7514));
        }
        catch (SocketException)
        {
            // Reset before the call had returned: refused, as it shall be.
        }

        return socket;
    }
}
