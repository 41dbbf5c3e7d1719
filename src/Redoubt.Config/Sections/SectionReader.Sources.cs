using Redoubt.Model.Markup;

namespace Redoubt.Config;

// <localfile>, <client> and <ruleset>: active-response.md 1.11, rule-engine.md 2.1.
internal sealed partial class SectionReader
{
    private static readonly HashSet<string> LocalFileWithoutEffect = new(StringComparer.OrdinalIgnoreCase) { "query", "reconnect_time" };

    internal void LocalFile(MarkupElement section)
    {
        string? location = null,
            format = null;
        var onlyFuture = true;
        var draft = new LocalFileOptions { Location = string.Empty, Format = string.Empty };
        foreach (var child in section.Children)
        {
            switch (child.Name.ToLowerInvariant())
            {
                case "filter":
                    draft = draft with { JournalFilters = [.. draft.JournalFilters, .. JournalFilters(child)] };
                    break;
                case "age":
                    draft = draft with { Age = Age(child) };
                    break;
                case "label":
                    draft = draft with { Labels = [.. draft.Labels, .. SourceLabel(child)] };
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
                case "target":
                    draft = draft with { Targets = Targets(child) };
                    break;
                case "out_format":
                    draft = draft with { OutFormats = [.. draft.OutFormats, .. OutFormat(child)] };
                    break;
                case "ignore_binaries":
                    draft = draft with { IgnoresBinaries = YesNo(child, false) };
                    break;
                case "only-future-events":
                    onlyFuture = YesNo(child, true);
                    if (child.Attribute("max-size") is not null)
                        WithoutEffect(child, "The attribute max-size: all that was written since the last stop is read; it");
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

        CheckOutFormats(section, draft);
        AddLocalFile(section, draft with { Location = location, Format = format, OnlyFutureEvents = onlyFuture });
    }

    // The same place twice is read once, as the first section says.
    private void AddLocalFile(MarkupElement section, LocalFileOptions options)
    {
        // Several sections for the journal are one source: entries that one of them wants.
        var earlier = IsJournal(options)
            ? null
            : _localFiles.Find(f => string.Equals(f.Location, options.Location, StringComparison.Ordinal));
        if (earlier is null)
            _localFiles.Add(options);
        else if (!string.Equals(earlier.Format, options.Format, StringComparison.Ordinal))
            Warning(
                section,
                "CONF0066",
                null,
                $"'{options.Location}' is read as an earlier <localfile> says; this one is left out.",
                "Keep one <localfile> for a place."
            );
    }

    private static bool IsJournal(LocalFileOptions options) => string.Equals(options.Format, "journald", StringComparison.Ordinal);

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
