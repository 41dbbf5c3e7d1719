namespace Redoubt.Model;

/// <summary><c>repeated_offenders</c>: how long the second, third … offence of a target is answered.</summary>
/// <remarks>Immutable; threads: safe. Source: active-response.md section 3 with its [D] rows.</remarks>
public sealed record OffenderLadder
{
    private const int QuietFactor = 10;

    /// <summary>Every offence gets the response's own timeout.</summary>
    public static OffenderLadder None { get; } = new();

    /// <summary>Minutes of the second, third … offence, at most five; empty: no ladder.</summary>
    public IReadOnlyList<int> Minutes { get; init; } = [];

    /// <summary><c>reset_after</c>: quiet since the end of the last block after which a target starts anew; zero = never;
    /// null, the default, is ten times the longest step.</summary>
    public TimeSpan? ResetAfter { get; init; }

    /// <summary>How long a new offence is answered.</summary>
    /// <param name="lastStep">Step of the target's last block; null: there was none.</param>
    /// <param name="lastEnd">When that ended or will end, Unix milliseconds; null: it has no end.</param>
    /// <param name="configured">Timeout of the response; zero is never counted.</param>
    /// <param name="now">Unix milliseconds.</param>
    /// <returns>The time, and the step that decided it; 0 is the response's own timeout.</returns>
    public (TimeSpan Duration, int Step) Next(int? lastStep, long? lastEnd, TimeSpan configured, long now)
    {
        if (Minutes.Count == 0 || configured == TimeSpan.Zero || lastStep is not { } last || IsForgiven(lastEnd, now))
            return (configured, 0);

        var step = Math.Min(last + 1, Minutes.Count);
        return (TimeOf(step), step);
    }

    /// <summary>The time of a step; of one above the ladder, as after a change of the configuration, the longest.</summary>
    /// <param name="step">From 1; 0, or any without a ladder, has no time of its own: the shortest there is.</param>
    public TimeSpan TimeOf(int step) =>
        step > 0 && Minutes.Count > 0 ? TimeSpan.FromMinutes(Minutes[Math.Min(step, Minutes.Count) - 1]) : TimeSpan.FromTicks(1);

    private bool IsForgiven(long? lastEnd, long now)
    {
        var quiet = ResetAfter ?? TimeSpan.FromMinutes((double)QuietFactor * Minutes[^1]);
        return quiet > TimeSpan.Zero && lastEnd is { } end && now - end > (long)quiet.TotalMilliseconds;
    }
}
