using System.Text;
using Redoubt.Engine;
using Redoubt.Model;

namespace Redoubt.Tests.Engine;

public class ParallelAnalysisTests
{
    private const string Decoders = """
        <decoder name="app"><program_name>^app$</program_name></decoder>
        <decoder name="app-failed"><parent>app</parent><prematch>^failed</prematch><regex>user (\S+) from (\S+)</regex>
          <order>user, srcip</order><fts>name, user</fts></decoder>
        <decoder name="mail"><program_name>^mail$</program_name></decoder>
        <decoder name="mail-id"><parent>mail</parent><prematch>^id</prematch><regex>^id (\d+)</regex><order>id</order><accumulate /></decoder>
        <decoder name="mail-id"><parent>mail</parent><regex>client (\S+)</regex><order>srcip</order></decoder>
        """;

    // Everything that has a memory: composites of both kinds, a mute, first times, differences, accumulated fields.
    private const string Rules =
        EngineHarness.Root
        + """
            <rule id="100" level="3"><decoded_as>app</decoded_as><description>app $(srcip)</description></rule>
            <rule id="101" level="5"><if_sid>100</if_sid><match>failed</match><description>failed</description><group>failures,</group></rule>
            <rule id="102" level="10" frequency="4" timeframe="60" ignore="20"><if_matched_sid>101</if_matched_sid><same_source_ip />
              <description>brute force of $(srcip)</description></rule>
            <rule id="103" level="7"><if_sid>101</if_sid><if_fts /><description>new user</description><group>failures,</group></rule>
            <rule id="104" level="8" frequency="3" timeframe="120"><if_matched_group>failures</if_matched_group><different_user />
              <description>spray</description></rule>
            <rule id="110" level="4"><decoded_as>mail</decoded_as><description>mail</description></rule>
            <rule id="111" level="6"><if_sid>110</if_sid><srcip>192.0.2.0/28</srcip><description>mail of a neighbour</description></rule>
            <rule id="120" level="4"><match>status</match><check_diff /><description>changed</description></rule>
            </group>
            """;

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(5)]
    public async Task Any_number_of_threads_gives_the_answers_of_one(int threads)
    {
        var lines = MakeLines(6_000);
        var harness = new EngineHarness(Decoders, Rules);
        var wanted = lines.Select(line => Describe(harness.Engine.Analyse(ToLogLine(line)))).ToList();
        foreach (var rule in new[] { "102", "103", "104", "111", "120" })
            Assert.True(wanted.Exists(answer => answer.StartsWith(rule, StringComparison.Ordinal)), $"no line meets rule {rule}");

        var options = new EngineOptions { HostName = "manager" };
        var engine = new AnalysisEngine(harness.Ruleset, options);
        var given = new List<string>();
        var analysis = new ParallelAnalysis<string>(engine, options, new Feed(lines), Describe, answer => given.Add(answer!));
        await Task.WhenAll(Enumerable.Range(0, threads).Select(_ => Task.Run(analysis.Work)));

        Assert.Equal(wanted, given);
        Assert.Equal(harness.Engine.Counters, engine.Counters);
    }

    [Fact]
    public async Task A_thread_that_fails_ends_all_of_them()
    {
        var options = new EngineOptions { HostName = "manager" };
        var engine = new AnalysisEngine(EngineHarness.LoadOrFail(Decoders, Rules), options);
        var analysis = new ParallelAnalysis<string>(
            engine,
            options,
            new Feed(MakeLines(5_000)),
            _ => throw new FormatException("no such answer"),
            _ => { }
        );
        var work = Enumerable.Range(0, 3).Select(_ => Task.Run(analysis.Work)).ToArray();

        await Assert.ThrowsAnyAsync<Exception>(() => Task.WhenAll(work));
        Assert.All(work, task => Assert.True(task.Exception?.InnerException is null or FormatException or InvalidOperationException));
        Assert.Contains(work, task => task.Exception?.InnerException is FormatException);
    }

    [Fact]
    public void A_line_prepared_for_other_rules_is_refused()
    {
        var one = new EngineHarness(Decoders, Rules);
        var other = new PreparedLine(EngineHarness.LoadOrFail(Decoders, Rules), new EngineOptions());
        Assert.Throws<ArgumentException>(() => one.Engine.Conclude(other));
    }

    private static List<(byte[] Text, int Second)> MakeLines(int count)
    {
        var random = new Random(17);
        return [.. Enumerable.Range(0, count).Select(i => (Encoding.ASCII.GetBytes(MakeLine(random)), i / 40))];
    }

    private static string MakeLine(Random random) =>
        "Dec 29 10:00:01 host "
        + random.Next(8) switch
        {
            0 => $"mail[1]: id {random.Next(60)} begins",
            1 => $"mail[1]: client 192.0.2.{random.Next(64)} id {random.Next(60)}",
            2 => $"mail[1]: id {random.Next(60)} client 192.0.2.{random.Next(64)}",
            3 => $"other: status {random.Next(3)}",
            4 => $"app: hello {random.Next(9)}",
            _ => $"app[7]: failed user u{random.Next(40)} from 198.51.100.{random.Next(30)}",
        };

    private static LogLine ToLogLine((byte[] Text, int Second) line) =>
        new()
        {
            Text = line.Text,
            ArrivalUnixMilliseconds = (1_700_000_000 + line.Second) * 1_000L,
            Agent = EngineHarness.Manager,
            Location = "/var/log/test.log",
        };

    private static string Describe(AnalysisResult result)
    {
        var alert = result.ToAlert();
        var fields = string.Join(',', alert.Fields.Select(f => $"{f.Name}={Encoding.UTF8.GetString(f.Value)}"));
        var previous = string.Join('/', alert.PreviousLines.Select(Encoding.UTF8.GetString));
        var difference = alert.PreviousLog is { } log ? Encoding.UTF8.GetString(log) : "-";
        return $"{alert.Rule?.Id} {alert.Description} {alert.FiredTimes} {result.IsAlert} {result.IsMuted} {fields} {previous} {difference}";
    }

    private sealed class Feed(List<(byte[] Text, int Second)> lines) : ILineFeed
    {
        private int _next;

        public bool TryRead(out LogLine line)
        {
            if (_next == lines.Count)
            {
                line = default;
                return false;
            }

            line = ToLogLine(lines[_next++]);
            return true;
        }
    }
}
