using Microsoft.Extensions.Logging;

namespace Redoubt.Collect;

public sealed partial class Collector
{
    // Event ids 1000-1009.
    private static partial class Log
    {
        [LoggerMessage(1000, LogLevel.Critical, "The collector's reader thread failed and no line is read any more; please report this")]
        internal static partial void ReaderFailed(ILogger logger, Exception error);

        [LoggerMessage(1001, LogLevel.Information, "{Location} is configured twice; it is read once, as first configured")]
        internal static partial void NamedTwice(ILogger logger, string location);

        [LoggerMessage(
            1002,
            LogLevel.Warning,
            "The kernel gives no file notices ({Reason}); raise fs.inotify.max_user_watches or max_user_instances. Files are looked at every {Milliseconds} ms"
        )]
        internal static partial void Polling(ILogger logger, string reason, int milliseconds);
    }
}
