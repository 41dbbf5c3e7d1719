using System.Globalization;

namespace Redoubt.Engine.Loading;

/// <summary>Reads the time ranges of rules: <c>[!]hh[:mm] [am|pm] - hh[:mm] [am|pm]</c>.</summary>
internal static class DayTime
{
    private const int MinutesOfDay = 24 * 60;

    public static bool TryParseRange(string text, out int from, out int to, out bool isNegated)
    {
        (from, to) = (0, 0);
        text = text.Trim();
        isNegated = text.StartsWith('!');
        var ends = (isNegated ? text[1..] : text).Split('-');
        return ends.Length == 2 && TryParse(ends[0], out from) && TryParse(ends[1], out to);
    }

    private static bool TryParse(string text, out int minute)
    {
        minute = 0;
        var rest = text.Trim().ToUpperInvariant();
        var half =
            rest.EndsWith("AM", StringComparison.Ordinal) ? 0
            : rest.EndsWith("PM", StringComparison.Ordinal) ? 12
            : -1;
        if (half >= 0)
            rest = rest[..^2].TrimEnd();

        var parts = rest.Split(':');
        if (parts.Length > 2 || !TryNumber(parts[0], out var hour))
            return false;

        if (parts.Length == 2 && (!TryNumber(parts[1], out minute) || minute > 59))
            return false;

        if (half >= 0)
        {
            if (hour is < 1 or > 12)
                return false;

            hour = (hour % 12) + half;
        }

        minute += hour * 60;
        return minute < MinutesOfDay;
    }

    private static bool TryNumber(string text, out int number) =>
        int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out number) && text.Length <= 2;
}
