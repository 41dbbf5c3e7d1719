using Redoubt.Engine.Decode;

namespace Redoubt.Engine.Match;

/// <summary>An event's arrival on the wall clock of the engine's time zone.</summary>
internal static class LocalTime
{
    // Arrival is any number that a caller stamped: keep it inside what a calendar can hold.
    private const long LastMillisecond = 253_402_214_400_000;

    public static DateTimeOffset Of(DecodedEvent e, RuleContext context) =>
        TimeZoneInfo.ConvertTime(
            DateTimeOffset.FromUnixTimeMilliseconds(Math.Clamp(e.ArrivalUnixMilliseconds, 0, LastMillisecond)),
            context.TimeZone
        );
}
