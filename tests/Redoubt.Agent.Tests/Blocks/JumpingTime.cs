using Microsoft.Extensions.Time.Testing;

namespace Redoubt.Tests.Agent.Blocks;

/// <summary>A clock that the test moves, and a wall clock that somebody sets: timers and the monotonic clock do not notice.</summary>
internal sealed class JumpingTime(DateTimeOffset start) : TimeProvider
{
    private readonly FakeTimeProvider _time = new(start);
    private int _timers;

    internal TimeSpan Jump { get; set; }

    public override long TimestampFrequency => _time.TimestampFrequency;

    public override DateTimeOffset GetUtcNow() => _time.GetUtcNow() + Jump;

    public override long GetTimestamp() => _time.GetTimestamp();

    /// <summary>Whether somebody waits for a time to come.</summary>
    internal bool HasTimer => Volatile.Read(ref _timers) > 0;

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
    {
        var timer = new Counted(_time.CreateTimer(callback, state, dueTime, period), this);
        Interlocked.Increment(ref _timers);
        return timer;
    }

    internal void Advance(TimeSpan span) => _time.Advance(span);

    private sealed class Counted(ITimer timer, JumpingTime owner) : ITimer
    {
        public bool Change(TimeSpan dueTime, TimeSpan period) => timer.Change(dueTime, period);

        public void Dispose()
        {
            Interlocked.Decrement(ref owner._timers);
            timer.Dispose();
        }

        public ValueTask DisposeAsync()
        {
            Interlocked.Decrement(ref owner._timers);
            return timer.DisposeAsync();
        }
    }
}
