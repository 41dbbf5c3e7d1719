using System.Net;
using Microsoft.Extensions.Logging;

namespace Redoubt.Collect;

public sealed partial class SyslogReceiver
{
    // Event ids 1090-1099.
    private static partial class Log
    {
        [LoggerMessage(
            1090,
            LogLevel.Warning,
            "{Sender} sent syslog lines and is not among allowed-ips; such senders are counted from now on"
        )]
        internal static partial void Refused(ILogger logger, IPAddress sender);

        [LoggerMessage(
            1091,
            LogLevel.Warning,
            "There is no room for a datagram of {Sender}; it is lost. Such losses are counted from now on"
        )]
        internal static partial void NoRoom(ILogger logger, IPAddress sender);

        [LoggerMessage(1092, LogLevel.Warning, "The connection of {Sender} is refused: there are {Max} already")]
        internal static partial void TooMany(ILogger logger, IPAddress sender, int max);

        [LoggerMessage(1093, LogLevel.Warning, "Receiving syslog lines failed: {Reason}; it goes on")]
        internal static partial void Failed(ILogger logger, string reason);

        [LoggerMessage(1095, LogLevel.Warning, "The connection of {Sender} is closed: {Reason}. Such senders are counted from now on")]
        internal static partial void Unauthenticated(ILogger logger, IPAddress sender, string reason);

        [LoggerMessage(
            1096,
            LogLevel.Warning,
            "The connection of {Sender} is closed: what it sends is not framed by counts as RFC 5425 asks for"
        )]
        internal static partial void Unframed(ILogger logger, IPAddress sender);

        [LoggerMessage(1094, LogLevel.Debug, "The connection of {Sender} is closed: {Reason}")]
        internal static partial void Closed(ILogger logger, IPAddress sender, string reason);
    }
}
