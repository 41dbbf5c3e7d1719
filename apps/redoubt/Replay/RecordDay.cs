namespace Redoubt.App.Replay;

/// <summary>The day whose record file an alert belongs to.</summary>
internal static class RecordDay
{
    internal static DateOnly Of(long unixMilliseconds, TimeZoneInfo zone) =>
        DateOnly.FromDateTime(TimeZoneInfo.ConvertTime(DateTimeOffset.FromUnixTimeMilliseconds(unixMilliseconds), zone).DateTime);
}
