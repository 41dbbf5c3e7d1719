namespace Redoubt.Respond.Keeping;

/// <summary>Incidents until the agent has heard of them.</summary>
/// <remarks>Bounded: of more than <see cref="MaxKept"/> that nobody asked for the oldest go; all of them are in the program log.
/// Threads: safe.</remarks>
/// <param name="time">Gives the first number.</param>
/// <param name="write">Writes each down where it lasts; called before anybody else hears of it.</param>
internal sealed class IncidentQueue(TimeProvider time, Action<Incident> write)
{
    internal const int MaxKept = 64;

    private readonly Lock gate = new();
    private readonly Queue<Incident> kept = new();
    private long last = time.GetUtcNow().ToUnixTimeMilliseconds();
    private TaskCompletionSource arrived = New();

    /// <summary>Adds one.</summary>
    internal void Add(string text, int restored, int lost)
    {
        TaskCompletionSource told;
        lock (gate)
        {
            var incident = new Incident(++last, text, restored, lost);
            write(incident);
            kept.Enqueue(incident);
            if (kept.Count > MaxKept)
                kept.Dequeue();
            (told, arrived) = (arrived, New());
        }

        told.SetResult();
    }

    /// <summary>Waits for the first incident after a number.</summary>
    /// <param name="after">The last one that was heard of: it and older ones are forgotten. 0 for none.</param>
    /// <param name="cancellation">Ends the wait.</param>
    internal async Task<Incident> NextAsync(long after, CancellationToken cancellation)
    {
        while (true)
        {
            Task next;
            lock (gate)
            {
                while (kept.TryPeek(out var oldest) && oldest.Number <= after)
                    kept.Dequeue();
                if (kept.TryPeek(out var first))
                    return first;

                next = arrived.Task;
            }

            await next.WaitAsync(cancellation).ConfigureAwait(false);
        }
    }

    // What waits goes on elsewhere: whoever adds an incident is in the middle of a repair.
    private static TaskCompletionSource New() => new(TaskCreationOptions.RunContinuationsAsynchronously);
}
