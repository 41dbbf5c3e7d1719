namespace Redoubt.Host;

/// <summary>Shows from outside that a loop goes round.</summary>
/// <param name="name">What it is, for messages.</param>
/// <param name="nudge">Makes an idle loop go round once; null: it does so by itself.</param>
/// <remarks>Cost: one counter a turn. Threads: safe.</remarks>
public sealed class LoopPulse(string name, Action? nudge = null)
{
    private long _turns;
    private int _outside;

    /// <summary>What the loop is.</summary>
    public string Name => name;

    /// <summary>The loop has gone round.</summary>
    public void Beat() => Interlocked.Increment(ref _turns);

    /// <summary>Until it is disposed of, the loop waits for something that is not its own: a disk, a peer. That is no hang.</summary>
    public IDisposable Outside()
    {
        Interlocked.Increment(ref _outside);
        return new Visit(this);
    }

    internal long Turns => Interlocked.Read(ref _turns);

    internal bool IsOutside => Volatile.Read(ref _outside) > 0;

    internal void Nudge() => nudge?.Invoke();

    private sealed class Visit(LoopPulse pulse) : IDisposable
    {
        private int _isOver;

        public void Dispose()
        {
            if (Interlocked.Exchange(ref _isOver, 1) != 0)
                return;

            pulse.Beat();
            Interlocked.Decrement(ref pulse._outside);
        }
    }
}
