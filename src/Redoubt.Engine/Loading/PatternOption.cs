using Redoubt.Engine.Match;
using Redoubt.Model.Markup;
using Redoubt.Patterns;

namespace Redoubt.Engine.Loading;

/// <summary>A rule option that holds a pattern: its texts joined, the attributes of the last element.</summary>
internal sealed class PatternOption
{
    public OptionText Text { get; } = new();

    public PatternType Type { get; set; }

    public bool IsNegated { get; set; }

    /// <summary>Takes one element.</summary>
    /// <param name="option">The element.</param>
    /// <param name="content">Its content, variables filled in.</param>
    /// <param name="defaultType">The type when none is given.</param>
    /// <param name="report">Receives bad attributes.</param>
    public void Add(MarkupElement option, byte[] content, PatternType defaultType, Report report)
    {
        const int MaxBytes = 2_048;
        if (Text.Length + content.Length > MaxBytes)
            report.Error(option, "RULE0010", null, $"<{option.Name}> is longer than 2048 bytes in all.", "Shorten it, or split the rule.");

        Text.Add(option, content);
        Type = defaultType;
        IsNegated = false;
        foreach (var attribute in option.Attributes)
            ReadAttribute(option, attribute, report);
    }

    /// <summary>The condition, or null after an error.</summary>
    public TextCondition? Build(EventPart part, Report report)
    {
        var name = Text.First!.Name;
        var pattern = TextPattern.Parse(Type, Text.Bytes, out var problem);
        if (pattern is not null)
        {
            if (Type == PatternType.Pcre2 && Pcre2Risk.IsExplosive(Text.Bytes))
                report.Note(
                    Text.First,
                    "RULE0087",
                    $"The pattern of <{name}> repeats a group that repeats by itself: a line can be made that it takes very long to refuse.",
                    "Write the inner repetition possessive (a++), or let it end with something that must be there."
                );

            return new TextCondition
            {
                Option = name,
                Part = part,
                Pattern = pattern,
                IsNegated = IsNegated,
            };
        }

        report.Error(
            Text.First,
            "RULE0011",
            null,
            $"The pattern of <{name}> cannot be used: {problem}",
            "Correct the pattern, or give the right type."
        );
        return null;
    }

    private void ReadAttribute(MarkupElement option, MarkupAttribute attribute, Report report)
    {
        switch (attribute.Name)
        {
            case "type":
                if (Keywords.Pattern(attribute.Text) is { } type)
                    Type = type;
                else
                    report.Error(
                        attribute,
                        "RULE0012",
                        null,
                        $"'{attribute.Text}' is no type of pattern.",
                        "Use osmatch, osregex or pcre2."
                    );
                break;
            case "negate":
                if (Keywords.YesNo(attribute.Text) is { } negate)
                    IsNegated = negate;
                else
                    report.Error(attribute, "RULE0013", null, $"'{attribute.Text}' is neither yes nor no.", "Use yes or no.");
                break;
            case "name" when option.Is("field"):
                break;
            default:
                report.Error(
                    attribute,
                    "RULE0014",
                    null,
                    $"<{option.Name}> has no attribute '{attribute.Name}'.",
                    "Use 'type' and 'negate'."
                );
                break;
        }
    }
}
