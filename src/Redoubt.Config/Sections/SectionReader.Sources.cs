using Redoubt.Model.Markup;

namespace Redoubt.Config;

// <localfile>, <client> and <ruleset>: active-response.md 1.11, rule-engine.md 2.1.
internal sealed partial class SectionReader
{
    private static readonly HashSet<string> LocalFileWithoutEffect = new(StringComparer.OrdinalIgnoreCase)
    {
        "age",
        "ignore_binaries",
        "label",
        "out_format",
        "query",
        "reconnect_time",
        "target",
    };

    internal void LocalFile(MarkupElement section)
    {
        string? location = null,
            format = null;
        var onlyFuture = true;
        var draft = new LocalFileOptions { Location = string.Empty, Format = string.Empty };
        IReadOnlyList<string> units = [],
            identifiers = [];
        foreach (var child in section.Children)
        {
            switch (child.Name.ToLowerInvariant())
            {
                case "filter" when child.Attribute("field") is "_SYSTEMD_UNIT":
                    units = JournalNames(child);
                    break;
                case "filter" when child.Attribute("field") is "SYSLOG_IDENTIFIER":
                    identifiers = JournalNames(child);
                    break;
                case "filter":
                    Error(
                        child,
                        "CONF0064",
                        null,
                        "This version filters the journal by field _SYSTEMD_UNIT or SYSLOG_IDENTIFIER.",
                        "Use one of them, or remove the filter."
                    );
                    break;
                case "location":
                    location = child.Text.Trim();
                    break;
                case "log_format":
                    format = child.Text.Trim();
                    break;
                case "command":
                    draft = draft with { Command = child.Text.Trim() };
                    break;
                case "alias":
                    draft = draft with { Alias = child.Text.Trim() };
                    break;
                case "frequency":
                    draft = draft with { Frequency = CommandFrequency(child) };
                    break;
                case "exclude":
                    draft = draft with { Exclude = child.Text.Trim() };
                    break;
                case "ignore":
                    draft = draft with { Ignore = [.. draft.Ignore, .. LinePatterns(child)] };
                    break;
                case "restrict":
                    draft = draft with { Restrict = [.. draft.Restrict, .. LinePatterns(child)] };
                    break;
                case "multiline_regex":
                    draft = draft with { Multiline = MultilineRegex(child) };
                    break;
                case "only-future-events":
                    onlyFuture = YesNo(child, true);
                    break;
                case var name when LocalFileWithoutEffect.Contains(name):
                    WithoutEffect(child, $"<{child.Name}> of <localfile>");
                    break;
                default:
                    Unknown(section, child);
                    break;
            }
        }

        if (string.IsNullOrEmpty(format))
        {
            Error(section, "CONF0060", "1235", "<localfile> needs <log_format>.", "Add <log_format>syslog</log_format>.");
            return;
        }

        if (!LogFormats.IsDelivered(format))
        {
            if (LogFormats.IsKnown(format))
                Warning(
                    section,
                    "CONF0062",
                    null,
                    $"log_format {format} is not read in this version; this <localfile> is left out.",
                    string.Empty
                );
            else
                Error(section, "CONF0061", "1235", $"'{format}' is not a log format.", "Write syslog for plain lines.");

            return;
        }

        if (LogFormats.IsCommand(format))
        {
            if (string.IsNullOrEmpty(draft.Command))
            {
                Error(section, "CONF0067", "1235", $"log_format {format} needs <command>.", "Add the command whose output is to be read.");
                return;
            }

            location = draft.Alias is { Length: > 0 } alias ? alias : draft.Command;
        }

        if (string.Equals(format, "multi-line-regex", StringComparison.Ordinal) && draft.Multiline is null)
        {
            Error(
                section,
                "CONF0068",
                "1235",
                "log_format multi-line-regex needs <multiline_regex>.",
                "Add the pattern of the first line of a record."
            );
            return;
        }

        if (string.IsNullOrEmpty(location))
        {
            if (!string.Equals(format, "journald", StringComparison.Ordinal))
            {
                Error(section, "CONF0063", "1235", "<localfile> needs <location>.", "Add the path of the log file.");
                return;
            }

            location = "journald";
        }

        AddLocalFile(
            section,
            draft with
            {
                Location = location,
                Format = format,
                OnlyFutureEvents = onlyFuture,
                JournalUnits = units,
                JournalIdentifiers = identifiers,
            }
        );
    }

    private TimeSpan CommandFrequency(MarkupElement child)
    {
        switch (child.Text.Trim())
        {
            case "hourly":
                return TimeSpan.FromHours(1);
            case "daily":
                return TimeSpan.FromDays(1);
            default:
                return TimeSpan.FromSeconds(Number(child, 1, 365 * 86_400, 360));
        }
    }

    private IEnumerable<PatternText> LinePatterns(MarkupElement child)
    {
        var type = child.Attribute("type");
        var text = child.Text;
        string? problem = null;
        var bytes = System.Text.Encoding.UTF8.GetBytes(text);
        var isGood = (type?.ToLowerInvariant() ?? "pcre2") switch
        {
            "pcre2" => Redoubt.Patterns.Pcre2Pattern.Parse(bytes, out problem) is not null,
            "osregex" => Redoubt.Patterns.OsRegex.Parse(bytes, out problem) is not null,
            "osmatch" => Redoubt.Patterns.OsMatch.Parse(bytes, out problem) is not null,
            _ => false,
        };
        if (isGood && text.Length > 0)
            return [new PatternText(type, text)];

        Error(
            child,
            "CONF0069",
            "1235",
            $"The pattern of <{child.Name}> is not valid: {problem?.TrimEnd('.') ?? "unknown type or no text"}.",
            "Write a PCRE2 pattern, or one of type osregex or osmatch."
        );
        return [];
    }

    private MultilineRegexOptions? MultilineRegex(MarkupElement child)
    {
        var match = child.Attribute("match") ?? "start";
        var separator = (child.Attribute("replace") ?? "no-replace") switch
        {
            "no-replace" => "\n",
            "none" => string.Empty,
            "wspace" => " ",
            "tab" => "\t",
            _ => null,
        };
        var seconds =
            child.Attribute("timeout") is not { } text ? 5
            : int.TryParse(text, System.Globalization.NumberStyles.None, System.Globalization.CultureInfo.InvariantCulture, out var given)
            && given is > 0 and <= 120
                ? given
            : 0;
        if (
            match is "start" or "all" or "end"
            && separator is not null
            && seconds > 0
            && Redoubt.Patterns.Pcre2Pattern.Parse(System.Text.Encoding.UTF8.GetBytes(child.Text), out _) is not null
        )
            return new MultilineRegexOptions(child.Text, match, separator, seconds);

        Error(
            child,
            "CONF0068",
            "1235",
            "<multiline_regex> is not valid.",
            "Write a PCRE2 pattern; match=\"start|all|end\", replace=\"no-replace|none|wspace|tab\", timeout=\"1\" to \"120\"."
        );
        return null;
    }

    // The same place twice is read once, as the first section says.
    private void AddLocalFile(MarkupElement section, LocalFileOptions options)
    {
        var earlier = _localFiles.Find(f => string.Equals(f.Location, options.Location, StringComparison.Ordinal));
        if (earlier is null)
            _localFiles.Add(options);
        else if (!SaysTheSame(earlier, options))
            Warning(
                section,
                "CONF0066",
                null,
                $"'{options.Location}' is read as an earlier <localfile> says; this one is left out.",
                "Keep one <localfile> for a place."
            );
    }

    private static bool SaysTheSame(LocalFileOptions left, LocalFileOptions right) =>
        string.Equals(left.Format, right.Format, StringComparison.Ordinal)
        && left.JournalUnits.SequenceEqual(right.JournalUnits, StringComparer.Ordinal)
        && left.JournalIdentifiers.SequenceEqual(right.JournalIdentifiers, StringComparer.Ordinal);

    // Wazuh takes a pattern here. Names, each as ^NAME$ or alone, joined by |, are what the journal can look up by its index.
    private string[] JournalNames(MarkupElement filter)
    {
        var names = filter
            .Text.Split('|', StringSplitOptions.TrimEntries)
            .Select(n => n.TrimStart('^').TrimEnd('$').Replace("\\.", ".", StringComparison.Ordinal))
            .ToArray();
        if (
            names.Length > 0
            && Array.TrueForAll(
                names,
                n => n.Length > 0 && n.All(c => char.IsAsciiLetterOrDigit(c) || c is '.' or '-' or '_' or '@' or ':')
            )
        )
            return names;

        Error(
            filter,
            "CONF0065",
            null,
            $"'{Shown(filter)}' is more than names: this version compares whole names.",
            "Write names such as ^ssh.service$, joined by |."
        );
        return [];
    }

    internal void Client(MarkupElement section)
    {
        foreach (var child in section.Children)
        {
            if (child.Is("config-profile"))
                _client = _client with { ConfigProfile = child.Text.Trim() };
        }
    }

    internal void Ruleset(MarkupElement section)
    {
        var decoders = new List<RulesetPath>();
        var rules = new List<RulesetPath>();
        var decoderExcludes = new List<string>();
        var ruleExcludes = new List<string>();
        var lists = new List<string>();
        foreach (var child in section.Children)
        {
            var text = child.Text.Trim();
            var pattern = child.Attribute("pattern") ?? ".xml$";
            switch (child.Name.ToLowerInvariant())
            {
                case "decoder_dir":
                    decoders.Add(new RulesetPath(text, true, pattern));
                    break;
                case "decoder_include":
                    decoders.Add(new RulesetPath(text, false));
                    break;
                case "decoder_exclude":
                    decoderExcludes.Add(text);
                    break;
                case "rule_dir":
                    rules.Add(new RulesetPath(text, true, pattern));
                    break;
                case "rule_include":
                    rules.Add(new RulesetPath(text, false));
                    break;
                case "rule_exclude":
                    ruleExcludes.Add(text);
                    break;
                case "list":
                    lists.Add(text);
                    break;
                default:
                    Unknown(section, child);
                    break;
            }
        }

        _ruleset = new RulesetOptions
        {
            Decoders = [.. _ruleset.Decoders, .. decoders],
            Rules = [.. _ruleset.Rules, .. rules],
            DecoderExcludes = [.. _ruleset.DecoderExcludes, .. decoderExcludes],
            RuleExcludes = [.. _ruleset.RuleExcludes, .. ruleExcludes],
            Lists = [.. _ruleset.Lists, .. lists],
        };
    }

    // What no section names is as if there were no section at all.
    private RulesetOptions RulesetOrDefaults()
    {
        var defaults = new RulesetOptions();
        return _ruleset with
        {
            Decoders = _ruleset.Decoders.Count > 0 ? _ruleset.Decoders : defaults.Decoders,
            Rules = _ruleset.Rules.Count > 0 ? _ruleset.Rules : defaults.Rules,
            RuleExcludes = _ruleset.Rules.Count > 0 ? _ruleset.RuleExcludes : [.. defaults.RuleExcludes, .. _ruleset.RuleExcludes],
        };
    }
}
