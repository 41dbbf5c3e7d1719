using System.Text;
using Redoubt.Engine;
using Redoubt.Model;

namespace Redoubt.Tests.Engine.Correlate;

public class FrequencyTests
{
    private const string Decoders = """
        <decoder name="app"><program_name>^app$</program_name></decoder>
        <decoder name="app-fields"><parent>app</parent><regex>user (\S+) from (\S+)</regex><order>user, srcip</order></decoder>
        """;

    private const string Rules =
        EngineHarness.Root
        + """
            <rule id="100" level="3"><decoded_as>app</decoded_as><description>app</description></rule>
            <rule id="101" level="5"><if_sid>100</if_sid><match>failed</match><group>failed,</group><description>failed</description></rule>
            <rule id="102" level="10" frequency="8" timeframe="120" ignore="60"><if_matched_sid>101</if_matched_sid><same_source_ip />
              <description>brute force</description></rule>
            </group>
            """;

    [Fact]
    public void The_eighth_event_of_one_source_fires_neither_the_seventh_nor_the_ninth()
    {
        var engine = new EngineHarness(Decoders, Rules);
        var fired = Enumerable.Range(1, 20).Where(_ => engine.RuleOf(Failure("192.0.2.7")) == 102).ToList();
        Assert.Equal([8], fired);
    }

    [Fact]
    public void Without_mute_it_fires_again_after_eight_more()
    {
        var engine = new EngineHarness(Decoders, Rules.Replace(" ignore=\"60\"", string.Empty, StringComparison.Ordinal));
        var fired = Enumerable.Range(1, 25).Where(_ => engine.RuleOf(Failure("192.0.2.7")) == 102).ToList();
        Assert.Equal([8, 16, 24], fired);
    }

    [Theory]
    [InlineData("in sequence")]
    [InlineData("interleaved")]
    public void A_hundred_sources_are_all_noticed_in_spite_of_the_mute(string order)
    {
        var engine = new EngineHarness(Decoders, Rules);
        var sources = Enumerable.Range(1, 100).Select(n => $"198.51.100.{n}").ToList();
        var lines =
            order == "interleaved" ? Enumerable.Range(0, 8).SelectMany(_ => sources) : sources.SelectMany(s => Enumerable.Repeat(s, 8));
        Assert.Equal(100, lines.Count(source => engine.RuleOf(Failure(source)) == 102));
    }

    [Fact]
    public void Seven_events_of_a_hundred_sources_are_not_enough()
    {
        var engine = new EngineHarness(Decoders, Rules);
        var lines = Enumerable.Range(1, 100).SelectMany(n => Enumerable.Repeat($"198.51.100.{n}", 7));
        Assert.Equal(0, lines.Count(source => engine.RuleOf(Failure(source)) == 102));
    }

    [Fact]
    public void In_strict_mode_one_mute_hides_all_sources_as_the_original_does()
    {
        var engine = new EngineHarness(Decoders, Rules, compatibility: Compatibility.Strict);
        var lines = Enumerable.Range(1, 10).SelectMany(n => Enumerable.Repeat($"198.51.100.{n}", 8));
        Assert.Equal(1, lines.Count(source => engine.RuleOf(Failure(source)) == 102));
    }

    [Fact]
    public void A_muted_composite_leaves_the_event_to_its_parent()
    {
        var engine = new EngineHarness(Decoders, Rules);
        for (var i = 0; i < 15; i++)
            engine.RuleOf(Failure("192.0.2.7"));

        var result = engine.Send(Failure("192.0.2.7"));
        Assert.Equal(101, result.Rule?.Id);
        Assert.True(result.IsMuted);
        Assert.True(result.IsAlert);
    }

    [Theory]
    [InlineData(17, true)]
    [InlineData(18, false)]
    public void The_timeframe_includes_its_last_second(int secondsBetween, bool fires)
    {
        // The first of eight events lies seven steps back: 119 s or 126 s.
        var engine = new EngineHarness(Decoders, Rules);
        var last = 0;
        for (var i = 0; i < 8; i++)
        {
            last = engine.RuleOf(Failure("192.0.2.7"));
            engine.Now += secondsBetween;
        }

        Assert.Equal(fires ? 102 : 101, last);
    }

    [Fact]
    public void Agents_are_counted_apart()
    {
        var engine = new EngineHarness(Decoders, Rules);
        var fired = 0;
        for (var i = 0; i < 8; i++)
        {
            engine.Agent = new AgentIdentity($"00{i % 2}", "host", "10.0.0.5");
            fired += engine.RuleOf(Failure("192.0.2.7")) == 102 ? 1 : 0;
        }

        Assert.Equal(0, fired);
    }

    [Fact]
    public void With_global_frequency_agents_are_counted_together()
    {
        var engine = new EngineHarness(
            Decoders,
            Rules.Replace("<same_source_ip />", "<same_source_ip /><global_frequency />", StringComparison.Ordinal)
        );
        var fired = 0;
        for (var i = 0; i < 8; i++)
        {
            engine.Agent = new AgentIdentity($"00{i % 2}", "host", "10.0.0.5");
            fired += engine.RuleOf(Failure("192.0.2.7")) == 102 ? 1 : 0;
        }

        Assert.Equal(1, fired);
    }

    [Fact]
    public void The_alert_shows_the_counted_lines_newest_first()
    {
        var engine = new EngineHarness(Decoders, Rules);
        for (var i = 1; i < 8; i++)
            engine.Send(Failure("192.0.2.7") + $" try {i}");

        var alert = engine.Send(Failure("192.0.2.7")).ToAlert();
        Assert.Equal(102, alert.Rule?.Id);
        Assert.Equal(8, alert.Rule?.Frequency);
        Assert.Equal([7, 6, 5, 4, 3, 2, 1], alert.PreviousLines.Select(line => int.Parse(Encoding.UTF8.GetString(line)[^1..])));
    }

    [Fact]
    public void A_frequency_of_two_needs_a_new_event_each_time_but_not_in_strict_mode()
    {
        var rules = Rules
            .Replace("frequency=\"8\"", "frequency=\"2\"", StringComparison.Ordinal)
            .Replace(" ignore=\"60\"", string.Empty, StringComparison.Ordinal);
        Assert.Equal([101, 102, 101, 102], FourOf(Compatibility.Best));
        Assert.Equal([101, 102, 102, 102], FourOf(Compatibility.Strict));

        int[] FourOf(Compatibility mode)
        {
            var engine = new EngineHarness(Decoders, rules, compatibility: mode);
            return [.. Enumerable.Range(0, 4).Select(_ => engine.RuleOf(Failure("192.0.2.7")))];
        }
    }

    [Fact]
    public void Different_user_passes_over_events_of_the_same_user()
    {
        var rules =
            EngineHarness.Root
            + """
                <rule id="100" level="3"><decoded_as>app</decoded_as><description>app</description></rule>
                <rule id="101" level="5"><if_sid>100</if_sid><match>failed</match><description>failed</description></rule>
                <rule id="102" level="10" frequency="3" timeframe="60"><if_matched_sid>101</if_matched_sid><same_source_ip /><different_user />
                  <description>spraying</description></rule>
                </group>
                """;
        var engine = new EngineHarness(Decoders, rules);
        Assert.Equal(101, engine.RuleOf(Failure("192.0.2.7", "ann")));
        Assert.Equal(101, engine.RuleOf(Failure("192.0.2.7", "ann")));
        Assert.Equal(101, engine.RuleOf(Failure("192.0.2.7", "ann")));
        Assert.Equal(102, engine.RuleOf(Failure("192.0.2.7", "bob")));
    }

    [Fact]
    public void Windows_stay_bounded_and_count_what_they_drop()
    {
        var engine = new EngineHarness(Decoders, Rules, new EngineOptions { MaxKeysPerWindow = 1_000 });
        for (var i = 0; i < 5_000; i++)
            engine.Send(Failure($"10.0.{i / 250}.{i % 250}"));

        Assert.Equal(1_000, engine.Engine.Counters.WindowKeys);
        Assert.Equal(1_000, engine.Engine.Counters.RememberedEvents);
        Assert.Equal(4_000, engine.Engine.Counters.Evictions);
    }

    [Theory]
    [InlineData(Compatibility.Strict, 101)]
    [InlineData(Compatibility.Best, 102)]
    public void Only_strict_mode_forgets_an_event_because_of_many_others(Compatibility compatibility, int rule)
    {
        var rules = Rules.Replace("frequency=\"8\"", "frequency=\"2\"", StringComparison.Ordinal);
        var engine = new EngineHarness(Decoders, rules, new EngineOptions { MemorySize = 2_048 }, compatibility);
        engine.Send(Failure("192.0.2.7"));
        for (var i = 0; i < 2_100; i++)
            Assert.Equal(100, engine.RuleOf("Jan  1 00:00:00 host app[1]: something else"));

        Assert.Equal(rule, engine.RuleOf(Failure("192.0.2.7")));
    }

    [Fact]
    public void Lines_that_were_overwritten_are_missing_from_the_alert_and_counted()
    {
        var engine = new EngineHarness(Decoders, Rules, new EngineOptions { MaxRememberedLineBytes = 1 });
        var padding = new string('x', 300_000);
        for (var i = 0; i < 7; i++)
            engine.Send(Failure("192.0.2.7") + padding);

        var alert = engine.Send(Failure("192.0.2.7")).ToAlert();
        Assert.Equal(102, alert.Rule?.Id);
        Assert.InRange(alert.PreviousLines.Count, 1, 6);
        Assert.Equal(7 - alert.PreviousLines.Count, engine.Engine.Counters.MissingPreviousLines);
    }

    [Fact]
    public void Sources_that_fell_silent_are_forgotten_without_counting_as_dropped()
    {
        var engine = new EngineHarness(Decoders, Rules);
        for (var i = 0; i < 1_000; i++)
            engine.Send(Failure($"10.0.{i / 250}.{i % 250}"));

        engine.Now += 121;
        for (var i = 0; i < 1_000; i++)
            engine.Send(Failure($"10.1.{i / 250}.{i % 250}"));

        Assert.Equal(1_000, engine.Engine.Counters.WindowKeys);
        Assert.Equal(0, engine.Engine.Counters.Evictions);
    }

    [Fact]
    public void Forgetting_everything_starts_the_count_anew()
    {
        var engine = new EngineHarness(Decoders, Rules);
        for (var i = 0; i < 7; i++)
            engine.Send(Failure("192.0.2.7"));

        engine.Engine.Reset();
        Assert.Equal(101, engine.RuleOf(Failure("192.0.2.7")));
    }

    private static string Failure(string source, string user = "root") =>
        $"Jan  1 00:00:00 host app[1]: failed user {user} from {source} now";
}
