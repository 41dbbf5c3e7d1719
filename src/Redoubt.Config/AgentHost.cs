using Redoubt.Collect;

namespace Redoubt.Config;

/// <summary>What agent.conf's attributes are compared with.</summary>
/// <param name="Name">Agent name.</param>
/// <param name="Os">Text of uname.</param>
/// <param name="Profile">Text of the host's <c>config-profile</c>.</param>
/// <param name="Sockets">Sockets of the host's own configuration, which <c>target</c> may name.</param>
public sealed record AgentHost(string Name, string Os, string Profile, IReadOnlyList<OutputSocketOptions> Sockets);
