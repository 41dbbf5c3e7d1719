namespace Redoubt.Config;

/// <summary>What agent.conf's attributes are compared with.</summary>
/// <param name="Name">Agent name.</param>
/// <param name="Os">Text of uname.</param>
/// <param name="Profile">Text of the host's <c>config-profile</c>.</param>
public sealed record AgentHost(string Name, string Os, string Profile);
