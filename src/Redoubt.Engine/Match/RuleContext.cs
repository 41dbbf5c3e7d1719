namespace Redoubt.Engine.Match;

/// <summary>What conditions need besides the event: memories of one engine, and the time zone.</summary>
internal sealed class RuleContext
{
    /// <param name="timeZone">Where <c>time</c> and <c>weekday</c> rules live.</param>
    /// <param name="older">Its memories are taken over; null for none.</param>
    public RuleContext(TimeZoneInfo timeZone, RuleContext? older)
    {
        TimeZone = timeZone;
        FirstTimes = older?.FirstTimes ?? new FirstTimeStore();
        Diffs = older?.Diffs ?? new DiffStore();
        Suppressions = older?.Suppressions ?? new SuppressionStore();
    }

    public TimeZoneInfo TimeZone { get; }

    public FirstTimeStore FirstTimes { get; }

    public DiffStore Diffs { get; }

    public SuppressionStore Suppressions { get; }
}
