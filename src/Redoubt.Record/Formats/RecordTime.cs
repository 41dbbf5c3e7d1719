namespace Redoubt.Record;

/// <summary>Arrival as the local time that records show.</summary>
internal static class RecordTime
{
    private static readonly long Last = new DateTimeOffset(9998, 12, 31, 0, 0, 0, TimeSpan.Zero).ToUnixTimeMilliseconds();

    /// <summary>Never throws: arrival is stamped by the host that sent the line, and a host may say anything. What is before 1970
    /// or after the calendar's end is shown as the nearest day.</summary>
    internal static DateTimeOffset Local(long unixMilliseconds, TimeZoneInfo zone) =>
        TimeZoneInfo.ConvertTime(DateTimeOffset.FromUnixTimeMilliseconds(Clamp(unixMilliseconds)), zone);

    /// <summary>The nearest moment that the calendar has.</summary>
    internal static long Clamp(long unixMilliseconds) => Math.Clamp(unixMilliseconds, 0, Last);
}
