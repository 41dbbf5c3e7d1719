namespace Redoubt.Show;

/// <summary>What the API needs from the manager; asynchronous and in plain messages, so that it may live on another node.</summary>
public interface IManagerControl
{
    /// <summary>How everything is.</summary>
    Task<StatusView> StatusAsync();

    /// <summary>The fleet.</summary>
    Task<IReadOnlyList<AgentView>> AgentsAsync();

    /// <summary>One agent, by id or name.</summary>
    /// <exception cref="RequestRefusedException">There is none.</exception>
    Task<AgentView> AgentAsync(string agent);

    /// <summary>Adds an agent, and makes the token for its host.</summary>
    /// <exception cref="RequestRefusedException">Not done.</exception>
    Task<AddedAgentView> AddAgentAsync(AddAgentRequest request);

    /// <summary>Takes an agent out of the fleet.</summary>
    /// <exception cref="RequestRefusedException">Not done.</exception>
    Task<AgentView> RemoveAgentAsync(AgentRequest request);

    /// <summary>Restarts an agent and waits until it is back.</summary>
    /// <exception cref="RequestRefusedException">It is not connected.</exception>
    Task<RestartView> RestartAgentAsync(AgentRequest request);

    /// <summary>The shared configuration of an agent.</summary>
    /// <exception cref="RequestRefusedException">There is no such agent.</exception>
    Task<AgentConfigView> AgentConfigAsync(string agent);

    /// <summary>The groups.</summary>
    Task<IReadOnlyList<GroupView>> GroupsAsync();

    /// <summary>Puts an agent into groups.</summary>
    /// <exception cref="RequestRefusedException">Not done.</exception>
    Task<AgentView> AssignAsync(AssignRequest request);

    /// <summary>Takes all agents out of a group; gives those that were in it.</summary>
    /// <exception cref="RequestRefusedException">Not done.</exception>
    Task<IReadOnlyList<AgentView>> RemoveGroupAsync(GroupRequest request);

    /// <summary>Makes an enrolment token.</summary>
    /// <exception cref="RequestRefusedException">Not done.</exception>
    Task<TokenView> CreateTokenAsync(TokenRequest request);

    /// <summary>Blocks that matter now, or the newest of all time.</summary>
    Task<IReadOnlyList<BlockView>> BlocksAsync(bool history);

    /// <summary>Releases blocks of a target, or by id; null target: all.</summary>
    Task<IReadOnlyList<BlockView>> RemoveBlocksAsync(string? target, bool forget);

    /// <summary>Blocks a target by hand.</summary>
    /// <exception cref="RequestRefusedException">Not done.</exception>
    Task<BlockView> AddBlockAsync(AddBlockRequest request);

    /// <summary>Gives a block more time.</summary>
    /// <exception cref="RequestRefusedException">Not done.</exception>
    Task<BlockView> ExtendBlockAsync(ExtendBlockRequest request);

    /// <summary>Makes blocks of what was only observed.</summary>
    /// <exception cref="RequestRefusedException">A recent login protects it.</exception>
    Task<IReadOnlyList<BlockView>> PromoteBlocksAsync(PromoteRequest request);

    /// <summary>Closes the breaker and releases what the burst blocked.</summary>
    /// <exception cref="RequestRefusedException">There is no burst.</exception>
    Task<IReadOnlyList<BlockView>> ReleaseBurstAsync(BurstRequest request);

    /// <summary>What is protected.</summary>
    Task<IReadOnlyList<AllowView>> AllowedAsync();

    /// <summary>Protects something; gives the blocks that were released by it.</summary>
    /// <exception cref="RequestRefusedException">Not done.</exception>
    Task<IReadOnlyList<BlockView>> AllowAsync(AllowRequest request);

    /// <summary>Protects it no longer; false when it was not protected by hand.</summary>
    Task<bool> DisallowAsync(DisallowRequest request);

    /// <summary>Alerts on record, the newest first.</summary>
    /// <exception cref="RequestRefusedException">No index is kept.</exception>
    Task<AlertSearchView> SearchAlertsAsync(AlertSearchRequest request);

    /// <summary>Reads configuration, rules and shared configuration again.</summary>
    Task<ReloadView> ReloadAsync();
}
