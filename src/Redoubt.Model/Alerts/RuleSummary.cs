namespace Redoubt.Model;

/// <summary>What alerts, decisions and people need to know of a rule; immutable.</summary>
public sealed record RuleSummary
{
    /// <summary>1 to 999999.</summary>
    public required int Id { get; init; }

    /// <summary>0 to 16.</summary>
    public required int Level { get; init; }

    /// <summary>Description as written, with <c>$(field)</c> not yet filled in.</summary>
    public required string Description { get; init; }

    /// <summary>The raw group string, for example <c>syslog,sshd,authentication_failures,pci_dss_11.4,</c>.</summary>
    public required string GroupString { get; init; }

    /// <summary>Groups without the compliance ones.</summary>
    public IReadOnlyList<string> Groups { get; init; } = [];

    /// <summary>Compliance arrays in emission order: name (<c>pci_dss</c>), values without prefix.</summary>
    public IReadOnlyList<KeyValuePair<string, IReadOnlyList<string>>> Compliance { get; init; } = [];

    /// <summary>MITRE ATT&amp;CK ids, tactics and techniques; empty when there are none.</summary>
    public IReadOnlyList<string> MitreIds { get; init; } = [];

    /// <summary>Tactic names, in order of the ids.</summary>
    public IReadOnlyList<string> MitreTactics { get; init; } = [];

    /// <summary>Technique names, in order of the ids.</summary>
    public IReadOnlyList<string> MitreTechniques { get; init; } = [];

    /// <summary>Events needed; null for rules that are not composite.</summary>
    public int? Frequency { get; init; }

    /// <summary>Seconds; null for rules that are not composite.</summary>
    public int? TimeframeSeconds { get; init; }

    /// <summary><c>cve</c>, or null.</summary>
    public string? Cve { get; init; }

    /// <summary><c>info</c> texts, joined as alerts show them; null when none.</summary>
    public string? Info { get; init; }

    /// <summary>Option <c>no_ar</c>: no response may be bound.</summary>
    public bool NoResponse { get; init; }

    /// <summary>Option <c>observe</c>: what its responses would do is recorded, and nothing is done.</summary>
    public bool ObserveOnly { get; init; }

    /// <summary>Option <c>no_full_log</c>: the alert leaves the line out.</summary>
    public bool NoFullLog { get; init; }

    /// <summary>Option <c>no_counter</c>: the alert leaves <c>firedtimes</c> out.</summary>
    public bool NoCounter { get; init; }

    /// <summary>Option <c>log_alert</c> (true) or <c>no_log</c> (false) overrides the level test; null when neither.</summary>
    public bool? LogOverride { get; init; }

    /// <summary>Option <c>alert_by_email</c> (true) or <c>no_email_alert</c> (false); null when neither.</summary>
    public bool? MailOverride { get; init; }

    /// <summary>File the rule stands in, as configured.</summary>
    public string File { get; init; } = string.Empty;

    /// <summary>Line of its opening tag, from 1.</summary>
    public int Line { get; init; }
}
