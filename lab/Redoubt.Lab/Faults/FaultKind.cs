namespace Redoubt.Lab;

/// <summary>What happens to a deployment while lines come.</summary>
public enum FaultKind
{
    /// <summary>The agent is killed with SIGKILL and started again.</summary>
    AgentKilled,

    /// <summary>The manager is killed with SIGKILL and started again.</summary>
    ManagerKilled,

    /// <summary>The manager stands still (SIGSTOP) and goes on.</summary>
    ManagerStopped,

    /// <summary>The cable of the agent's host is pulled out and put back.</summary>
    LinkDown,

    /// <summary>The log is renamed and a new one made, as logrotate does by default.</summary>
    LogRenamed,

    /// <summary>The log is copied and truncated (logrotate's <c>copytruncate</c>), with no line written between the two.</summary>
    LogCopied,
}
