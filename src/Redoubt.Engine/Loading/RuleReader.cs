using System.Globalization;
using System.Text;
using Redoubt.Engine.Decode;
using Redoubt.Engine.Match;
using Redoubt.Model;
using Redoubt.Model.Markup;

namespace Redoubt.Engine.Loading;

/// <summary>Reads one <c>&lt;rule&gt;</c> element.</summary>
/// <remarks>One reader per rule. Source: rule-engine.md 3.</remarks>
internal sealed class RuleReader
{
    private readonly Report _report;
    private readonly VariableTable _variables;
    private readonly RuleSources _sources;
    private readonly RuleConditions _conditions;
    private readonly RuleDraft _draft;
    private readonly StringBuilder _groups;
    private readonly RuleTexts _texts;
    private bool _hasCompositeOption;

    public RuleReader(Report report, VariableTable variables, RuleSources sources, MarkupElement element, string group)
    {
        _report = report;
        _variables = variables;
        _sources = sources;
        _conditions = new RuleConditions(report, sources);
        _draft = new RuleDraft { Element = element };
        _groups = new StringBuilder(group);
        _texts = new RuleTexts(report);
    }

    /// <summary>Reads the element; null after an error, which is on record.</summary>
    public RuleDraft? Read(string file)
    {
        var errors = _report.Errors;
        ReadAttributes();
        if (_draft.Element.Children.Count == 0)
            _report.Error(_draft.Element, "RULE0040", null, "The rule has no options.", "Give it at least a <description>.");

        foreach (var option in _draft.Element.Children)
            ReadOption(option, _variables.Expand(option, option.Content));

        if (!_texts.HasDescription)
            _report.Error(_draft.Element, "RULE0041", null, $"Rule {_draft.Id} has no description.", "Add <description>.");

        if (_hasCompositeOption && !_draft.IsComposite && !_draft.HasCheckDiff)
            _report.Error(
                _draft.Element,
                "RULE0042",
                null,
                $"Rule {_draft.Id} counts events but does not say which.",
                "Add <if_matched_sid>, <if_matched_group> or <if_matched_regex>."
            );

        if (_draft.HasCheckDiff)
            _conditions.AddDiff(_draft.Id);

        Finish(file);
        return _report.Errors == errors ? _draft : null;
    }

    private void Finish(string file)
    {
        _draft.Conditions = _conditions.Build();
        if (_conditions.MissingList is { } list)
        {
            _draft.IsDropped = true;
            _report.Warning(
                _draft.Element,
                "RULE0043",
                "7616",
                $"The list '{list}' is not there; rule {_draft.Id} is left out.",
                "Configure the list under exactly this name."
            );
        }

        _draft.Description = DescriptionTemplate.Parse(_texts.Description, _sources.Names);
        var groupString = _groups.ToString();
        var (groups, compliance) = GroupNames.Split(groupString);
        _draft.Summary = _texts.Fill(
            new RuleSummary
            {
                Id = _draft.Id,
                Level = _draft.Level,
                Description = _texts.Description,
                GroupString = groupString,
                Groups = groups,
                Compliance = compliance,
                Frequency = _draft.IsComposite ? _draft.Frequency ?? 2 : null,
                TimeframeSeconds = _draft.IsComposite ? _draft.TimeframeSeconds ?? RuleTreeBuilder.DefaultTimeframeSeconds : null,
                File = file,
                Line = _draft.Element.Line,
            }
        );
    }

    private void ReadAttributes()
    {
        int? id = null;
        int? level = null;
        foreach (var attribute in _draft.Element.Attributes)
        {
            var text = Encoding.UTF8.GetString(_variables.Expand(_draft.Element, attribute.Value));
            switch (attribute.Name)
            {
                case "id":
                    id = ReadNumber(attribute, text, 1, 999_999);
                    break;
                case "level":
                    level = ReadNumber(attribute, text, 0, 16);
                    break;
                case "maxsize":
                    _conditions.AddMaxSize(ReadNumber(attribute, text, 0, 9_999) ?? 0);
                    break;
                case "frequency":
                    _draft.Frequency = ReadNumber(attribute, text, 2, 9_999);
                    _hasCompositeOption = true;
                    break;
                case "timeframe":
                    _draft.TimeframeSeconds = ReadNumber(attribute, text, 0, 99_999);
                    break;
                case "ignore":
                    _draft.IgnoreSeconds = ReadNumber(attribute, text, 0, 999_999) ?? 0;
                    break;
                case "overwrite":
                    _draft.IsOverwrite = ReadYesNo(attribute, text);
                    break;
                case "noalert":
                    _draft.NoAlert = ReadNumber(attribute, text, 0, 1) == 1;
                    break;
                case "accuracy":
                    _draft.HasAccuracyZero = ReadNumber(attribute, text, 0, int.MaxValue) == 0;
                    break;
                default:
                    _report.Error(
                        attribute,
                        "RULE0044",
                        null,
                        $"<rule> has no attribute '{attribute.Name}'.",
                        "See the list of rule attributes."
                    );
                    break;
            }
        }

        if (id is null || level is null)
            _report.Error(
                _draft.Element,
                "RULE0045",
                null,
                "A rule needs an id from 1 to 999999 and a level from 0 to 16.",
                "Write <rule id=\"…\" level=\"…\">."
            );

        _draft.Id = id ?? 0;
        _draft.Level = level ?? 0;
    }

    private void ReadOption(MarkupElement option, byte[] content)
    {
        var name = option.Name.ToLowerInvariant();
        if (_conditions.TryAdd(name, option, content) || _texts.TryAdd(name, option, content, _variables))
            return;

        if (RuleOptions.Comparison(name) is { } comparison && name is not ("same_field" or "different_field"))
        {
            (comparison.IsDifferent ? _draft.Different : _draft.Same).Add(comparison.Part);
            _hasCompositeOption = true;
            return;
        }

        var text = Encoding.UTF8.GetString(content);
        switch (name)
        {
            case "if_sid":
                _draft.IfSid.Add(option, content);
                break;
            case "if_level":
                _draft.IfLevel.Add(option, content);
                break;
            case "if_group":
                _draft.IfGroup.Add(option, content);
                break;
            case "if_matched_sid":
                _draft.IfMatchedSid.Add(option, content);
                break;
            case "if_matched_group":
                _draft.IfMatchedGroup.Add(option, content);
                break;
            case "if_matched_regex":
                _draft.IfMatchedRegex.Add(option, content);
                break;
            case "category":
                _draft.Category = Keywords.Category(text);
                if (_draft.Category is null)
                    _report.Error(
                        option,
                        "RULE0046",
                        null,
                        $"'{text}' is no category.",
                        "Use firewall, ids, syslog, web-log, squid, windows or ossec."
                    );
                break;
            case "group":
                _groups.Append(text);
                break;
            case "same_field" or "different_field" or "not_same_field":
                var part = EventPart.OfDynamic(_sources.Names.Add(text));
                (name is "same_field" ? _draft.Same : _draft.Different).Add(part);
                _hasCompositeOption = true;
                break;
            case "same_agent" or "not_same_agent":
                _report.Warning(
                    option,
                    "RULE0047",
                    null,
                    $"<{option.Name}> has no effect; events are counted per agent anyway.",
                    "Remove it; <global_frequency> counts over all agents."
                );
                break;
            case "global_frequency":
                _draft.IsGlobalFrequency = true;
                _hasCompositeOption = true;
                break;
            case "check_diff":
                _draft.HasCheckDiff = true;
                break;
            case "ignore":
                _draft.Suppresses = ReadSuppression(option, text);
                break;
            case "check_if_ignored":
                _draft.SuppressedBy = ReadSuppression(option, text);
                break;
            default:
                _report.Error(
                    option,
                    "RULE0048",
                    null,
                    $"<rule> has no option <{option.Name}>.",
                    "Remove it, or see the list of rule options."
                );
                break;
        }
    }

    private SuppressionSpec ReadSuppression(MarkupElement option, string text)
    {
        var hasName = false;
        var parts = new List<EventPart>();
        foreach (var word in text.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries))
        {
            if (word is "name")
                hasName = true;
            else if (word is "location")
                parts.Add(new EventPart(EventPartKind.Location));
            else if (StaticFields.Find(word) is { } field)
                parts.Add(EventPart.Of(field));
            else
                parts.Add(EventPart.OfDynamic(_sources.Names.Add(word)));
        }

        if (!hasName && parts.Count == 0)
            _report.Error(option, "RULE0049", null, $"<{option.Name}> names no field.", "Write for example srcip, id.");

        return new SuppressionSpec(hasName, [.. parts]);
    }

    private int? ReadNumber(MarkupAttribute attribute, string text, int min, int max)
    {
        if (int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number) && number >= min && number <= max)
            return number;

        _report.Error(
            attribute,
            "RULE0050",
            null,
            $"'{text}' is no value of '{attribute.Name}'.",
            $"Use a whole number from {min} to {max}."
        );
        return null;
    }

    private bool ReadYesNo(MarkupAttribute attribute, string text)
    {
        if (Keywords.YesNo(text) is { } answer)
            return answer;

        _report.Error(attribute, "RULE0013", null, $"'{text}' is neither yes nor no.", "Use yes or no.");
        return false;
    }
}
