using System.Globalization;

namespace Redoubt.Show;

/// <summary>Times as the API writes them.</summary>
public static class IsoTime
{
    /// <summary>ISO 8601 in UTC, to the millisecond.</summary>
    public static string Of(long unixMilliseconds) =>
        DateTimeOffset.FromUnixTimeMilliseconds(unixMilliseconds).ToString("yyyy-MM-dd'T'HH:mm:ss.fff'Z'", CultureInfo.InvariantCulture);
}
