namespace Redoubt.Collect.Formats;

/// <summary>Finds the header that a syslog daemon puts before what it passes on: <c>Mmm dd hh:mm:ss HOST</c>, or with an RFC 3339 time.</summary>
internal static class SyslogHeader
{
    private const int TraditionalLength = 16;

    /// <summary>Where the program's name begins; -1: there is no such header.</summary>
    internal static int EndOf(ReadOnlySpan<byte> line)
    {
        var host = TimeLength(line);
        if (host < 0)
            return -1;

        var length = line[host..].IndexOf((byte)' ');
        return length > 0 ? host + length + 1 : -1;
    }

    private static int TimeLength(ReadOnlySpan<byte> line)
    {
        if (line.Length <= TraditionalLength)
            return -1;

        if (line[3] == ' ' && line[6] == ' ' && line[9] == ':' && line[12] == ':' && line[15] == ' ')
            return TraditionalLength;

        if (line[4] != '-' || line[7] != '-' || line[10] != 'T' || line[13] != ':')
            return -1;

        var end = line.IndexOf((byte)' ');
        return end > TraditionalLength ? end + 1 : -1;
    }
}
