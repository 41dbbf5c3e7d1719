namespace Redoubt.Config;

/// <summary>What the shared configuration says to one host.</summary>
/// <param name="LocalFiles">Files to follow besides the host's own.</param>
/// <param name="ResponseLog">Form of the response log; null: the host's own.</param>
/// <param name="Labels">What the host is known by; those of the host's own configuration that have the same key give way.</param>
public sealed record AgentConf(
    IReadOnlyList<LocalFileOptions> LocalFiles,
    ResponseLogChoice? ResponseLog,
    IReadOnlyDictionary<string, HostLabel> Labels
)
{
    /// <summary>Says nothing.</summary>
    public static AgentConf Empty { get; } = new([], null, new Dictionary<string, HostLabel>(StringComparer.Ordinal));
}
