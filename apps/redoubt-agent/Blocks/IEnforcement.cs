using Redoubt.Respond;

namespace Redoubt.Agent.Blocks;

/// <summary>The way to this host's enforcer.</summary>
internal interface IEnforcement
{
    /// <summary>Raised after each connection.</summary>
    event Action? Connected;

    /// <summary>Sends a request; null when no enforcer answered.</summary>
    Task<EnforceReply?> SendAsync(EnforceRequest request, CancellationToken stopping);
}
