using System.Text;
using Redoubt.Engine.Decode;
using Redoubt.Engine.Match;
using Redoubt.Model.Markup;
using Redoubt.Patterns;
using Decoder = Redoubt.Engine.Decode.Decoder;

namespace Redoubt.Engine.Loading;

/// <summary>Reads one <c>&lt;decoder&gt;</c> element.</summary>
/// <remarks>One reader per decoder. Source: rule-engine.md 2.3.</remarks>
internal sealed class DecoderReader
{
    private const int MaxOptionBytes = 1_024;
    private const int MaxOrder = 256;

    private readonly Report _report;
    private readonly VariableTable _variables;
    private readonly FieldNames _names;
    private readonly OptionText _parent = new();
    private readonly OptionText _programName = new();
    private readonly OptionText _prematch = new();
    private readonly OptionText _regex = new();
    private readonly OptionText _ftsComment = new();
    private readonly List<FieldTarget> _order = [];
    private PatternType _programType = PatternType.OsMatch;
    private PatternType _prematchType = PatternType.OsRegex;
    private PatternType _regexType = PatternType.OsRegex;
    private DecoderOffset _prematchOffset;
    private DecoderOffset _regexOffset;
    private DecoderOffset _pluginOffset;
    private DecoderPlugin _plugin;
    private Category? _category;
    private FirstTimeKey? _fts;
    private bool _usesOwnName;
    private bool _accumulates;
    private bool _discardsNull;
    private bool _arraysAsCsv;

    public DecoderReader(Report report, VariableTable variables, FieldNames names)
    {
        _report = report;
        _variables = variables;
        _names = names;
    }

    /// <summary>Reads the element; null after an error, which is on record.</summary>
    public Decoder? Read(MarkupElement element, string file)
    {
        var errors = _report.Errors;
        var name = ReadName(element);
        foreach (var option in element.Children)
            ReadOption(option, _variables.Expand(option, option.Content));

        CheckTogether(element);
        var prematch = Compile(_prematch, _prematchType);
        var regex = Compile(_regex, _regexType);
        var decoder = new Decoder
        {
            Name = name,
            ParentName = _parent.IsGiven ? _parent.Text : null,
            ProgramName = Compile(_programName, _programType),
            Prematch = prematch,
            PrematchOffset = _prematchOffset,
            Regex = regex,
            RegexOffset = _regexOffset,
            Order = [.. _order],
            HasFixedSource =
                regex is not null
                && _order is [{ Static: StaticField.SrcIp }, ..]
                && FixedPosition.HasFirstGroup(regex, _regexOffset, prematch, _prematchOffset),
            Plugin = _plugin,
            PluginOffset = _pluginOffset,
            Category = _category ?? Category.Syslog,
            FirstTime = _fts,
            FtsComment = _ftsComment.IsGiven ? _ftsComment.Text : null,
            UsesOwnName = _usesOwnName,
            Accumulates = _accumulates,
            DiscardsJsonNull = _discardsNull,
            JsonArraysAsCsv = _arraysAsCsv,
            File = file,
            Line = element.Line,
        };
        return _report.Errors == errors ? decoder : null;
    }

    private string ReadName(MarkupElement element)
    {
        var name = string.Empty;
        foreach (var attribute in element.Attributes)
        {
            if (attribute.Name is "name")
                name = Encoding.UTF8.GetString(_variables.Expand(element, attribute.Value));
            else if (attribute.Name is not "status")
                _report.Error(attribute, "DEC0001", null, $"<decoder> has no attribute '{attribute.Name}'.", "Use 'name' and 'status'.");
        }

        if (name.Length == 0)
            _report.Error(element, "DEC0002", null, "A <decoder> has no name.", "Write <decoder name=\"…\">.");

        return name;
    }

    private void ReadOption(MarkupElement option, byte[] content)
    {
        var text = Encoding.UTF8.GetString(content);
        switch (option.Name.ToUpperInvariant())
        {
            case "PARENT":
                AddText(_parent, option, content);
                break;
            case "PROGRAM_NAME":
                ReadPattern(_programName, option, content, ref _programType);
                break;
            case "PREMATCH":
                ReadOffset(option, _prematch.IsGiven, ref _prematchOffset, onlyAfterParent: true);
                ReadPattern(_prematch, option, content, ref _prematchType);
                break;
            case "REGEX":
                ReadOffset(option, _regex.IsGiven, ref _regexOffset, onlyAfterParent: false);
                ReadPattern(_regex, option, content, ref _regexType);
                break;
            case "ORDER":
                ReadOrder(option, text);
                break;
            case "TYPE":
                _category = Keywords.Category(text);
                if (_category is null)
                    Refuse(option, text, "firewall, ids, web-log, syslog, squid, windows, host-information or ossec");
                break;
            case "FTS":
                ReadFts(option, text);
                break;
            case "FTSCOMMENT":
                AddText(_ftsComment, option, content);
                break;
            case "USE_OWN_NAME":
                _usesOwnName = text is "true";
                break;
            case "ACCUMULATE":
                _accumulates = true;
                break;
            case "PLUGIN_DECODER":
                ReadPlugin(option, text);
                break;
            case "JSON_NULL_FIELD":
                ReadJsonNull(option, text);
                break;
            case "JSON_ARRAY_STRUCTURE":
                if (text is not ("array" or "csv"))
                    Refuse(option, text, "array or csv");

                _arraysAsCsv = text is "csv";
                break;
            default:
                _report.Error(
                    option,
                    "DEC0003",
                    null,
                    $"<decoder> has no option <{option.Name}>.",
                    "Remove it, or see the list of decoder options."
                );
                break;
        }
    }

    private void AddText(OptionText target, MarkupElement option, byte[] content)
    {
        if (target.Length + content.Length >= MaxOptionBytes)
        {
            _report.Error(option, "DEC0004", null, $"<{option.Name}> is 1024 bytes or longer in all.", "Shorten it, or split the decoder.");
            return;
        }

        target.Add(option, content);
    }

    private void ReadPattern(OptionText target, MarkupElement option, byte[] content, ref PatternType type)
    {
        AddText(target, option, content);
        foreach (var attribute in option.Attributes)
        {
            if (attribute.Name is "type")
            {
                if (
                    Keywords.Pattern(attribute.Text) is { } given
                    && (given != PatternType.OsMatch || ReferenceEquals(target, _programName))
                )
                    type = given;
                else
                    _report.Error(
                        attribute,
                        "DEC0005",
                        null,
                        $"'{attribute.Text}' is no type of <{option.Name}>.",
                        "Use osregex or pcre2 (osmatch for program_name only)."
                    );
            }
            else if (attribute.Name is not "offset" || ReferenceEquals(target, _programName))
            {
                _report.Error(
                    attribute,
                    "DEC0006",
                    null,
                    $"<{option.Name}> has no attribute '{attribute.Name}'.",
                    "Use 'type' or 'offset'."
                );
            }
        }
    }

    private void ReadOffset(MarkupElement option, bool isGivenAlready, ref DecoderOffset offset, bool onlyAfterParent)
    {
        if (option.Attribute("offset") is not { } text)
            return;

        if (Keywords.Offset(text) is not { } given || (onlyAfterParent && given != DecoderOffset.AfterParent))
        {
            _report.Error(
                option,
                "DEC0007",
                null,
                $"'{text}' is no offset of <{option.Name}>.",
                onlyAfterParent ? "Use after_parent." : "Use after_parent, after_prematch or after_regex."
            );
        }
        else if (isGivenAlready)
        {
            _report.Error(option, "DEC0008", null, $"Only the first <{option.Name}> can have an offset.", "Move the attribute there.");
        }
        else
        {
            offset = given;
        }
    }

    private void ReadOrder(MarkupElement option, string text)
    {
        _order.Clear();
        foreach (var part in text.Split(','))
        {
            var name = part.Trim(' ', '\t', '\r', '\n');
            if (name.Length == 0)
            {
                _report.Error(option, "DEC0009", null, "<order> has an empty name.", "Write one name for each group, separated by commas.");
                return;
            }

            _order.Add(
                StaticFields.Find(name) is { } field
                    ? new FieldTarget(field, FieldNames.Unknown, [])
                    : new FieldTarget(null, _names.Add(name), Encoding.UTF8.GetBytes(name))
            );
        }

        if (_order.Count > MaxOrder)
            _report.Error(option, "DEC0010", null, $"<order> has more than {MaxOrder} names.", "Split the decoder.");
    }

    private void ReadFts(MarkupElement option, string text)
    {
        var statics = new HashSet<StaticField>();
        var dynamic = new List<int>();
        var hasLocation = false;
        foreach (var part in text.Split(','))
        {
            var name = part.Trim(' ', '\t', '\r', '\n');
            if (name is "name")
                continue;

            if (name is "location")
                hasLocation = true;
            else if (name is "extra_data")
                statics.Add(StaticField.Data);
            else if (StaticFields.Find(name) is { } field && FirstTimeKey.Order.Contains(field))
                statics.Add(field);
            else if (_order.Exists(t => t.Static is null && Encoding.UTF8.GetString(t.DynamicName) == name))
                dynamic.Add(_names.Add(name));
            else
                Refuse(
                    option,
                    name,
                    "name, id, user, dstuser, srcuser, srcip, dstip, location, data, extra_data, system_name, or a name of the <order> above"
                );
        }

        _fts = new FirstTimeKey([.. FirstTimeKey.Order.Where(statics.Contains)], hasLocation, [.. dynamic]);
    }

    private void ReadPlugin(MarkupElement option, string text)
    {
        if (Keywords.Plugin(text) is { } plugin)
            _plugin = plugin;
        else
            Refuse(option, text, "PF_Decoder, SymantecWS_Decoder, SonicWall_Decoder, OSSECAlert_Decoder or JSON_Decoder");

        if (option.Attribute("offset") is not { } offset)
            return;

        if (Keywords.Offset(offset) is { } given && given != DecoderOffset.AfterRegex)
            _pluginOffset = given;
        else
            _report.Error(option, "DEC0007", null, $"'{offset}' is no offset of <plugin_decoder>.", "Use after_parent or after_prematch.");
    }

    private void ReadJsonNull(MarkupElement option, string text)
    {
        _discardsNull = text is "discard";
        if (text is "empty")
            _report.Warning(
                option,
                "DEC0011",
                null,
                "'empty' of <json_null_field> is no longer supported and means 'string'.",
                "Write string or discard."
            );
        else if (text is not ("string" or "discard"))
            Refuse(option, text, "string or discard");
    }

    private void CheckTogether(MarkupElement element)
    {
        if (!_parent.IsGiven && !_prematch.IsGiven && !_programName.IsGiven)
            _report.Error(
                element,
                "DEC0012",
                "2106",
                "The decoder has neither a parent nor a way to be chosen.",
                "Give it a <parent>, a <prematch> or a <program_name>."
            );

        if (_regex.IsGiven != (_order.Count > 0))
            _report.Error(element, "DEC0013", "2106", "<regex> and <order> need each other.", "Give both or neither.");

        if (_plugin != DecoderPlugin.None && (_regex.IsGiven || _order.Count > 0))
            _report.Error(element, "DEC0014", "2106", "<plugin_decoder> cannot stand beside <regex> and <order>.", "Remove one of them.");

        if (_fts is not null && !_regex.IsGiven)
            _report.Error(element, "DEC0015", "2106", "<fts> needs a <regex>.", "Add <regex> and <order>, or remove <fts>.");

        if (
            !_parent.IsGiven
            && (_regexOffset is DecoderOffset.AfterRegex or DecoderOffset.AfterParent || _prematchOffset != DecoderOffset.None)
        )
            _report.Error(
                element,
                "DEC0016",
                "2106",
                "An offset 'after_parent' or 'after_regex' needs a <parent>.",
                "Remove the offset, or name the parent."
            );

        if (
            _parent.IsGiven
            && !_prematch.IsGiven
            && (_regexOffset == DecoderOffset.AfterPrematch || _pluginOffset == DecoderOffset.AfterPrematch)
        )
            _report.Error(element, "DEC0017", "2106", "The offset 'after_prematch' needs a <prematch>.", "Add one, or use another offset.");
    }

    private TextPattern? Compile(OptionText option, PatternType type)
    {
        if (!option.IsGiven)
            return null;

        var pattern = TextPattern.Parse(type, option.Bytes, out var problem);
        if (pattern is null)
            _report.Error(
                option.First!,
                "DEC0018",
                null,
                $"The pattern of <{option.First!.Name}> cannot be used: {problem}",
                "Correct the pattern, or give the right type."
            );
        else if (type == PatternType.Pcre2 && Pcre2Risk.IsExplosive(option.Bytes))
            _report.Note(
                option.First!,
                "DEC0025",
                $"The pattern of <{option.First!.Name}> repeats a group that repeats by itself: a line can be made that it takes very long to refuse.",
                "Write the inner repetition possessive (a++), or let it end with something that must be there."
            );

        return pattern;
    }

    private void Refuse(MarkupElement option, string text, string accepted) =>
        _report.Error(option, "DEC0019", null, $"'{text}' is no value of <{option.Name}>.", $"Use {accepted}.");
}
