namespace Redoubt.Config;

/// <summary>The <c>&lt;ruleset&gt;</c> section: which files, in Wazuh's terms.</summary>
public sealed record RulesetOptions
{
    /// <summary>Folders and files of decoders, as configured.</summary>
    public IReadOnlyList<RulesetPath> Decoders { get; init; } = [new("ruleset/decoders", true), new("etc/decoders", true)];

    /// <summary>Folders and files of rules, as configured.</summary>
    public IReadOnlyList<RulesetPath> Rules { get; init; } = [new("ruleset/rules", true), new("etc/rules", true)];

    /// <summary>Decoder files left out: file name or path.</summary>
    public IReadOnlyList<string> DecoderExcludes { get; init; } = [];

    /// <summary>Rule files left out: file name or path.</summary>
    public IReadOnlyList<string> RuleExcludes { get; init; } = ["0215-policy_rules.xml"];

    /// <summary>Lists, as configured.</summary>
    public IReadOnlyList<string> Lists { get; init; } = [];
}
