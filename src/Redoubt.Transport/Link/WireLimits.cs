namespace Redoubt.Transport.Link;

/// <summary>Bounds of the link, the same on both ends.</summary>
public static class WireLimits
{
    /// <summary>A message's size in bytes; batches stay well below.</summary>
    public const int MaxMessageBytes = 16 * 1024 * 1024;

    /// <summary>Silence after which an agent asks whether its manager is still there. A process that ends is noticed at once; this is for cut networks. Ten
    /// thousand agents that ask every ten seconds take a fifth of a core, for nothing.</summary>
    public static readonly TimeSpan AgentAsksAfter = TimeSpan.FromSeconds(30);

    /// <summary>The same for the manager: longer, so that the agent's question mostly comes first.</summary>
    public static readonly TimeSpan ManagerAsksAfter = TimeSpan.FromSeconds(45);

    /// <summary>Time for the answer.</summary>
    public static readonly TimeSpan AnswerWithin = TimeSpan.FromSeconds(15);

    /// <summary>Lines' bytes after which a batch is sent, though more is queued.</summary>
    public const int BatchBytes = 256 * 1024;

    /// <summary>Lines' bytes from which on a batch is worth its message, whatever is under way.</summary>
    public const int LargeBatchBytes = 64 * 1024;

    /// <summary>Batches under way from which on a smaller one waits for an acknowledgement: what is read meanwhile goes with it. Each message costs
    /// both ends about as much as a hundred lines.</summary>
    public const int SmallBatchesInFlight = 2;

    /// <summary>Batches an agent may have under way without an acknowledgement: back-pressure up to the log reader.</summary>
    public const int BatchesInFlight = 16;
}
