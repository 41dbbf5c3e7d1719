using System.Globalization;
using System.Text;

namespace Redoubt.Collect.Formats;

/// <summary>Each line is a record, in another form.</summary>
internal abstract class RewrittenLines : RecordFormat
{
    internal sealed override bool Begins(PendingRecord pending, ReadOnlySpan<byte> line) => true;

    internal sealed override bool Ends(PendingRecord pending) => true;
}

/// <summary><c>mysql_log</c>: <c>MySQL log: DATE TEXT</c>; a line without a date has that of the line before it.</summary>
internal sealed class MySqlLines : RewrittenLines
{
    private byte[] _date = [];

    internal override bool Skips(PendingRecord pending, ReadOnlySpan<byte> line) => line.IsWhiteSpaceOnly();

    internal override void Add(PendingRecord pending, ReadOnlySpan<byte> line, int limit)
    {
        pending.Append("MySQL log: "u8, limit);
        var date = DateLength(line);
        if (date > 0)
        {
            _date = line[..date].ToArray();
        }
        else if (_date.Length > 0)
        {
            pending.Append(_date, limit);
            pending.Append(" "u8, limit);
        }

        pending.Append(date > 0 ? line : line.TrimStart(" \t"u8), limit);
    }

    // 070823 21:01:30, or 2026-03-02T10:00:00.123456Z, or 2026-03-02 10:00:00.
    private static int DateLength(ReadOnlySpan<byte> line)
    {
        if (
            line.Length >= 15
            && line[..6].IndexOfAnyExceptInRange((byte)'0', (byte)'9') < 0
            && line[6] == (byte)' '
            && line[9] == (byte)':'
        )
            return 15;

        if (!BeginsWithDate(line) || line.Length < 19 || line[10] is not ((byte)'T' or (byte)' '))
            return 0;

        var end = line[11..].IndexOf((byte)' ');
        return end < 0 ? line.Length : 11 + end;
    }
}

/// <summary><c>djb-multilog</c>: <c>@TAI64N TEXT</c> gets a syslog header in place of its time stamp; the program is the folder's name.</summary>
internal sealed class MultilogLines(string path, TimeProvider time) : RewrittenLines
{
    private const int StampLength = 25;

    private readonly string _program = ProgramOf(path);

    internal override void Add(PendingRecord pending, ReadOnlySpan<byte> line, int limit)
    {
        if (line.Length > StampLength && line[0] == (byte)'@' && line[StampLength] == (byte)' ')
            line = line[(StampLength + 1)..];

        var now = TimeZoneInfo.ConvertTime(time.GetUtcNow(), time.LocalTimeZone);
        var header = string.Create(
            CultureInfo.InvariantCulture,
            $"{now:MMM} {now.Day, 2} {now:HH:mm:ss} {Environment.MachineName} {_program}: "
        );
        pending.Append(Encoding.UTF8.GetBytes(header), limit);
        pending.Append(line, limit);
    }

    // /var/log/qmail/smtpd/current: multilog writes "current"; services often keep it in a folder "main" or "log".
    private static string ProgramOf(string path)
    {
        var folder = Path.GetDirectoryName(Path.GetFullPath(path));
        while (folder is not null && Path.GetFileName(folder) is "main" or "log")
            folder = Path.GetDirectoryName(folder);

        return Path.GetFileName(folder) is { Length: > 0 } name ? name : "multilog";
    }
}

/// <summary><c>nmapg</c>: a line of nmap's grepable output as <c>Host: ADDRESS, open ports: PORT(PROTOCOL) …</c>; others are not sent.</summary>
internal sealed class NmapLines : RewrittenLines
{
    internal override bool Skips(PendingRecord pending, ReadOnlySpan<byte> line) =>
        !line.StartsWith("Host: "u8) || line.IndexOf("Ports: "u8) < 0;

    internal override void Add(PendingRecord pending, ReadOnlySpan<byte> line, int limit)
    {
        var host = line["Host: "u8.Length..];
        var hostEnd = host.IndexOfAny(" \t"u8);
        pending.Append("Host: "u8, limit);
        pending.Append(hostEnd < 0 ? host : host[..hostEnd], limit);
        pending.Append(", open ports:"u8, limit);
        var ports = line[(line.IndexOf("Ports: "u8) + "Ports: "u8.Length)..];
        var end = ports.IndexOf((byte)'\t');
        ports = end < 0 ? ports : ports[..end];
        foreach (var range in ports.Split((byte)','))
            AddPort(pending, ports[range].TrimStart((byte)' '), limit);
    }

    // 22/open/tcp//ssh///
    private static void AddPort(PendingRecord pending, ReadOnlySpan<byte> port, int limit)
    {
        Span<Range> parts = stackalloc Range[4];
        var count = 0;
        foreach (var range in port.Split((byte)'/'))
        {
            if (count == parts.Length)
                break;

            parts[count++] = range;
        }

        if (count < 3 || !port[parts[1]].SequenceEqual("open"u8))
            return;

        pending.Append(" "u8, limit);
        pending.Append(port[parts[0]], limit);
        pending.Append("("u8, limit);
        pending.Append(port[parts[2]], limit);
        pending.Append(")"u8, limit);
    }
}

/// <summary>What every format asks of a line.</summary>
internal static class LineBytes
{
    internal static bool IsWhiteSpaceOnly(this ReadOnlySpan<byte> line) => line.IndexOfAnyExcept(" \t\r"u8) < 0;
}
