using Microsoft.Extensions.Logging;

namespace Redoubt.App.Manager;

/// <summary>What the manager says of lines and records.</summary>
/// <remarks>Event ids 4100-4149: docs/reference/events.md. An id is never used again for another meaning.</remarks>
internal static partial class LinesLog
{
    [LoggerMessage(4100, LogLevel.Error, "A line of {Location} on agent {Agent} could not be processed, please report it: {Line}")]
    internal static partial void LineFailed(this ILogger logger, Exception exception, string location, string agent, string line);

    [LoggerMessage(4101, LogLevel.Error, "Alerts cannot be written: {Reason}. Lines wait at the agents; next try in {Seconds} s")]
    internal static partial void AlertsNotWritten(this ILogger logger, string reason, double seconds);

    [LoggerMessage(4102, LogLevel.Warning, "The windows in {Path} are damaged and are left out; counting starts anew")]
    internal static partial void WindowsDamaged(this ILogger logger, string path);

    [LoggerMessage(4103, LogLevel.Warning, "The windows of the last run cannot be read ({Reason}); counting starts anew")]
    internal static partial void WindowsNotRead(this ILogger logger, string reason);

    [LoggerMessage(4104, LogLevel.Warning, "The windows cannot be saved ({Reason}); a restart would start counting anew")]
    internal static partial void WindowsNotSaved(this ILogger logger, string reason);

    [LoggerMessage(
        4105,
        LogLevel.Error,
        "The ledger cannot be written: {Reason} Decisions and lines wait; nothing is lost. Next try in {Seconds} s"
    )]
    internal static partial void LedgerNotWritten(this ILogger logger, string reason, double seconds);

    [LoggerMessage(4106, LogLevel.Warning, "The ledger can be written again")]
    internal static partial void LedgerWritten(this ILogger logger);

    [LoggerMessage(4107, LogLevel.Error, "{Problem}")]
    internal static partial void SyslogNotOpened(this ILogger logger, string problem);

    [LoggerMessage(4108, LogLevel.Information, "Syslog lines of other hosts are taken on port {Port}")]
    internal static partial void SyslogOpened(this ILogger logger, int port);

    [LoggerMessage(4109, LogLevel.Error, "The spool {Folder} was damaged: what stood behind the damage is lost")]
    internal static partial void SpoolDamaged(this ILogger logger, string folder);

    [LoggerMessage(
        4110,
        LogLevel.Error,
        "Lines from the network cannot be kept: {Reason} Connections wait, datagrams are lost and counted"
    )]
    internal static partial void SpoolNotWritten(this ILogger logger, string reason);

    [LoggerMessage(4111, LogLevel.Warning, "Alerts can be written again")]
    internal static partial void AlertsWritten(this ILogger logger);

    [LoggerMessage(4112, LogLevel.Error, "Records cannot be kept as they should: {Reason} Nothing is lost; it is tried again")]
    internal static partial void RecordsNotKept(this ILogger logger, string reason);

    [LoggerMessage(4113, LogLevel.Information, "Records are put away again")]
    internal static partial void RecordsKeptAgain(this ILogger logger);

    [LoggerMessage(4114, LogLevel.Information, "Removed the records {Path}: the configuration keeps no more")]
    internal static partial void RecordsRemoved(this ILogger logger, string path);
}
