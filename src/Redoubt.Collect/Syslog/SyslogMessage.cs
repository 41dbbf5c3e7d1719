using System.Globalization;
using System.Net;
using System.Text;

namespace Redoubt.Collect.Syslog;

/// <summary>Makes a syslog line of what the network brings, as a syslog daemon writes it into a file.</summary>
/// <remarks>Source: RFC 3164, RFC 5424. Anything that is neither is left as it is. Threads: safe.</remarks>
internal static class SyslogMessage
{
    private const int MaxPriorityDigits = 3;

    /// <summary>A message that arrives now.</summary>
    internal static SyslogLine LineOf(IPAddress sender, ReadOnlySpan<byte> message, TimeProvider time) =>
        new(sender, ToLine(message, time.LocalTimeZone), time.GetUtcNow().ToUnixTimeMilliseconds());

    /// <summary>The line without its priority; RFC 5424 becomes <c>Mmm dd hh:mm:ss HOST PROGRAM[PID]: TEXT</c>.</summary>
    /// <param name="message">One message, without framing.</param>
    /// <param name="zone">Local time, as files have it.</param>
    internal static byte[] ToLine(ReadOnlySpan<byte> message, TimeZoneInfo zone)
    {
        message = message.TrimEnd("\r\n\0"u8);
        var priority = PriorityLength(message);
        var rest = message[priority..];
        return priority > 0 && rest.StartsWith("1 "u8) && FromModern(rest[2..], zone) is { } line ? line : rest.ToArray();
    }

    // "<34>"
    private static int PriorityLength(ReadOnlySpan<byte> message)
    {
        if (message.Length < 3 || message[0] != (byte)'<')
            return 0;

        var end = message[..Math.Min(message.Length, MaxPriorityDigits + 2)].IndexOf((byte)'>');
        return end > 1 && message[1..end].IndexOfAnyExceptInRange((byte)'0', (byte)'9') < 0 ? end + 1 : 0;
    }

    // TIMESTAMP HOST APP PROCID MSGID STRUCTURED-DATA [BOM]MSG
    private static byte[]? FromModern(ReadOnlySpan<byte> text, TimeZoneInfo zone)
    {
        if (
            !TryWord(ref text, out var stamp)
            || !TryWord(ref text, out var host)
            || !TryWord(ref text, out var program)
            || !TryWord(ref text, out var process)
            || !TryWord(ref text, out _)
            || !TrySkipData(ref text)
        )
            return null;

        if (text.StartsWith("\uFEFF"u8))
            text = text["\uFEFF"u8.Length..];

        if (
            !DateTimeOffset.TryParse(
                Encoding.ASCII.GetString(stamp),
                CultureInfo.InvariantCulture,
                DateTimeStyles.AssumeUniversal,
                out var time
            )
        )
            return null;

        var local = TimeZoneInfo.ConvertTime(time, zone);
        var header = string.Create(CultureInfo.InvariantCulture, $"{local:MMM} {local.Day, 2} {local:HH:mm:ss} ");
        return
        [
            .. Encoding.ASCII.GetBytes(header),
            .. host,
            (byte)' ',
            .. program,
            .. IsNil(process) ? ReadOnlySpan<byte>.Empty : [(byte)'[', .. process, (byte)']'],
            .. ": "u8,
            .. text,
        ];
    }

    private static bool TryWord(ref ReadOnlySpan<byte> text, out ReadOnlySpan<byte> word)
    {
        var end = text.IndexOf((byte)' ');
        word = end > 0 ? text[..end] : default;
        text = end > 0 ? text[(end + 1)..] : text;
        return end > 0;
    }

    // "-", or [id name="value" …][…]; inside a value \" and \] are escaped.
    private static bool TrySkipData(ref ReadOnlySpan<byte> text)
    {
        var at = 0;
        if (text.StartsWith("-"u8))
        {
            at = 1;
        }
        else
        {
            var isQuoted = false;
            while (at < text.Length && (isQuoted || at == 0 || text[at] != (byte)' ' || text[at - 1] != (byte)']'))
            {
                if (isQuoted && text[at] == (byte)'\\')
                    at++;
                else if (text[at] == (byte)'"')
                    isQuoted = !isQuoted;

                at++;
            }

            if (at == 0 || text[0] != (byte)'[' || isQuoted)
                return false;
        }

        text = at < text.Length && text[at] == (byte)' ' ? text[(at + 1)..] : text[Math.Min(at, text.Length)..];
        return true;
    }

    private static bool IsNil(ReadOnlySpan<byte> word) => word.SequenceEqual("-"u8);
}
