namespace Redoubt.Engine;

/// <summary>One file of a ruleset, read by the caller.</summary>
/// <param name="Name">Path as configured, for diagnostics; for a list the name by which rules call it (<c>etc/lists/x</c>).</param>
/// <param name="Content">The file's bytes.</param>
public sealed record RulesetFile(string Name, byte[] Content)
{
    /// <summary>Whether it came with the program: then its decoders must be proven, see <see cref="RulesetSource.ProvesSources"/>.</summary>
    public bool IsShipped { get; init; }
}
