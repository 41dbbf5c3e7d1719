using Redoubt.Model.Markup;

namespace Redoubt.Config;

// The values of <localfile>: active-response.md 1.11.
internal sealed partial class SectionReader
{
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

    private TimeSpan? Age(MarkupElement child)
    {
        if (Seconds(child.Text) is { } seconds and > 0)
            return TimeSpan.FromSeconds(seconds);

        BadValue(child, "Write a number with s, m, h, d or w behind it, such as 30d.");
        return null;
    }

    private LabelOptions[] SourceLabel(MarkupElement child)
    {
        var key = child.Attribute("key")?.Trim() ?? string.Empty;
        if (key.Length == 0 || Array.Exists(key.Split('.'), part => part.Length == 0))
        {
            Error(child, "CONF0075", "1235", "<label> needs the attribute key.", "Write <label key=\"environment\">production</label>.");
            return [];
        }

        // As in Wazuh: a key that begins so is hidden, and no member of lines.
        return key.StartsWith('_') ? [] : [new LabelOptions(key, child.Text)];
    }

    private JournalFilterOptions[] JournalFilters(MarkupElement child)
    {
        var field = child.Attribute("field") ?? string.Empty;
        if (field.Length == 0 || !field.All(c => char.IsAsciiLetterUpper(c) || char.IsAsciiDigit(c) || c == '_'))
        {
            Error(
                child,
                "CONF0064",
                "1235",
                $"'{Shown(field)}' is no field of the journal.",
                "Name one with the attribute field, such as field=\"_SYSTEMD_UNIT\"; 'journalctl -o verbose' shows them."
            );
            return [];
        }

        var missing = child.Attribute("ignore_if_missing") ?? "no";
        if (missing is not ("yes" or "no"))
        {
            Error(child, "CONF0065", "1235", $"'{Shown(missing)}' is not a value for ignore_if_missing.", "Write yes or no.");
            return [];
        }

        return LinePatterns(child)
            .Select(p => new JournalFilterOptions(field, p.Text, string.Equals(missing, "yes", StringComparison.Ordinal)))
            .ToArray();
    }
}
