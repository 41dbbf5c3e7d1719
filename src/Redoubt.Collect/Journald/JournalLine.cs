using System.Buffers;
using System.Globalization;
using System.Text.Unicode;

namespace Redoubt.Collect.Journald;

/// <summary>Makes the line of a journal entry: <c>Mmm dd hh:mm:ss HOST IDENT[PID]: MESSAGE</c>.</summary>
/// <remarks>
/// A line must stay one line and its header must be readable: newlines in the message become blanks, and whatever is no name byte in the
/// identifier, which any local user chooses, becomes <c>_</c>. Source: rule-engine.md 1.3 and 1.4.
/// </remarks>
internal static class JournalLine
{
    private const int MaxHostLength = 255;
    private const int MaxIdentifierLength = 128;
    private const int MaxPidLength = 20;

    private static readonly SearchValues<byte> NameBytes = SearchValues.Create(
        "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789()-./@_"u8
    );

    /// <summary>Longest text before the message.</summary>
    internal const int MaxHeaderLength = 16 + MaxHostLength + 1 + MaxIdentifierLength + 2 + MaxPidLength + 2;

    /// <returns>The length of the line; the message is cut where the buffer ends.</returns>
    internal static int Write(Journal entry, TimeZoneInfo zone, Span<byte> buffer)
    {
        var time = DateTimeOffset.UnixEpoch.AddTicks((long)entry.Realtime() * TimeSpan.TicksPerMicrosecond);
        Utf8.TryWrite(buffer, CultureInfo.InvariantCulture, $"{TimeZoneInfo.ConvertTime(time, zone):MMM dd HH:mm:ss} ", out var length);

        var host = entry.Get("_HOSTNAME\0"u8);
        AppendName(host.IsEmpty ? "localhost"u8 : host, MaxHostLength, buffer, ref length);
        Append(" "u8, buffer, ref length);

        var identifier = entry.Get("SYSLOG_IDENTIFIER\0"u8);
        if (identifier.IsEmpty)
            identifier = entry.Get("_COMM\0"u8);
        AppendName(identifier.IsEmpty ? "unknown"u8 : identifier, MaxIdentifierLength, buffer, ref length);

        // The journal's own knowledge before what the sender says.
        var pid = entry.Get("_PID\0"u8);
        if (pid.IsEmpty)
            pid = entry.Get("SYSLOG_PID\0"u8);
        if (!pid.IsEmpty && pid.Length <= MaxPidLength && pid.IndexOfAnyExceptInRange((byte)'0', (byte)'9') < 0)
        {
            Append("["u8, buffer, ref length);
            Append(pid, buffer, ref length);
            Append("]"u8, buffer, ref length);
        }

        Append(": "u8, buffer, ref length);
        var start = length;
        Append(entry.Get("MESSAGE\0"u8), buffer, ref length);
        buffer[start..length].Replace((byte)'\n', (byte)' ');
        return length;
    }

    private static void AppendName(ReadOnlySpan<byte> name, int maxLength, Span<byte> buffer, ref int length)
    {
        var start = length;
        Append(name[..Math.Min(name.Length, maxLength)], buffer, ref length);
        for (var rest = buffer[start..length]; rest.IndexOfAnyExcept(NameBytes) is >= 0 and var other; rest = rest[(other + 1)..])
            rest[other] = (byte)'_';
    }

    private static void Append(ReadOnlySpan<byte> bytes, Span<byte> buffer, ref int length)
    {
        var count = Math.Min(bytes.Length, buffer.Length - length);
        bytes[..count].CopyTo(buffer[length..]);
        length += count;
    }
}
