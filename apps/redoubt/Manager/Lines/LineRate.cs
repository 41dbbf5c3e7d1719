namespace Redoubt.App.Manager;

/// <summary>Lines a second, over the last ten whole seconds.</summary>
/// <remarks>Cost: a lock a batch. Threads: safe.</remarks>
internal sealed class LineRate
{
    private const int Seconds = 10;

    private readonly Lock _lock = new();
    private readonly (long Second, long Lines)[] _recent = new (long, long)[Seconds + 1];

    /// <summary>So many lines were processed.</summary>
    /// <param name="now">Unix milliseconds.</param>
    /// <param name="lines">How many.</param>
    internal void Add(long now, int lines)
    {
        var second = now / 1000;
        lock (_lock)
        {
            ref var slot = ref _recent[second % _recent.Length];
            slot = (second, (slot.Second == second ? slot.Lines : 0) + lines);
        }
    }

    /// <summary>The rate; the second that is not over does not count.</summary>
    /// <param name="now">Unix milliseconds.</param>
    internal double PerSecond(long now)
    {
        var second = now / 1000;
        lock (_lock)
            return _recent.Where(r => r.Second < second && r.Second >= second - Seconds).Sum(r => r.Lines) / (double)Seconds;
    }
}
