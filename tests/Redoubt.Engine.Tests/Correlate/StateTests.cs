using System.Text;
using Redoubt.Engine;

namespace Redoubt.Tests.Engine.Correlate;

public class StateTests
{
    private const string Decoders = """
        <decoder name="app"><program_name>^app$</program_name></decoder>
        <decoder name="app-fields"><parent>app</parent><prematch>^failed</prematch><regex>user (\S+) from (\S+)</regex>
          <order>user, srcip</order><fts>name, user</fts></decoder>
        """;

    private const string Rules =
        EngineHarness.Root
        + """
            <rule id="100" level="3"><decoded_as>app</decoded_as><description>app</description></rule>
            <rule id="101" level="5"><if_sid>100</if_sid><match>failed</match><description>failed</description></rule>
            <rule id="102" level="10" frequency="8" timeframe="120" ignore="60"><if_matched_sid>101</if_matched_sid><same_source_ip />
              <description>brute force</description></rule>
            <rule id="103" level="0"><if_sid>100</if_sid><if_fts /><description>new</description></rule>
            </group>
            """;

    [Fact]
    public void An_exported_memory_goes_on_counting_in_another_engine()
    {
        var engine = Prepared();
        var state = engine.Engine.ExportState();
        engine.Engine = new AnalysisEngine(engine.Ruleset, new EngineOptions());
        Assert.True(engine.Engine.RestoreState(state));

        var alert = engine.Send(Failure).ToAlert();
        Assert.Equal(102, alert.Rule?.Id);
        Assert.Equal(7, alert.PreviousLines.Count);
        Assert.Equal(Failure, Encoding.UTF8.GetString(alert.PreviousLines[0]));
        Assert.Equal(101, engine.RuleOf(Failure));
    }

    [Fact]
    public void A_mute_survives_an_export()
    {
        var engine = Prepared();
        engine.Send(Failure);
        var state = engine.Engine.ExportState();
        engine.Engine = new AnalysisEngine(engine.Ruleset, new EngineOptions());
        Assert.True(engine.Engine.RestoreState(state));
        Assert.DoesNotContain(102, Enumerable.Range(0, 16).Select(_ => engine.RuleOf(Failure)));
    }

    [Fact]
    public void A_reload_keeps_the_windows_of_unchanged_rules()
    {
        var engine = Prepared();
        var changed = EngineHarness.LoadOrFail(
            Decoders,
            Rules
                .Replace("level=\"10\"", "level=\"12\"", StringComparison.Ordinal)
                .Replace("<description>app</description>", "<description>another text</description>", StringComparison.Ordinal)
        );
        engine.Engine = new AnalysisEngine(changed, new EngineOptions(), engine.Engine);
        var result = engine.Send(Failure);
        Assert.Equal((102, 12), (result.Rule?.Id, result.Rule?.Level));
        Assert.Equal(9, engine.Engine.Counters.Received);
    }

    [Fact]
    public void A_reload_drops_the_windows_of_rules_that_count_something_else_now()
    {
        var engine = Prepared();
        var changed = EngineHarness.LoadOrFail(Decoders, Rules.Replace("<same_source_ip />", "<same_user />", StringComparison.Ordinal));
        engine.Engine = new AnalysisEngine(changed, new EngineOptions(), engine.Engine);
        Assert.Equal(0, engine.Engine.Counters.RememberedEvents);
        Assert.Equal(101, engine.RuleOf(Failure));
    }

    [Fact]
    public void A_cut_or_foreign_state_is_refused_and_leaves_an_engine_without_memory()
    {
        var engine = Prepared();
        var state = engine.Engine.ExportState();
        for (var length = 0; length < state.Length; length++)
            Assert.False(engine.Engine.RestoreState(state[..length]));

        Assert.Equal(0, engine.Engine.Counters.RememberedEvents);
        Assert.Equal(103, engine.RuleOf(Failure));
    }

    [Fact]
    public void Broken_states_never_throw()
    {
        var engine = Prepared();
        var state = engine.Engine.ExportState();
        var random = new Random(9);
        for (var i = 0; i < 500; i++)
        {
            var broken = state.ToArray();
            broken[random.Next(broken.Length)] = (byte)random.Next(256);
            engine.Engine.RestoreState(broken);
            engine.Send(Failure);
        }

        Assert.Equal(508, engine.Engine.Counters.Received);
    }

    private const string Failure = "Jan  1 00:00:00 host app[1]: failed user root from 192.0.2.7 now";

    private static EngineHarness Prepared()
    {
        var engine = new EngineHarness(Decoders, Rules);
        Assert.Equal(103, engine.RuleOf(Failure));
        for (var i = 0; i < 7; i++)
            Assert.Equal(101, engine.RuleOf(Failure));

        return engine;
    }
}
