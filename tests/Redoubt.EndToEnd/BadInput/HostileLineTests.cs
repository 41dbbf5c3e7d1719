using System.Net;
using System.Text;
using System.Text.Json;
using Redoubt.Lab;

namespace Redoubt.Tests.EndToEnd.BadInput;

public class HostileLineTests : LabTest
{
    [Fact]
    public async Task Lines_of_any_bytes_and_size_crash_nothing_and_hide_no_attack()
    {
        await using var sshd = await Sshd.StartAsync(Net, Net.Agent);
        var redoubt = await DeployAsync();
        byte[][] hostile =
        [
            [.. Encoding.ASCII.GetBytes(new string('x', 1024 * 1024)), (byte)'\n'],
            [.. "Nov 24 10:15:29 agent sshd[811]: Invalid user \0\0\0 from 192.0.2.1 port 1\n"u8],
            [.. "Nov 24 10:15:29 agent sshd[811]: Invalid user "u8, 0xFF, 0xFE, 0xC3, .. " from 192.0.2.2 port 1\n"u8],
            [.. "\r\n\n\n \n"u8],
            [
                .. Encoding.ASCII.GetBytes(
                    "Nov 24 10:15:29 agent sshd[811]: Invalid user " + new string('a', 100_000) + " from 192.0.2.3 port 1\n"
                ),
            ],
        ];
        foreach (var bytes in hostile)
            await AppendAsync(sshd, bytes);

        await sshd.AppendAsync(AuthLogLines.Attack(Net.Attacker.IPv4));

        await WaitForKernelBlockAsync(Net.Attacker.IPv4);
        Assert.False(redoubt.Manager.HasExited, redoubt.Manager.Said);
        Assert.False(redoubt.Agent.HasExited, redoubt.Agent.Said);
        await Wait.ForLineAsync(
            redoubt.ArchivesLog,
            l => l.Contains("from 192.0.2.2", StringComparison.Ordinal),
            "the line with invalid UTF-8 is archived",
            Soon
        );

        var status = await redoubt.RedoubtAsync("status", "--home", redoubt.ManagerHome, "--json");
        var lines = JsonSerializer.Deserialize<JsonElement>(status.Output).GetProperty("lines");
        Assert.Equal(2, lines.GetProperty("truncated").GetInt64());
        Assert.Equal(0, lines.GetProperty("shed").GetInt64());
    }

    [Fact]
    public async Task A_user_name_that_looks_like_another_address_blocks_only_its_sender()
    {
        await using var sshd = await Sshd.StartAsync(Net, Net.Agent);
        var redoubt = await DeployAsync();
        var victim = Net.Bystander.IPv4;
        var attacker = new SshClient(Net, Net.Attacker);

        for (var attempt = 0; attempt < 8 && await Net.Agent.KernelBlockAsync(Net.Attacker.IPv4) is null; attempt++)
            await attacker.TryPasswordAsync($"root from {victim} port {22 + attempt} ssh2", Net.Agent.IPv4);

        await WaitForKernelBlockAsync(Net.Attacker.IPv4);
        Assert.Null(await Net.Agent.KernelBlockAsync(victim));
        Assert.DoesNotContain(await redoubt.BlocksAsync(), b => b.GetProperty("target").GetString() == victim.ToString());
    }

    private static async Task AppendAsync(Sshd sshd, byte[] bytes)
    {
        await using var stream = new FileStream(sshd.Log, FileMode.Append, FileAccess.Write, FileShare.ReadWrite, bufferSize: 0);
        await stream.WriteAsync(bytes);
    }
}
