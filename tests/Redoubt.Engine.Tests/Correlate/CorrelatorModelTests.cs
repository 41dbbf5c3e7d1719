using Redoubt.Engine;

namespace Redoubt.Tests.Engine.Correlate;

/// <summary>Compares the index with the plain meaning: a list of all remembered events, walked newest first.</summary>
public class CorrelatorModelTests
{
    private const string Decoders = """
        <decoder name="app"><program_name>^app$</program_name></decoder>
        <decoder name="app-fields"><parent>app</parent><regex>u=(\w+) ip=(\w+)</regex><order>user, srcip</order></decoder>
        """;

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(4)]
    public void Random_rows_of_events_give_what_walking_the_list_gives(int seed)
    {
        var random = new Random(seed);
        for (var round = 0; round < 40; round++)
        {
            var composites = Enumerable.Range(0, random.Next(1, 4)).Select(i => Composite.Random(random, 200 + i)).ToList();
            var rules =
                EngineHarness.Root
                + """
                    <rule id="100" level="3"><decoded_as>app</decoded_as><description>app</description></rule>
                    <rule id="101" level="5"><if_sid>100</if_sid><match>u=</match><description>base</description></rule>
                    """
                + string.Concat(composites.Select(c => c.Xml))
                + "</group>";
            var engine = new EngineHarness(Decoders, rules, compatibility: Compatibility.Strict);
            var model = new ListModel(composites);
            for (var step = 0; step < 150; step++)
            {
                engine.Now += random.Next(0, 4);
                var (user, source) = ($"u{random.Next(3)}", $"s{random.Next(3)}");
                var wanted = model.Analyse(engine.Now, user, source);
                Assert.Equal(wanted, engine.RuleOf($"Jan  1 00:00:00 host app: u={user} ip={source} x"));
            }
        }
    }

    private sealed record Composite(int Id, int Level, int Frequency, int Timeframe, bool SameSource, bool SameUser, bool DifferentUser)
    {
        public string Xml =>
            $"""
                <rule id="{Id}" level="{Level}" frequency="{Frequency}" timeframe="{Timeframe}"><if_matched_sid>101</if_matched_sid>
                {(SameSource ? "<same_srcip />" : "")}{(SameUser ? "<same_user />" : "")}{(DifferentUser ? "<different_user />" : "")}
                <description>composite</description></rule>
                """;

        public static Composite Random(Random random, int id)
        {
            var sameUser = random.Next(3) == 0;
            return new Composite(
                id,
                random.Next(6, 12),
                random.Next(2, 6),
                random.Next(3, 40),
                random.Next(2) == 0,
                sameUser,
                !sameUser && random.Next(3) == 0
            );
        }
    }

    private sealed class Remembered
    {
        public required long Time { get; init; }

        public required string User { get; init; }

        public required string Source { get; init; }

        public int Mark { get; set; }
    }

    private sealed class ListModel(List<Composite> composites)
    {
        private readonly List<Remembered> _memory = [];

        public int Analyse(long now, string user, string source)
        {
            var current = new Remembered
            {
                Time = now,
                User = user,
                Source = source,
            };
            foreach (var composite in composites.OrderByDescending(c => c.Level).ThenBy(c => c.Id))
            {
                if (Fires(composite, current))
                    return composite.Id;
            }

            _memory.Insert(0, current);
            return 101;
        }

        private bool Fires(Composite composite, Remembered current)
        {
            var counted = 0;
            Remembered? newest = null;
            foreach (var remembered in _memory)
            {
                if (current.Time - remembered.Time > composite.Timeframe)
                    return false;

                if (
                    (composite.SameSource && remembered.Source != current.Source)
                    || (composite.SameUser && remembered.User != current.User)
                    || (composite.DifferentUser && remembered.User == current.User)
                )
                {
                    continue;
                }

                if (remembered.Mark >= composite.Level)
                    return false;

                newest ??= remembered;
                if (counted++ < composite.Frequency - 2)
                    continue;

                if (composite.Frequency > 2)
                    newest.Mark = composite.Level;

                return true;
            }

            return false;
        }
    }
}
