namespace Redoubt.App.Manager;

/// <summary>Something that an operator should know of: an alert of Redoubt's own, or a firewall that had to be repaired.</summary>
/// <param name="At">Unix milliseconds.</param>
/// <param name="AgentId">The host's id.</param>
/// <param name="AgentName">The host's name.</param>
/// <param name="Text">What.</param>
internal sealed record Incident(long At, string AgentId, string AgentName, string Text);
