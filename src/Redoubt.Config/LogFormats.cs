namespace Redoubt.Config;

/// <summary>The values of <c>log_format</c>.</summary>
/// <remarks>Source: rule-engine.md 1.4.</remarks>
public static class LogFormats
{
    private const string LinesTogether = "multi-line:";

    private static readonly HashSet<string> ByLine = new(StringComparer.Ordinal)
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
    };

    private static readonly HashSet<string> Others = new(StringComparer.Ordinal)
    {
        "audit",
        "command",
        "djb-multilog",
        "eventchannel",
        "eventlog",
        "full_command",
        "macos",
        "mssql_log",
        "multi-line-regex",
        "mysql_log",
        "nmapg",
        "ossecalert",
        "postgresql_log",
        "snort-full",
    };

    /// <summary>Whether this version delivers the lines of such a source as they stand in it.</summary>
    public static bool IsDelivered(string format) => ByLine.Contains(format);

    /// <summary>Whether it is a log format at all.</summary>
    public static bool IsKnown(string format) =>
        ByLine.Contains(format) || Others.Contains(format) || format.StartsWith(LinesTogether, StringComparison.Ordinal);
}
