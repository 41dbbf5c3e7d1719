namespace Redoubt.Engine;

/// <summary>Everything a ruleset is made from; the engine itself opens no file.</summary>
/// <remarks>Decoder and rule files must be given sorted by base name over all folders (bytes), as Wazuh reads them: order decides
/// which rules can be parents.</remarks>
public sealed record RulesetSource
{
    /// <summary>Decoder files in reading order.</summary>
    public IReadOnlyList<RulesetFile> Decoders { get; init; } = [];

    /// <summary>Rule files in reading order.</summary>
    public IReadOnlyList<RulesetFile> Rules { get; init; } = [];

    /// <summary>CDB lists: text, or compiled when the name ends in <c>.cdb</c>.</summary>
    public IReadOnlyList<RulesetFile> Lists { get; init; } = [];

    /// <summary>Default <see cref="Compatibility.Best"/>.</summary>
    public Compatibility Compatibility { get; init; }

    /// <summary>Whether loading proves that each decoder takes the source address from one place, and says where it cannot for
    /// what came with the program: an error. Of other files see <see cref="Ruleset.UnprovenSources"/>. Costs a second for a large ruleset. Default no.</summary>
    public bool ProvesSources { get; init; }
}
