namespace Redoubt.Config;

/// <summary>The values of <c>log_format</c>.</summary>
/// <remarks>Source: rule-engine.md 1.4.</remarks>
public static class LogFormats
{
    private const string LinesTogether = "multi-line:";

    private static readonly HashSet<string> Delivered = new(StringComparer.Ordinal)
    {
        "syslog",
        "json",
        "snort-fast",
        "apache",
        "iis",
        "squid",
        "syslog-pipe",
        "generic",
        "journald",
        "audit",
        "command",
        "djb-multilog",
        "full_command",
        "mssql_log",
        "multi-line-regex",
        "mysql_log",
        "nmapg",
        "postgresql_log",
        "snort-full",
    };

    private static readonly HashSet<string> Others = new(StringComparer.Ordinal) { "eventchannel", "eventlog", "macos", "ossecalert" };

    /// <summary>Whether this version reads such a source.</summary>
    public static bool IsDelivered(string format) => Delivered.Contains(format) || IsLinesTogether(format);

    /// <summary>Whether it is a log format at all.</summary>
    public static bool IsKnown(string format) => Delivered.Contains(format) || Others.Contains(format) || IsLinesTogether(format);

    /// <summary>Whether its lines come from a command, not from a file.</summary>
    public static bool IsCommand(string format) => format is "command" or "full_command";

    // multi-line: 3
    private static bool IsLinesTogether(string format) =>
        format.StartsWith(LinesTogether, StringComparison.Ordinal)
        && int.TryParse(
            format.AsSpan(LinesTogether.Length).Trim(),
            System.Globalization.NumberStyles.None,
            System.Globalization.CultureInfo.InvariantCulture,
            out var lines
        )
        && lines is > 0 and <= 1000;
}
