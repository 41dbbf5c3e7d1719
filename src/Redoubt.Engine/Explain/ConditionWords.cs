using System.Globalization;
using System.Text;
using Redoubt.Engine.Correlate;
using Redoubt.Engine.Decode;
using Redoubt.Engine.Match;

namespace Redoubt.Engine.Explain;

/// <summary>Says in words what conditions want and what they find.</summary>
internal sealed class ConditionWords(Ruleset ruleset)
{
    private const int MaxShownChars = 120;

    /// <summary>A text in quotes, cut where it is long.</summary>
    public static string Quote(string text) => text.Length > MaxShownChars ? $"'{text[..MaxShownChars]}…'" : $"'{text}'";

    /// <summary>What the condition wants.</summary>
    public string Wanted(Condition condition) =>
        condition switch
        {
            TextCondition text => $"{NameOf(text.Part)} {Matches(text.Pattern, text.IsNegated)}",
            ProgramCondition program => $"program_name {Matches(ruleset.ProgramPatterns[program.Number], program.IsNegated)}",
            DecodedAsCondition decodedAs => $"the decoder is {Quote(DecoderName(decodedAs.DecoderNumber))}",
            AddressCondition address => $"{StaticFields.NameOf(address.Field)} is in {string.Join(" or ", address.Texts)}",
            ListCondition list => Wanted(list),
            TimeCondition time =>
                $"the time of day is {(time.IsNegated ? "not " : string.Empty)}between {Clock(time.FromMinute)} and {Clock(time.ToMinute)}",
            WeekdayCondition weekday => $"the day is {string.Join(" or ", Enum.GetValues<DayOfWeek>().Where(d => weekday.Days[(int)d]))}",
            MaxSizeCondition size => string.Create(CultureInfo.InvariantCulture, $"the log has {size.Bytes} bytes or more"),
            CompiledRuleCondition compiled => $"the built-in test '{compiled.Name}' holds",
            FirstTimeCondition => "the decoder's <fts> fields have these values for the first time",
            DiffCondition => "the log differs from the last one of this rule and host",
            _ => throw new InvalidOperationException($"There are no words for {condition.GetType().Name}."),
        };

    /// <summary>What is there instead, when the condition failed.</summary>
    public string Found(Condition condition, DecodedEvent e) =>
        condition switch
        {
            TextCondition { Part.Kind: EventPartKind.Log, IsNegated: var isNegated } => isNegated ? "it does" : "it does not",
            TextCondition text => Found(text.Part, e),
            ProgramCondition => Found(new EventPart(EventPartKind.ProgramName), e),
            DecodedAsCondition => e.DecoderName is { } name ? $"it is {Quote(name)}" : "no decoder fits",
            AddressCondition address => Found(EventPart.Of(address.Field), e),
            ListCondition list => Found(list.Part, e),
            TimeCondition or WeekdayCondition => string.Create(
                CultureInfo.InvariantCulture,
                $"the line arrived at {DateTimeOffset.FromUnixTimeMilliseconds(e.ArrivalUnixMilliseconds):yyyy-MM-dd HH:mm} UTC"
            ),
            MaxSizeCondition => string.Create(CultureInfo.InvariantCulture, $"it has {e.LogSpan.Length}"),
            FirstTimeCondition => e.Decoder?.FirstTime is null ? "the decoder has no <fts>" : "they were seen before",
            DiffCondition => "it is the first one, or the same",
            _ => "it does not",
        };

    /// <summary>The name of a part of an event.</summary>
    public string NameOf(EventPart part) =>
        part.Kind switch
        {
            EventPartKind.Log => "the log",
            EventPartKind.ProgramName => "program_name",
            EventPartKind.Hostname => "hostname",
            EventPartKind.Location => "location",
            EventPartKind.Static => StaticFields.NameOf(part.Field),
            EventPartKind.Dynamic => ruleset.Names.NameOf(part.Number),
            EventPartKind.User or EventPartKind.UserSourceFirst => "user",
            _ => "country",
        };

    /// <summary>What must be equal and what must differ, to stand behind what is counted.</summary>
    public string Comparisons(WindowSpec window)
    {
        var text = new StringBuilder();
        if (window.Same.Length > 0)
            text.Append(", same ").AppendJoin(", same ", window.Same.Select(NameOf));

        if (window.Different.Length > 0)
            text.Append(", different ").AppendJoin(", different ", window.Different.Select(NameOf));

        return text.ToString();
    }

    /// <summary>The fields of <c>ignore</c> and <c>check_if_ignored</c>.</summary>
    public string Fields(SuppressionSpec spec) =>
        string.Join(", ", spec.HasName ? spec.Parts.Select(NameOf).Prepend("name") : spec.Parts.Select(NameOf));

    private string Wanted(ListCondition list)
    {
        var name = NameOf(list.Part);
        var value = list.Value is { } wanted ? $" whose value {Matches(wanted, isNegated: false)}" : string.Empty;
        return list.Lookup switch
        {
            ListLookup.MatchKey => $"{name} is a key of {list.List.Name}",
            ListLookup.NotMatchKey => $"{name} is there and no key of {list.List.Name}",
            ListLookup.MatchKeyValue => $"{name} is a key of {list.List.Name}{value}",
            ListLookup.AddressMatchKey => $"{name} is an address of {list.List.Name}",
            ListLookup.NotAddressMatchKey => $"{name} is there and no address of {list.List.Name}",
            _ => $"{name} is an address of {list.List.Name}{value}",
        };
    }

    private static string Matches(TextPattern pattern, bool isNegated)
    {
        var text = Quote(Encoding.UTF8.GetString(pattern.Source));
        if (pattern.Type == PatternType.Exact)
            return isNegated ? $"is not {text}" : $"is {text}";

        var type = pattern.Type switch
        {
            PatternType.OsMatch => "osmatch",
            PatternType.OsRegex => "osregex",
            _ => "pcre2",
        };
        return $"{(isNegated ? "does not match" : "matches")} {text} ({type})";
    }

    private string Found(EventPart part, DecodedEvent e) =>
        part.TryRead(e, out var value, out _) ? $"it is {Quote(Encoding.UTF8.GetString(value))}" : $"the line has no {NameOf(part)}";

    private string DecoderName(int number) =>
        ruleset.Decoders.Numbers.FirstOrDefault(n => n.Value == number).Key ?? number.ToString(CultureInfo.InvariantCulture);

    private static string Clock(int minute) => string.Create(CultureInfo.InvariantCulture, $"{minute / 60:00}:{minute % 60:00}");
}
