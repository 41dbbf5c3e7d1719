using System.Text;
using Redoubt.Engine.Correlate;
using Redoubt.Engine.Decode;
using Redoubt.Model;

namespace Redoubt.Engine.Match;

/// <summary>One <c>&lt;rule&gt;</c>, compiled, with its place in the tree. Not changed once its ruleset is loaded.</summary>
/// <remarks>Rules form a graph without cycles: one with several parents is a child of each, and is the same object everywhere,
/// because no rule can have children before all its own parents are known.</remarks>
internal sealed class Rule
{
    public Rule(int id)
    {
        Id = id;
        IdBytes = Encoding.ASCII.GetBytes(id.ToString(System.Globalization.CultureInfo.InvariantCulture));
    }

    public int Id { get; }

    public byte[] IdBytes { get; }

    /// <summary>Position in the ruleset's arrays of counters.</summary>
    public int Index { get; set; }

    public int Level { get; set; }

    /// <summary>Siblings are tried in descending order of it, equal ones in reading order (rule-engine.md 4.1).</summary>
    public int SortKey { get; set; }

    /// <summary>Only looked at for roots.</summary>
    public Category Category { get; set; }

    /// <summary>All must hold; in the order of rule-engine.md 4.2.</summary>
    public Condition[] Conditions { get; set; } = [];

    /// <summary>How it got its place: the option and its text, for explanations.</summary>
    public string Place { get; set; } = string.Empty;

    /// <summary>For composite rules: when it fires.</summary>
    public CompositeSpec? Composite { get; set; }

    /// <summary>Attribute <c>ignore</c>: seconds of quiet after an alert; 0 for none.</summary>
    public int IgnoreSeconds { get; set; }

    /// <summary>Never the final rule; only its children are.</summary>
    public bool NoAlert { get; set; }

    public DescriptionTemplate Description { get; set; } = DescriptionTemplate.Empty;

    /// <summary>What the rest of the product sees of the rule.</summary>
    public RuleSummary Summary { get; set; } = null!;

    /// <summary>The group string, as <c>if_group</c> of other rules searches it.</summary>
    public byte[] GroupBytes { get; set; } = [];

    /// <summary>Option <c>ignore</c>: values to write down when the rule matched, or null.</summary>
    public SuppressionSpec? Suppresses { get; set; }

    /// <summary>Option <c>check_if_ignored</c>: values that keep the rule quiet when another wrote them down, or null.</summary>
    public SuppressionSpec? SuppressedBy { get; set; }

    /// <summary>In the order in which they are tried.</summary>
    public List<Rule> Children { get; } = [];

    /// <summary><see cref="Children"/> by decoder; made when loading is over.</summary>
    public RuleChildren ChildTable { get; set; } = null!;

    /// <summary>Literals of which the log must hold one; empty when there is no such condition.</summary>
    public int[] Literals { get; set; } = [];

    /// <summary>Windows that remember an event whose final rule is this one.</summary>
    public int[] Feeds { get; set; } = [];
}
