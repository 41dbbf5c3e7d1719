using System.Globalization;
using Redoubt.Host;

namespace Redoubt.App.Commands;

/// <summary>How long, as people write it: <c>90</c>, <c>90s</c>, <c>30m</c>, <c>2h</c>, <c>7d</c>, <c>2w</c>, <c>forever</c>.</summary>
internal static class Durations
{
    private const long LongestSeconds = 100L * 365 * 86_400;

    /// <summary>Seconds; 0 for <c>forever</c>.</summary>
    /// <exception cref="StartException">It is no duration.</exception>
    internal static long Parse(string text)
    {
        if (string.Equals(text, "forever", StringComparison.Ordinal))
            return 0;

        var unit = text.Length == 0 ? ' ' : text[^1];
        long factor = unit switch
        {
            's' => 1,
            'm' => 60,
            'h' => 3600,
            'd' => 86_400,
            'w' => 604_800,
            _ when char.IsAsciiDigit(unit) => 1,
            _ => 0,
        };
        var digits = char.IsAsciiDigit(unit) ? text : text[..Math.Max(0, text.Length - 1)];
        return
            factor > 0
            && long.TryParse(digits, NumberStyles.None, CultureInfo.InvariantCulture, out var number)
            && number > 0
            && number <= LongestSeconds / factor
            ? number * factor
            : throw new StartException(
                $"'{Terminal.Plain(text)}' is no duration. Write 90s, 30m, 2h, 7d, 2w or forever.",
                StartException.Usage
            );
    }
}
