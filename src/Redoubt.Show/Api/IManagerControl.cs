namespace Redoubt.Show;

/// <summary>What the API needs from the manager; asynchronous and in plain messages, so that it may live on another node.</summary>
public interface IManagerControl
{
    /// <summary>How everything is.</summary>
    Task<StatusView> StatusAsync();

    /// <summary>The fleet.</summary>
    Task<IReadOnlyList<AgentView>> AgentsAsync();

    /// <summary>Makes an enrolment token.</summary>
    Task<TokenView> CreateTokenAsync(TokenRequest request);

    /// <summary>Blocks that matter now, or the newest of all time.</summary>
    Task<IReadOnlyList<BlockView>> BlocksAsync(bool history);

    /// <summary>Releases blocks of a target, or by id; null target: all.</summary>
    Task<IReadOnlyList<BlockView>> RemoveBlocksAsync(string? target, bool forget);

    /// <summary>Reads configuration, rules and shared configuration again.</summary>
    Task<ReloadView> ReloadAsync();
}
