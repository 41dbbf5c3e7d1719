using Redoubt.Engine.Decode;
using Redoubt.Engine.Match;
using Redoubt.Model;
using Redoubt.Model.Markup;

namespace Redoubt.Engine.Loading;

/// <summary>One <c>&lt;rule&gt;</c> as read, before it has a place in the tree.</summary>
internal sealed class RuleDraft
{
    public required MarkupElement Element { get; init; }

    public int Id { get; set; }

    public int Level { get; set; }

    public bool IsOverwrite { get; set; }

    public bool HasAccuracyZero { get; set; }

    public bool NoAlert { get; set; }

    public int IgnoreSeconds { get; set; }

    public int? Frequency { get; set; }

    public int? TimeframeSeconds { get; set; }

    public Category? Category { get; set; }

    public Condition[] Conditions { get; set; } = [];

    /// <summary>The text of <c>if_sid</c>, or null.</summary>
    public OptionText IfSid { get; } = new();

    public OptionText IfLevel { get; } = new();

    public OptionText IfGroup { get; } = new();

    public OptionText IfMatchedSid { get; } = new();

    public OptionText IfMatchedGroup { get; } = new();

    public OptionText IfMatchedRegex { get; } = new();

    public List<EventPart> Same { get; } = [];

    public List<EventPart> Different { get; } = [];

    public bool IsGlobalFrequency { get; set; }

    public bool HasCheckDiff { get; set; }

    public SuppressionSpec? Suppresses { get; set; }

    public SuppressionSpec? SuppressedBy { get; set; }

    public DescriptionTemplate Description { get; set; } = DescriptionTemplate.Empty;

    public RuleSummary Summary { get; set; } = null!;

    /// <summary>Set when the rule must be left out; the reason is on record.</summary>
    public bool IsDropped { get; set; }

    /// <summary>The option that gives the rule its place, as the tree builder asks them, with its text.</summary>
    public string Place =>
        IfSid.IsGiven ? "if_sid " + IfSid.Text.Trim()
        : IfLevel.IsGiven ? "if_level " + IfLevel.Text.Trim()
        : IfGroup.IsGiven ? "if_group " + IfGroup.Text.Trim()
        : IfMatchedSid.IsGiven ? "if_matched_sid " + IfMatchedSid.Text.Trim()
        : IfMatchedGroup.IsGiven ? "if_matched_group " + IfMatchedGroup.Text.Trim()
        : "category " + Keywords.NameOf(Category ?? Decode.Category.Syslog);

    public bool IsComposite => IfMatchedSid.IsGiven || IfMatchedGroup.IsGiven || IfMatchedRegex.IsGiven;

    /// <summary>Level times 100, level 0 as 99; not multiplied with <c>accuracy="0"</c>.</summary>
    public int SortKey
    {
        get
        {
            var level = Level == 0 ? 99 : Level;
            return HasAccuracyZero ? level : level * 100;
        }
    }
}
