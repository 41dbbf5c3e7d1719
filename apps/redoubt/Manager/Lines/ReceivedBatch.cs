using Redoubt.Transport.Protocol;

namespace Redoubt.App.Manager;

/// <summary>A batch of lines, and whom to tell when it is processed.</summary>
internal sealed record ReceivedBatch(AgentSession Session, LineBatch Lines);
