namespace Redoubt.Collect;

/// <summary>Where collected lines go.</summary>
public interface ICollectedLines
{
    /// <summary>Takes one line.</summary>
    /// <remarks>
    /// Threads: always the collector's one reader thread. May block: then all reading waits, and nothing is dropped, for the log file
    /// is the queue. Must return when the program ends, else <see cref="Collector.DisposeAsync"/> waits for it.
    /// An exception counts as <c>false</c> and is logged.
    /// </remarks>
    /// <returns><c>true</c>: taken. <c>false</c>: not taken (for example the connection is gone); reading then pauses until
    /// <see cref="Collector.Rewind"/>, while rotations are still followed.</returns>
    public bool Receive(in CollectedLine line);
}
