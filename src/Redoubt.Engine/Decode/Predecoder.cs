using System.Buffers;

namespace Redoubt.Engine.Decode;

/// <summary>Takes the header off a line: timestamp, host name, program.</summary>
/// <remarks>Never throws, whatever the bytes are; allocates nothing. Threads: safe (immutable).
/// Source: rule-engine.md 1.2 and 1.3.</remarks>
internal sealed class Predecoder
{
    private static readonly SearchValues<byte> NameBytes = SearchValues.Create(
        "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789()-./@_"u8
    );

    private static readonly SearchValues<byte> AddressBytes = SearchValues.Create("0123456789abcdefABCDEF:."u8);

    private readonly bool _isBest;

    public Predecoder(Compatibility compatibility) => _isBest = compatibility == Compatibility.Best;

    /// <summary>Reads the header of the event's line into the event.</summary>
    public void Read(DecodedEvent e)
    {
        var line = e.FullLog;
        if (_isBest && TryReadZulu(e, line))
            return;

        var header = Headers.SyslogLength(line);
        if (header > 0)
        {
            // A month of two bytes: the original cuts one byte too early.
            e.TimestampSpan = new TextSpan(0, header - 1);
            ReadHostAndProgram(e, line, line.Length > header && line[header] == ' ' ? header + 1 : header);
        }
        else if (Headers.IsGrouped(line))
        {
            ReadGroups(e, line);
        }
        else if (Headers.PlainLength(line, out var timestamp) is var plain and > 0)
        {
            e.TimestampSpan = timestamp;
            e.LogSpan = From(line, plain);
        }
    }

    // Only when host and program follow: many logs that are no syslog begin with such a time, and their decoders expect it.
    private bool TryReadZulu(DecodedEvent e, ReadOnlySpan<byte> line)
    {
        var header = Headers.ZuluLength(line);
        if (header == 0)
            return false;

        ReadHostAndProgram(e, line, header);
        if (e.HostnameSpan.Exists && e.ProgramNameSpan.Length > 0)
        {
            e.TimestampSpan = new TextSpan(0, header - 1);
            return true;
        }

        // The next forms would take this time for a longer one, and the message's first bytes with it.
        e.LogSpan = e.FullLogSpan;
        e.HostnameSpan = TextSpan.None;
        e.ProgramNameSpan = TextSpan.None;
        return true;
    }

    private void ReadHostAndProgram(DecodedEvent e, ReadOnlySpan<byte> line, int start)
    {
        e.LogSpan = From(line, start);
        var hostEnd = EndOfName(line, start);
        if (_isBest && IsAddressHost(line, start, out var addressEnd))
            hostEnd = addressEnd;

        if (Has(line, hostEnd, ": "u8))
        {
            e.ProgramNameSpan = Between(start, hostEnd);
            e.LogSpan = From(line, hostEnd + 2);
            return;
        }

        if (At(line, hostEnd) != ' ')
            return;

        e.HostnameSpan = Between(start, hostEnd);
        var log = ReadProgram(e, line, hostEnd + 1);
        e.LogSpan = From(line, SkipSolarisId(line, log));
    }

    // Returns where the log starts.
    private static int ReadProgram(DecodedEvent e, ReadOnlySpan<byte> line, int start)
    {
        var end = EndOfName(line, start);
        switch (At(line, end))
        {
            case ':':
                e.ProgramNameSpan = Between(start, end);
                return At(line, end + 1) == ' ' ? end + 2 : end + 1;

            case '[':
                if (EndOfPid(line, end) is not { } behind)
                    return start;

                e.ProgramNameSpan = Between(start, end);
                return behind;

            case '|' when At(line, end + 1) is >= 'a' and <= 'z':
                return ReadAixProgram(e, line, start, end + 1);

            default:
                return start;
        }
    }

    // "program[123]: text", "program[123]:text" and "program[123] text": where the text starts.
    private static int? EndOfPid(ReadOnlySpan<byte> line, int bracket)
    {
        var at = bracket + 1;
        while (At(line, at) is >= '0' and <= '9')
            at++;

        if (At(line, at) != ']')
            return null;

        return At(line, at + 1) switch
        {
            ':' => At(line, at + 2) == ' ' ? at + 3 : at + 2,
            ' ' => at + 2,
            _ => null,
        };
    }

    // AIX puts "facility|" before and ":severity" behind the first word: "su|auth:notice program[pid]: text".
    private static int ReadAixProgram(DecodedEvent e, ReadOnlySpan<byte> line, int start, int facility)
    {
        var at = facility;
        while (At(line, at) is >= 'a' and <= 'z')
            at++;

        if (At(line, at) != ':')
            return start;

        at++;
        while (At(line, at) is >= 'a' and <= 'z')
            at++;

        if (At(line, at) != ' ')
            return start;

        var program = at + 1;
        var end = EndOfName(line, program);
        if (Has(line, end, ": "u8))
        {
            e.ProgramNameSpan = Between(program, end);
            return end + 2;
        }

        if (At(line, end) != '[' || EndOfPid(line, end) is not { } behind)
            return start;

        e.ProgramNameSpan = Between(program, end);
        return behind;
    }

    private static int SkipSolarisId(ReadOnlySpan<byte> line, int log)
    {
        if (!Has(line, log, "[ID "u8))
            return log;

        var bracket = line[log..].IndexOf((byte)']');
        return bracket < 0 ? log : Math.Min(log + bracket + 2, line.Length);
    }

    private static void ReadGroups(DecodedEvent e, ReadOnlySpan<byte> line)
    {
        var at = 0;
        while (line[at..].IndexOf((byte)'[') is var open and >= 0)
        {
            var key = at + open + 1;
            var close = line[key..].IndexOf((byte)']');
            var end = close < 0 ? line.Length : key + close;
            var group = line[key..end];
            if (!e.ProgramNameSpan.Exists && group.StartsWith("Sender "u8))
            {
                e.ProgramNameSpan = Between(key + 7, end);
            }
            else if (e.LogSpan == e.FullLogSpan && group.StartsWith("Message "u8))
            {
                e.LogSpan = Between(key + 8, end);
            }
            else if (group.StartsWith("Host "u8))
            {
                e.HostnameSpan = Between(key + 5, end);
                return;
            }

            if (close < 0)
                return;

            at = end + 1;
        }
    }

    // An IPv6 address as host name; the original sees no host name at all and takes the address for text.
    private static bool IsAddressHost(ReadOnlySpan<byte> line, int start, out int end)
    {
        var length = line[Math.Min(start, line.Length)..].IndexOfAnyExcept(AddressBytes);
        end = start + Math.Max(0, length);
        return length > 0
            && At(line, end) == ' '
            && line[start..end].Count((byte)':') >= 2
            && System.Net.IPAddress.IsValidUtf8(line[start..end]);
    }

    private static int EndOfName(ReadOnlySpan<byte> line, int start)
    {
        if (start >= line.Length)
            return line.Length;

        var length = line[start..].IndexOfAnyExcept(NameBytes);
        return length < 0 ? line.Length : start + length;
    }

    private static int At(ReadOnlySpan<byte> line, int index) => (uint)index < (uint)line.Length ? line[index] : -1;

    private static bool Has(ReadOnlySpan<byte> line, int index, ReadOnlySpan<byte> text) =>
        (uint)index <= (uint)line.Length && line[index..].StartsWith(text);

    private static TextSpan From(ReadOnlySpan<byte> line, int start) => Between(Math.Min(start, line.Length), line.Length);

    private static TextSpan Between(int start, int end) => new(start, end - start);
}
