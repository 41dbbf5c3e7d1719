using System.Text.RegularExpressions;

namespace Redoubt.Tests.Architecture;

/// <summary>The reference of events is complete and true, and no number means two things: whoever looks a message up finds it.</summary>
public partial class EventReferenceTests
{
    [Fact]
    public void Every_message_of_the_program_logs_stands_in_the_reference_word_for_word()
    {
        var said = Said()
            .Select(m => (Id: m.Groups["id"].Value, Level: Word(m.Groups["level"].Value), Text: Shown(m.Groups["text"].Value)));
        var documented = RowInReference()
            .Matches(File.ReadAllText(Path.Combine(Sources.Root, "docs/reference/events.md")))
            .Select(m => (Id: m.Groups["id"].Value, Level: m.Groups["level"].Value, Text: m.Groups["text"].Value));

        Assert.Equal(said.OrderBy(e => e.Id, StringComparer.Ordinal), documented.OrderBy(e => e.Id, StringComparer.Ordinal));
    }

    [Fact]
    public void No_id_is_used_twice()
    {
        var ids = Said().Select(m => m.Groups["id"].Value).ToList();

        Assert.True(ids.Count > 100, $"Expected many messages, found {ids.Count}: has their form changed?");
        Assert.Empty(ids.GroupBy(id => id).Where(g => g.Count() > 1).Select(g => g.Key));
    }

    [Fact]
    public void No_message_goes_out_without_an_id()
    {
        var without = Sources.Code("src", "apps").Where(f => CallWithoutId().IsMatch(File.ReadAllText(f))).Select(Sources.Relative);

        Assert.Empty(without);
    }

    private static IEnumerable<Match> Said() => Sources.Code("src", "apps").SelectMany(f => Message().Matches(File.ReadAllText(f)));

    private static string Word(string level) => level == "Information" ? "info" : level.ToLowerInvariant();

    private static string Shown(string text) => Placeholder().Replace(text, "…");

    [GeneratedRegex("""\[LoggerMessage\(\s*(?<id>[0-9]+),\s*LogLevel\.(?<level>\w+),\s*"(?<text>[^"]*)"\s*\)\]""")]
    private static partial Regex Message();

    [GeneratedRegex("""\{\w+\}""")]
    private static partial Regex Placeholder();

    [GeneratedRegex("""\.Log(?:Trace|Debug|Information|Warning|Error|Critical)\(""")]
    private static partial Regex CallWithoutId();

    [GeneratedRegex("""^\| (?<id>[0-9]+) \| (?<level>\w+) \| (?<text>[^|]*) \| [^|]+ \| [^|]+ \|$""", RegexOptions.Multiline)]
    private static partial Regex RowInReference();
}
