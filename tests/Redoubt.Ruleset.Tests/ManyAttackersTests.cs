using System.Text;

namespace Redoubt.Tests.Ruleset;

/// <summary>Attackers at the same time do not hide one another.</summary>
public sealed class ManyAttackersTests
{
    private const int Attackers = 100;

    [Theory]
    [InlineData(7, false, 0)]
    [InlineData(7, true, 0)]
    [InlineData(8, false, Attackers)]
    [InlineData(8, true, Attackers)]
    [InlineData(16, true, 2 * Attackers)]
    public void Each_of_a_hundred_attackers_is_noticed_at_every_eighth_line(int linesEach, bool interleaved, int noticed)
    {
        var engine = ShippedRuleset.NewEngine();
        var found = 0;
        for (var i = 0; i < Attackers * linesEach; i++)
        {
            var attacker = interleaved ? i % Attackers : i / linesEach;
            var line = $"Invalid user oracle from 198.51.100.{attacker} port 40112";

            var alert = ShippedRuleset.Run(engine, "sshd", Encoding.UTF8.GetBytes(line), i / Attackers);

            if (alert.Rule?.Id != 5712)
                continue;

            Assert.Equal($"198.51.100.{attacker}", alert.TextOf("srcip"));
            found++;
        }

        Assert.Equal(noticed, found);
    }
}
