namespace Redoubt.Engine.Match;

/// <summary>What conditions need besides the event: memories of one engine, and the time zone.</summary>
internal sealed class RuleContext
{
    public RuleContext(TimeZoneInfo timeZone) => TimeZone = timeZone;

    public TimeZoneInfo TimeZone { get; }

    public FirstTimeStore FirstTimes { get; } = new();

    public DiffStore Diffs { get; } = new();

    public SuppressionStore Suppressions { get; } = new();
}
