using System.Globalization;

namespace Redoubt.App.Commands;

/// <summary>Arrival times taken from what lines tell, for replays; a line without a time arrives with the one before it.</summary>
internal sealed class LoggedClock(int year, TimeZoneInfo zone)
{
    private static readonly string[] WithZone =
    [
        "yyyy-MM-dd'T'HH:mm:ss.FFFFFFFzzz",
        "yyyy-MM-dd'T'HH:mm:sszzz",
        "yyyy-MM-dd'T'HH:mm:ss.FFFFFFF'Z'",
        "yyyy-MM-dd HH:mm:ss.FFFFFFFzzz",
    ];
    private static readonly string[] WithoutYear = ["MMM d HH:mm:ss", "MMM dd HH:mm:ss"];
    private static readonly string[] Local =
    [
        "yyyy MMM d HH:mm:ss",
        "yyyy-MM-dd HH:mm:ss,fff",
        "yyyy-MM-dd HH:mm:ss",
        "ddd MMM d HH:mm:ss yyyy",
        "yyyy/MM/dd HH:mm:ss",
    ];

    private DateTimeOffset _last = DateTimeOffset.UnixEpoch;

    /// <summary>Unix milliseconds of a header's time.</summary>
    /// <param name="timestamp">Text of the header, or null.</param>
    internal long Read(string? timestamp)
    {
        var text = timestamp is null ? string.Empty : string.Join(' ', timestamp.Split(' ', StringSplitOptions.RemoveEmptyEntries));
        if (DateTimeOffset.TryParseExact(text, WithZone, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var absolute))
            _last = absolute;
        else if (
            DateTime.TryParseExact(
                $"{year.ToString(CultureInfo.InvariantCulture)} {text}",
                WithoutYear.Select(f => "yyyy " + f).ToArray(),
                CultureInfo.InvariantCulture,
                DateTimeStyles.None,
                out var local
            ) || DateTime.TryParseExact(text, Local, CultureInfo.InvariantCulture, DateTimeStyles.None, out local)
        )
            _last = new DateTimeOffset(local, zone.GetUtcOffset(local));

        return _last.ToUnixTimeMilliseconds();
    }
}
