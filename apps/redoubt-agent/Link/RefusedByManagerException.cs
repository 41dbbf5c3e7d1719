namespace Redoubt.Agent.Link;

/// <summary>The manager knows who this host is and wants nothing of it: coming again soon is of no use.</summary>
internal sealed class RefusedByManagerException(string reason) : Exception(reason);
