using Redoubt.Lab;

namespace Redoubt.Tests.EndToEnd.Story;

public class RepeatedOffenderTests : LabTest
{
    [Fact]
    public async Task Scenario_79_Removed_blocks_keep_the_step_of_the_ladder_unless_it_is_to_be_forgotten()
    {
        await using var sshd = await Sshd.StartAsync(Net, Net.Agent);
        var redoubt = await DeployAsync(
            new DeploymentOptions
            {
                Agent = "<active-response><disabled>no</disabled><repeated_offenders>60,120,180</repeated_offenders></active-response>",
            }
        );

        foreach (var minutes in (int[])[30, 60, 120, 180, 180])
        {
            await OffendAsync(sshd, minutes);
            await redoubt.RemoveBlockAsync(Net.Attacker.IPv4);
            await WaitForNoKernelBlockAsync(Net.Attacker.IPv4, Soon);
        }

        await OffendAsync(sshd, 180);
        await redoubt.RemoveBlockAsync(Net.Attacker.IPv4, "--forget");
        await WaitForNoKernelBlockAsync(Net.Attacker.IPv4, Soon);
        await OffendAsync(sshd, 30);
    }

    private async Task OffendAsync(Sshd sshd, int minutes)
    {
        await sshd.AppendAsync(AuthLogLines.Attack(Net.Attacker.IPv4));
        var block = await WaitForKernelBlockAsync(Net.Attacker.IPv4);
        Assert.InRange(block.Timeout!.Value.TotalMinutes, minutes - 0.5, minutes);
        Assert.InRange(block.Remaining!.Value.TotalMinutes, minutes - 1, minutes);
    }
}
