namespace Redoubt.App.Manager;

/// <summary>What became of the lines of one agent since the manager's start: received = processed + duplicates + shed.</summary>
/// <remarks>Written by the analysis task alone; read from anywhere.</remarks>
internal sealed class AgentLines
{
    internal long Received;
    internal long Processed;
    internal long Duplicates;
    internal long Shed;

    /// <summary>When the newest line came to the host's collector, by the host's clock; Unix milliseconds, 0 before the first.</summary>
    internal long LastArrival;

    /// <summary>How long after that it was processed and stored, milliseconds.</summary>
    internal long Delay;

    /// <summary>How fast they come.</summary>
    internal LineRate Rate { get; } = new();

    /// <summary>A batch was stored and acknowledged.</summary>
    internal void Stored(Transport.Protocol.LineBatch batch, long now)
    {
        var newest = batch.Sources.SelectMany(s => s.Lines.TakeLast(1)).Select(l => l.Arrival).DefaultIfEmpty(LastArrival).Max();
        (LastArrival, Delay) = (newest, Math.Max(0, now - newest));
        Rate.Add(now, batch.Sources.Sum(s => s.Lines.Count));
    }
}
