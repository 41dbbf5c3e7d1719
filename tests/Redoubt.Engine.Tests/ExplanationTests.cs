using System.Text;
using Redoubt.Engine;
using Redoubt.Engine.Explain;
using Redoubt.Model;

namespace Redoubt.Tests.Engine;

/// <summary>Watching changes nothing, and says what was asked.</summary>
public class ExplanationTests
{
    private const string Decoders = """
        <decoder name="door"><program_name>^door$</program_name></decoder>
        <decoder name="door-denied"><parent>door</parent><prematch>^denied </prematch>
          <regex offset="after_prematch">^(\S+) from (\S+)</regex><order>user, srcip</order></decoder>
        <decoder name="door-opened"><parent>door</parent><prematch>^opened </prematch>
          <regex offset="after_prematch">^by (\S+)</regex><order>user</order><fts>name, user</fts></decoder>
        """;

    private const string Rules =
        EngineHarness.Root
        + """
            <rule id="100" level="0"><decoded_as>door</decoded_as><description>door</description></rule>
            <rule id="101" level="5" ignore="3"><if_sid>100</if_sid><match>^denied</match><description>denied</description></rule>
            <rule id="102" level="10" frequency="4" timeframe="60"><if_matched_sid>101</if_matched_sid><same_source_ip />
              <description>many</description></rule>
            <rule id="103" level="3"><if_sid>100</if_sid><if_fts /><description>new user</description></rule>
            <rule id="104" level="2"><if_sid>100</if_sid><check_diff /><description>differs</description></rule>
            <rule id="105" level="12"><if_sid>100</if_sid><match>nothing</match><description>never</description></rule>
            </group>
            """;

    [Fact]
    public void A_watched_engine_gives_the_answers_of_one_that_is_not()
    {
        var plain = new EngineHarness(Decoders, Rules);
        var watched = new EngineHarness(Decoders, Rules);
        var explanation = new Explanation();

        Compare(plain, (line, now) => watched.Engine.Explain(LineOf(line, now), explanation));
    }

    [Fact]
    public void The_first_condition_that_fails_is_named()
    {
        var harness = new EngineHarness(Decoders, Rules);
        var explanation = new Explanation();

        harness.Engine.Explain(LineOf("Mar  1 10:00:00 web door: denied bob from 192.0.2.7", 1_700_000_000), explanation);

        var steps = explanation.Rules.ToDictionary(r => r.Rule.Id);
        Assert.True(steps[101].IsFinal);
        Assert.Equal((true, 1, 1), (steps[100].Matched, steps[100].Depth, steps[100].Held));
        Assert.Equal("the log matches 'nothing' (osmatch); it does not", steps[105].Reason);
        Assert.Equal((0, 3, "events of rule 101"), (steps[102].Window!.Counted, steps[102].Window!.Needed, steps[102].Window!.Counts));
        Assert.DoesNotContain(103, steps.Keys);
        Assert.Equal(
            [("door", DecoderOutcome.Chosen), ("door-denied", DecoderOutcome.Chosen), ("door-denied", DecoderOutcome.GaveFields)],
            explanation.Decoders.Select(d => (d.Name, d.Outcome))
        );
    }

    [Fact]
    public void A_field_that_must_be_equal_and_is_not_there_is_named()
    {
        var harness = new EngineHarness(Decoders, Rules.Replace("<same_source_ip />", "<same_id />", StringComparison.Ordinal));
        var explanation = new Explanation();

        harness.Engine.Explain(LineOf("Mar  1 10:00:00 web door: denied bob from 192.0.2.7", 1_700_000_000), explanation);

        var step = explanation.Rules.Single(r => r.Rule.Id == 102);
        Assert.Equal("id", step.Window!.Missing);
        Assert.Equal("the same id; the line does not have all of it", step.Reason);
    }

    private static void Compare(EngineHarness plain, Func<byte[], long, AnalysisResult> other)
    {
        var random = new Random(11);
        for (var i = 0; i < 3_000; i++)
        {
            var line = Encoding.UTF8.GetBytes(
                random.Next(5) switch
                {
                    0 => "no header",
                    1 => $"Mar  1 10:00:00 web door: opened by user{random.Next(50)}",
                    2 => "Mar  1 10:00:00 web door: other",
                    _ => $"Mar  1 10:00:00 web door: denied bob from 192.0.2.{random.Next(4)}",
                }
            );
            plain.Now += random.Next(4);

            var expected = plain.Send(line);
            var actual = other(line, plain.Now);

            Assert.Equal(
                (expected.Rule?.Id, expected.IsAlert, expected.IsMuted, expected.FiredTimes, expected.ToAlert().PreviousLines.Count),
                (actual.Rule?.Id, actual.IsAlert, actual.IsMuted, actual.FiredTimes, actual.ToAlert().PreviousLines.Count)
            );
        }
    }

    private static LogLine LineOf(string line, long now) => LineOf(Encoding.UTF8.GetBytes(line), now);

    private static LogLine LineOf(byte[] line, long now) =>
        new()
        {
            Text = line,
            ArrivalUnixMilliseconds = now * 1000,
            Agent = EngineHarness.Manager,
            Location = "/var/log/test.log",
            Kind = LineKind.Log,
        };
}
