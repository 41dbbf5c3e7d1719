using System.Text;
using Redoubt.Engine.Decode;
using Redoubt.Engine.Match;
using Redoubt.Model.Markup;
using Redoubt.Patterns;

namespace Redoubt.Engine.Loading;

/// <summary>Collects the conditions of one rule.</summary>
/// <remarks>One object per rule. Source: rule-engine.md 3.2.</remarks>
internal sealed class RuleConditions
{
    private const string CompiledSuffix = ".cdb";

    private readonly Report _report;
    private readonly RuleSources _sources;
    private readonly Dictionary<string, PatternOption> _patterns = new(StringComparer.Ordinal);
    private readonly List<(string Option, Condition Condition)> _conditions = [];
    private readonly Dictionary<StaticField, List<(AddressRange Range, bool IsNegated, string Text)>> _addresses = [];

    public RuleConditions(Report report, RuleSources sources)
    {
        _report = report;
        _sources = sources;
    }

    /// <summary>The list that a <c>list</c> option names and that does not exist, or null.</summary>
    public string? MissingList { get; private set; }

    /// <summary>Takes one option of a rule; false when it is no condition.</summary>
    /// <param name="name">The option's name, lower case.</param>
    /// <param name="option">Its element.</param>
    /// <param name="content">Its content, variables filled in.</param>
    public bool TryAdd(string name, MarkupElement option, byte[] content)
    {
        switch (name)
        {
            case "decoded_as":
                AddDecodedAs(option, Encoding.UTF8.GetString(content));
                return true;
            case "field":
                AddField(option, content);
                return true;
            case "srcip" or "dstip":
                AddAddress(name, option, content);
                return true;
            case "time":
                AddTime(option, Encoding.UTF8.GetString(content));
                return true;
            case "weekday":
                AddWeekday(option, Encoding.UTF8.GetString(content));
                return true;
            case "compiled_rule":
                AddCompiled(option, Encoding.UTF8.GetString(content));
                return true;
            case "list":
                AddList(option, Encoding.UTF8.GetString(content));
                return true;
            case "if_fts":
                _conditions.Add((name, new FirstTimeCondition { Option = name }));
                return true;
            default:
                if (RuleOptions.Pattern(name) is not { } pattern)
                    return false;

                if (pattern.Part.Kind == EventPartKind.GeoIp)
                    _report.Note(
                        option,
                        "RULE0086",
                        $"<{option.Name}> asks for a country, which no event has, so the rule cannot fire.",
                        "Remove the option."
                    );

                if (!_patterns.TryGetValue(name, out var texts))
                    _patterns.Add(name, texts = new PatternOption());

                texts.Add(option, content, pattern.DefaultType, _report);
                return true;
        }
    }

    public void AddMaxSize(int bytes) => _conditions.Add(("maxsize", new MaxSizeCondition { Option = "maxsize", Bytes = bytes }));

    public void AddDiff(int ruleId) => _conditions.Add(("check_diff", new DiffCondition { Option = "check_diff", RuleId = ruleId }));

    /// <summary>All conditions in the order of tests.</summary>
    public Condition[] Build()
    {
        foreach (var (name, texts) in _patterns)
        {
            if (texts.Build(RuleOptions.Pattern(name)!.Value.Part, _report) is { } condition)
                _conditions.Add((name, condition));
        }

        foreach (var (field, ranges) in _addresses)
        {
            var name = StaticFields.NameOf(field);
            _conditions.Add(
                (
                    name,
                    new AddressCondition
                    {
                        Option = name,
                        Field = field,
                        Ranges = [.. ranges.Select(r => (r.Range, r.IsNegated))],
                        Texts = [.. ranges.Select(r => r.IsNegated ? "anything but " + r.Text : r.Text)],
                    }
                )
            );
        }

        // The original evaluates only the last two lists of a rule.
        const int EvaluatedLists = 2;
        var lists = _conditions.FindAll(c => c.Condition is ListCondition);
        if (_sources.Compatibility == Compatibility.Strict && lists.Count > EvaluatedLists)
            _conditions.RemoveAll(c => lists.IndexOf(c) is var i and >= 0 && i < lists.Count - EvaluatedLists);

        return [.. _conditions.OrderBy(c => OrderOf(c.Option)).Select(c => c.Condition)];
    }

    private static int OrderOf(string option)
    {
        for (var i = 0; i < RuleOptions.TestOrder.Count; i++)
        {
            if (RuleOptions.TestOrder[i] == option)
                return i;
        }

        throw new InvalidOperationException($"The option {option} has no place in the order of tests.");
    }

    private void AddDecodedAs(MarkupElement option, string name)
    {
        if (!_sources.Decoders.Numbers.TryGetValue(name, out var number))
        {
            _report.Error(
                option,
                "RULE0020",
                null,
                $"There is no decoder '{name}'.",
                "Name a top-level decoder, or one with <use_own_name>."
            );
            return;
        }

        if (Keywords.BuiltInDecoders.Contains(name) && name != Keywords.EventChannelName)
            _report.Note(
                option,
                "RULE0021",
                $"Events of the decoder '{name}' do not reach Redoubt, so the rule cannot fire.",
                "Nothing needs to be done."
            );

        _conditions.Add(("decoded_as", new DecodedAsCondition { Option = "decoded_as", DecoderNumber = number }));
    }

    private void AddField(MarkupElement option, byte[] content)
    {
        if (option.Attribute("name") is not { Length: > 0 } name)
        {
            _report.Error(option, "RULE0022", null, "<field> has no name.", "Write <field name=\"…\">.");
            return;
        }

        if (StaticFields.Find(name) is not null)
        {
            _report.Error(option, "RULE0023", null, $"'{name}' is a static field.", $"Write <{name}> instead of <field name=\"{name}\">.");
            return;
        }

        var texts = new PatternOption();
        texts.Add(option, content, PatternType.OsRegex, _report);
        if (texts.Build(EventPart.OfDynamic(_sources.Names.Add(name)), _report) is { } condition)
            _conditions.Add(("field", condition));
    }

    private void AddAddress(string name, MarkupElement option, byte[] content)
    {
        // A leading '!' is accepted upstream and has no effect.
        var text = content.AsSpan().Trim(" \t\r\n"u8);
        if (text.StartsWith((byte)'!'))
        {
            text = text[1..];
            _report.Note(option, "RULE0024", $"The '!' before the address of <{name}> has no effect.", "Use negate=\"yes\".");
        }

        if (!AddressRange.TryParse(text, out var range))
        {
            _report.Error(
                option,
                "RULE0025",
                null,
                $"'{Encoding.UTF8.GetString(text)}' is no IP address or network.",
                "Use an address, a prefix such as 10.0.0.0/8, or any."
            );
            return;
        }

        var isNegated = option.Attribute("negate") is { } negate && Keywords.YesNo(negate) == true;
        var field = StaticFields.Find(name)!.Value;
        if (!_addresses.TryGetValue(field, out var ranges))
            _addresses.Add(field, ranges = []);

        ranges.Add((range, isNegated, Encoding.UTF8.GetString(text)));
    }

    private void AddTime(MarkupElement option, string text)
    {
        if (DayTime.TryParseRange(text, out var from, out var to, out var isNegated))
            _conditions.Add(
                (
                    "time",
                    new TimeCondition
                    {
                        Option = "time",
                        FromMinute = from,
                        ToMinute = to,
                        IsNegated = isNegated,
                    }
                )
            );
        else
            _report.Error(option, "RULE0026", null, $"'{text}' is no time range.", "Write for example 6 pm - 8:30 am.");
    }

    private void AddWeekday(MarkupElement option, string text)
    {
        if (Weekdays.TryParse(text, out var days))
            _conditions.Add(("weekday", new WeekdayCondition { Option = "weekday", Days = days }));
        else
            _report.Error(option, "RULE0027", null, $"'{text}' is no list of days.", "Use monday … sunday, weekdays or weekends.");
    }

    private void AddCompiled(MarkupElement option, string text)
    {
        if (CompiledRuleCondition.Find(text) is { } test)
            _conditions.Add(
                (
                    "compiled_rule",
                    new CompiledRuleCondition
                    {
                        Option = "compiled_rule",
                        Test = test,
                        Name = text,
                    }
                )
            );
        else
            _report.Error(option, "RULE0028", null, $"There is no built-in test '{text}'.", "See the list of built-in tests.");
    }

    private void AddList(MarkupElement option, string text)
    {
        if (option.Attribute("field") is not { Length: > 0 } field)
        {
            _report.Error(option, "RULE0029", null, "<list> has no field.", "Write <list field=\"…\">.");
            return;
        }

        if (RuleOptions.Lookup(option.Attribute("lookup") ?? "match_key") is not { } lookup)
        {
            _report.Error(option, "RULE0030", null, $"'{option.Attribute("lookup")}' is no lookup.", "See the list of lookups.");
            return;
        }

        var name = text.EndsWith(CompiledSuffix, StringComparison.Ordinal) ? text[..^CompiledSuffix.Length] : text;
        if (!_sources.Lists.TryGetValue(name, out var list))
        {
            MissingList ??= text;
            return;
        }

        TextPattern? value = null;
        if (option.Attributes.FirstOrDefault(a => a.Name is "check_value") is { } check)
            value = TextPattern.Parse(PatternType.OsMatch, check.Value, out _);

        _conditions.Add(
            (
                "list",
                new ListCondition
                {
                    Option = "list",
                    Part = ListPart(field),
                    List = list,
                    Lookup = lookup,
                    Value = value,
                    IsAddressValueInverted = _sources.Compatibility == Compatibility.Strict,
                }
            )
        );
    }

    private EventPart ListPart(string field) =>
        field switch
        {
            "user" => new EventPart(_sources.Compatibility == Compatibility.Strict ? EventPartKind.UserSourceFirst : EventPartKind.User),
            "hostname" => new EventPart(EventPartKind.Hostname),
            "program_name" => new EventPart(EventPartKind.ProgramName),
            _ => StaticFields.Find(field) is { } known ? EventPart.Of(known) : EventPart.OfDynamic(_sources.Names.Add(field)),
        };
}
