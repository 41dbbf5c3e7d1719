namespace Redoubt.Config;

/// <summary>What the shared configuration says to one host.</summary>
/// <param name="LocalFiles">Files to follow besides the host's own.</param>
/// <param name="ResponseLog">Form of the response log; null: the host's own.</param>
public sealed record AgentConf(IReadOnlyList<LocalFileOptions> LocalFiles, ResponseLogChoice? ResponseLog)
{
    /// <summary>Says nothing.</summary>
    public static AgentConf Empty { get; } = new([], null);
}
