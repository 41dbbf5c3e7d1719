using System.Globalization;
using System.Text;

namespace Redoubt.App.Replay;

/// <summary>Arrival times taken from what lines tell, for replays; a line without a time arrives with the one before it.</summary>
/// <remarks>
/// Never reads a clock. The two forms of syslog are read byte by byte, other forms through the calendar; a time equal to the one
/// before costs a comparison. Times without a year begin in the given one; behind a December, January is the next year's.
/// Threads: not safe.
/// </remarks>
internal sealed class LoggedClock
{
    private const int LongestTimestampBytes = 64;
    private const long QuarterMilliseconds = 900_000;
    private static readonly string[] WithZone =
    [
        "yyyy-MM-dd'T'HH:mm:ss.FFFFFFFzzz",
        "yyyy-MM-dd'T'HH:mm:sszzz",
        "yyyy-MM-dd'T'HH:mm:ss.FFFFFFF'Z'",
        "yyyy-MM-dd HH:mm:ss.FFFFFFFzzz",
    ];
    private static readonly string[] Local =
    [
        "yyyy MMM d HH:mm:ss",
        "yyyy-MM-dd HH:mm:ss,fff",
        "yyyy-MM-dd HH:mm:ss",
        "ddd MMM d HH:mm:ss yyyy",
        "yyyy/MM/dd HH:mm:ss",
    ];

    private readonly int _firstYear;
    private readonly TimeZoneInfo _zone;
    private readonly byte[] _lastText = new byte[LongestTimestampBytes];
    private int _lastLength = -1;
    private long _last;
    private int _year;
    private int _month;
    private long _offsetQuarter = long.MinValue;
    private long _offsetMilliseconds;

    /// <param name="year">Year of times without one, 1970 to 9998.</param>
    /// <param name="zone">Zone of times without one.</param>
    internal LoggedClock(int year, TimeZoneInfo zone)
    {
        (_firstYear, _year) = (year, year);
        _zone = zone;
    }

    /// <summary>Another file begins: times without a year begin in the given year again.</summary>
    internal void StartFile()
    {
        _year = _firstYear;
        _month = 0;
        _lastLength = -1;
    }

    /// <summary>Unix milliseconds of a header's time.</summary>
    /// <param name="timestamp">Text of the header; empty for none.</param>
    internal long Read(ReadOnlySpan<byte> timestamp)
    {
        if (timestamp.IsEmpty || timestamp.SequenceEqual(_lastText.AsSpan(0, Math.Max(0, _lastLength))))
            return _last;

        if (
            TryReadDated(timestamp, out var milliseconds)
            || TryReadIso(timestamp, out milliseconds)
            || TryReadOther(timestamp, out milliseconds)
        )
            _last = milliseconds;

        _lastLength = timestamp.Length <= LongestTimestampBytes ? timestamp.Length : -1;
        if (_lastLength >= 0)
            timestamp.CopyTo(_lastText);

        return _last;
    }

    // "Mar  1 02:03:04": the header of most syslog files.
    private bool TryReadDated(ReadOnlySpan<byte> text, out long milliseconds)
    {
        milliseconds = 0;
        if (text.Length != 15 || text[3] != ' ' || text[6] != ' ' || text[9] != ':' || text[12] != ':')
            return false;

        var month = MonthOf(text[..3]);
        var day = text[4] == ' ' ? Digit(text[5]) : Two(text[4..]);
        if (month == 0 || !TryReadTime(text[7..], out var time))
            return false;

        var ofMonth = YearOf(month);
        if (day < 1 || day > DateTime.DaysInMonth(ofMonth, month))
            return false;

        (_month, _year) = (month, ofMonth);
        milliseconds = ToUnix(Days(ofMonth, month, day) + time);
        return true;
    }

    // "2026-03-01T02:03:04.123456+01:00", "…Z": the header of newer ones.
    private static bool TryReadIso(ReadOnlySpan<byte> text, out long milliseconds)
    {
        milliseconds = 0;
        if (text.Length < 20 || text[4] != '-' || text[7] != '-' || text[10] != 'T' || !TryReadTime(text[11..], out var time))
            return false;

        var (years, month, day) = ((Two(text) * 100) + Two(text[2..]), Two(text[5..]), Two(text[8..]));
        if (Two(text) < 0 || years < 1 || month is < 1 or > 12 || day < 1 || day > DateTime.DaysInMonth(years, month))
            return false;

        var at = 19;
        var fraction = 0;
        if (text[at] == '.')
        {
            var scale = 100;
            for (at++; at < text.Length && Digit(text[at]) is var digit and >= 0; at++, scale /= 10)
                fraction += digit * scale;
        }

        if (!TryReadOffset(text[at..], out var offset))
            return false;

        milliseconds = Days(years, month, day) + time + fraction - offset;
        return true;
    }

    private bool TryReadOther(ReadOnlySpan<byte> timestamp, out long milliseconds)
    {
        milliseconds = 0;
        if (timestamp.Length > LongestTimestampBytes)
            return false;

        var text = string.Join(' ', Encoding.UTF8.GetString(timestamp).Split(' ', StringSplitOptions.RemoveEmptyEntries));
        if (DateTimeOffset.TryParseExact(text, WithZone, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var absolute))
        {
            milliseconds = absolute.ToUnixTimeMilliseconds();
            return true;
        }

        if (!DateTime.TryParseExact(text, Local, CultureInfo.InvariantCulture, DateTimeStyles.None, out var local))
            return false;

        milliseconds = ToUnix((local.Ticks - DateTime.UnixEpoch.Ticks) / TimeSpan.TicksPerMillisecond);
        return true;
    }

    private int YearOf(int month) =>
        (_month, month) switch
        {
            (12, 1) => Math.Min(_year + 1, 9998),

            // A line that was late on New Year's Eve.
            (1, 12) when _year > _firstYear => _year - 1,
            _ => _year,
        };

    // Offsets change at quarters of an hour; asking for them is not free.
    private long ToUnix(long localMilliseconds)
    {
        var quarter = localMilliseconds / QuarterMilliseconds;
        if (quarter != _offsetQuarter)
        {
            var local = DateTime.SpecifyKind(DateTime.UnixEpoch.AddMilliseconds(localMilliseconds), DateTimeKind.Unspecified);
            (_offsetQuarter, _offsetMilliseconds) = (quarter, (long)_zone.GetUtcOffset(local).TotalMilliseconds);
        }

        return localMilliseconds - _offsetMilliseconds;
    }

    private static bool TryReadTime(ReadOnlySpan<byte> text, out long milliseconds)
    {
        milliseconds = 0;
        if (text.Length < 8 || text[2] != ':' || text[5] != ':')
            return false;

        var (hour, minute, second) = (Two(text), Two(text[3..]), Two(text[6..]));
        if (hour is < 0 or > 23 || minute is < 0 or > 59 || second is < 0 or > 60)
            return false;

        milliseconds = ((((hour * 60L) + minute) * 60) + second) * 1000;
        return true;
    }

    private static bool TryReadOffset(ReadOnlySpan<byte> text, out long milliseconds)
    {
        milliseconds = 0;
        if (text is [(byte)'Z'])
            return true;

        if (text.Length < 5 || text[0] is not ((byte)'+' or (byte)'-'))
            return false;

        var minutes = text[3] == ':' ? (text.Length == 6 ? Two(text[4..]) : -1) : (text.Length == 5 ? Two(text[3..]) : -1);
        var hours = Two(text[1..]);
        if (hours is < 0 or > 14 || minutes is < 0 or > 59)
            return false;

        milliseconds = ((hours * 60L) + minutes) * 60_000 * (text[0] == '-' ? -1 : 1);
        return true;
    }

    private static long Days(int years, int month, int day) =>
        (new DateTime(years, month, day, 0, 0, 0, DateTimeKind.Utc).Ticks - DateTime.UnixEpoch.Ticks) / TimeSpan.TicksPerMillisecond;

    private static int MonthOf(ReadOnlySpan<byte> name)
    {
        var at = "JanFebMarAprMayJunJulAugSepOctNovDec"u8.IndexOf(name);
        return at >= 0 && at % 3 == 0 ? (at / 3) + 1 : 0;
    }

    private static int Digit(byte c) => c is >= (byte)'0' and <= (byte)'9' ? c - '0' : -1;

    // Negative when one of the two is no digit.
    private static int Two(ReadOnlySpan<byte> text)
    {
        var (tens, ones) = (Digit(text[0]), Digit(text[1]));
        return tens < 0 || ones < 0 ? -1 : (tens * 10) + ones;
    }
}
