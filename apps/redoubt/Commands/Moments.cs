using System.Globalization;
using Redoubt.Host;

namespace Redoubt.App.Commands;

/// <summary>A moment, as people write it: <c>2h</c> ago, <c>2026-11-24</c>, <c>2026-11-24 10:15</c> in this host's zone, or with a zone of its own.</summary>
internal static class Moments
{
    private static readonly string[] Local =
    [
        "yyyy-MM-dd",
        "yyyy-MM-dd HH:mm",
        "yyyy-MM-dd HH:mm:ss",
        "yyyy-MM-dd'T'HH:mm",
        "yyyy-MM-dd'T'HH:mm:ss",
    ];
    private static readonly string[] Zoned =
    [
        "yyyy-MM-dd'T'HH:mmK",
        "yyyy-MM-dd'T'HH:mm:ssK",
        "yyyy-MM-dd'T'HH:mm:ss.FFFFFFFK",
        "yyyy-MM-dd HH:mm:ssK",
    ];

    /// <summary>Unix milliseconds; null for null.</summary>
    /// <exception cref="StartException">It is no moment.</exception>
    internal static long? Parse(string? text, TimeProvider time)
    {
        if (text is null)
            return null;

        if (DateTime.TryParseExact(text, Local, CultureInfo.InvariantCulture, DateTimeStyles.None, out var local))
            return new DateTimeOffset(local, time.LocalTimeZone.GetUtcOffset(local)).ToUnixTimeMilliseconds();

        if (DateTimeOffset.TryParseExact(text, Zoned, CultureInfo.InvariantCulture, DateTimeStyles.None, out var zoned))
            return zoned.ToUnixTimeMilliseconds();

        try
        {
            if (Durations.Parse(text) is > 0 and var seconds)
                return time.GetUtcNow().ToUnixTimeMilliseconds() - (seconds * 1000);
        }
        catch (StartException)
        {
            // Told below, with all forms.
        }

        throw new StartException(
            $"'{Terminal.Plain(text)}' is no moment. Write 30m, 2h or 7d for so long ago, or 2026-11-24, or '2026-11-24 10:15'.",
            StartException.Usage
        );
    }
}
