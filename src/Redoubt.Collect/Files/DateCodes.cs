using System.Globalization;
using System.Text;

namespace Redoubt.Collect.Files;

/// <summary>Date codes in a path, as <c>strftime</c> knows them: <c>/var/log/app-%Y-%m-%d.log</c>.</summary>
/// <remarks>Known: Y y m d e H I M S j b B a A p F T D z s and %%; another code stays as it is. Names are English, as in the C locale.</remarks>
internal static class DateCodes
{
    internal static string Expand(string path, DateTimeOffset now)
    {
        if (!path.Contains('%', StringComparison.Ordinal))
            return path;

        var text = new StringBuilder(path.Length + 16);
        for (var i = 0; i < path.Length; i++)
        {
            if (path[i] != '%' || i + 1 == path.Length)
                text.Append(path[i]);
            else
                text.Append(Value(path[++i], now));
        }

        return text.ToString();
    }

    private static string Value(char code, DateTimeOffset now) =>
        code switch
        {
            'Y' => Format(now, "yyyy"),
            'y' => Format(now, "yy"),
            'm' => Format(now, "MM"),
            'd' => Format(now, "dd"),
            'e' => string.Create(CultureInfo.InvariantCulture, $"{now.Day, 2}"),
            'H' => Format(now, "HH"),
            'I' => Format(now, "hh"),
            'M' => Format(now, "mm"),
            'S' => Format(now, "ss"),
            'j' => string.Create(CultureInfo.InvariantCulture, $"{now.DayOfYear:d3}"),
            'b' => Format(now, "MMM"),
            'B' => Format(now, "MMMM"),
            'a' => Format(now, "ddd"),
            'A' => Format(now, "dddd"),
            'p' => Format(now, "tt"),
            'F' => Format(now, "yyyy-MM-dd"),
            'T' => Format(now, "HH:mm:ss"),
            'D' => Format(now, "MM/dd/yy"),
            'z' => Format(now, "zzz").Replace(":", string.Empty, StringComparison.Ordinal),
            's' => now.ToUnixTimeSeconds().ToString(CultureInfo.InvariantCulture),
            '%' => "%",
            _ => "%" + code,
        };

    private static string Format(DateTimeOffset now, string form) => now.ToString(form, CultureInfo.InvariantCulture);
}
