using System.Diagnostics;
using Redoubt.Respond;
using Redoubt.Tests.Respond.Lab;

namespace Redoubt.Tests.Respond.Enforcer;

/// <summary>One more block where there are many.</summary>
public class CrowdTests(RunningEnforcer enforcer) : IClassFixture<RunningEnforcer>
{
    private const int Many = 10_000;
    private const int Measured = 400;

    // A list that is walked would make it a hundred times as much; the bound leaves room for a machine that is busy with something else.
    private const double MostTimesAsMuch = 4;

    [Fact]
    public async Task Scenario_65_One_more_block_costs_the_same_where_there_are_ten_thousand()
    {
        await MedianAsync("198.18");
        var few = await MedianAsync("198.19");
        var targets = Enumerable.Range(0, Many).Select(i => $"100.64.{i / 256}.{i % 256}").ToArray();
        foreach (var page in targets.Chunk(EnforceRequest.MaxTargets))
        {
            var load = await enforcer.SendAsync(
                new EnforceRequest
                {
                    Verb = EnforceVerb.Load,
                    Targets = page,
                    TargetsDurationMilliseconds = Array.ConvertAll(page, _ => 600_000L),
                }
            );
            Assert.Equal((EnforceOutcome.Ok, page.Length), (load.Outcome, load.Restored));
        }

        var many = await MedianAsync("100.127");

        Assert.True(many < few * MostTimesAsMuch, $"One block took {few:0.000} ms with few others and {many:0.000} ms with {Many}.");
    }

    private async Task<double> MedianAsync(string network)
    {
        var took = new double[Measured];
        for (var i = 0; i < Measured; i++)
        {
            var begin = Stopwatch.GetTimestamp();
            var reply = await enforcer.BlockAsync($"{network}.{i / 250}.{i % 250}", 600_000);
            took[i] = Stopwatch.GetElapsedTime(begin).TotalMilliseconds;
            Assert.Equal(EnforceOutcome.Enforced, reply.Outcome);
        }

        Array.Sort(took);
        return took[Measured / 2];
    }
}
