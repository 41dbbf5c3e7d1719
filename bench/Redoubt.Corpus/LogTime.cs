using System.Globalization;
using System.Text;

namespace Redoubt.Corpus;

/// <summary>The time of a line in the forms that log files have, UTC.</summary>
internal sealed class LogTime
{
    private LogTime(DateTimeOffset time)
    {
        Syslog = Encoding.ASCII.GetBytes(
            time.ToString("MMM ", CultureInfo.InvariantCulture)
                + time.Day.ToString(CultureInfo.InvariantCulture).PadLeft(2)
                + time.ToString(" HH:mm:ss", CultureInfo.InvariantCulture)
        );
        Web = Encoding.ASCII.GetBytes(time.ToString("dd/MMM/yyyy:HH:mm:ss +0000", CultureInfo.InvariantCulture));
    }

    /// <summary><c>Mar  2 06:00:00</c>, the head of a syslog line.</summary>
    public byte[] Syslog { get; }

    /// <summary><c>02/Mar/2026:06:00:00 +0000</c>, inside the lines of web servers.</summary>
    public byte[] Web { get; }

    public static LogTime Of(long unixSeconds) => new(DateTimeOffset.FromUnixTimeSeconds(unixSeconds));
}
