using Redoubt.Model;
using Redoubt.Patterns;

namespace Redoubt.Decide;

/// <summary>An <c>&lt;active-response&gt;</c> section of the manager.</summary>
public sealed record ActiveResponseOptions
{
    /// <summary>Required; defined before its use.</summary>
    public required CommandOptions Command { get; init; }

    /// <summary>Required.</summary>
    public required ResponseHosts Hosts { get; init; }

    /// <summary>For <see cref="ResponseHosts.DefinedAgent"/>.</summary>
    public IReadOnlyList<string> AgentIds { get; init; } = [];

    /// <summary>For <see cref="ResponseHosts.Group"/>.</summary>
    public IReadOnlyList<string> GroupNames { get; init; } = [];

    /// <summary>0 to 20; 0 = not set.</summary>
    public int Level { get; init; }

    /// <summary>Pattern on the rule's group string; null = not set.</summary>
    public OsRegex? RulesGroup { get; init; }

    /// <summary>Rules named by id.</summary>
    public IReadOnlySet<int> RuleIds { get; init; } = new HashSet<int>();

    /// <summary>Seconds; 0 = until removed.</summary>
    public long TimeoutSeconds { get; init; }

    /// <summary>Default enforce.</summary>
    public ResponseMode Mode { get; init; }

    /// <summary><c>&lt;require_origin&gt;</c>: default <c>relayed</c>.</summary>
    public RequiredOrigin RequiredOrigin { get; init; }

    /// <summary>Default no: the list protects.</summary>
    public bool IgnoreWhiteList { get; init; }

    /// <summary>The protocol identifier everywhere: command name and timeout.</summary>
    public string InternalName => Command.Name + TimeoutSeconds.ToString(System.Globalization.CultureInfo.InvariantCulture);

    /// <summary>How this section is bound to a rule; <see cref="ResponseBinding.None"/> when it is not.</summary>
    /// <remarks>Source: active-response.md 1.4: id, or level and group together when both are set, else the one that is set.</remarks>
    public ResponseBinding BindingTo(RuleSummary rule)
    {
        if (rule.Level == 0 || rule.NoResponse)
            return ResponseBinding.None;

        if (RuleIds.Contains(rule.Id))
            return ResponseBinding.ById;

        var group = RulesGroup?.IsMatch(System.Text.Encoding.UTF8.GetBytes(rule.GroupString)) ?? true;
        var level = Level == 0 || rule.Level >= Level;
        var isSet = Level > 0 || RulesGroup is not null;
        return isSet && group && level ? ResponseBinding.ByProperty : ResponseBinding.None;
    }
}
