using Microsoft.Extensions.Logging;

namespace Redoubt.Host;

// Event ids 8020-8029.
public sealed partial class Heartbeat
{
    private static partial class Log
    {
        [LoggerMessage(
            8020,
            LogLevel.Critical,
            "Hangs: {Loops}. No turn for {Seconds} s; systemd, where it watches, ends this process and starts it anew. Please report it"
        )]
        internal static partial void Hangs(ILogger logger, string loops, double seconds);

        [LoggerMessage(8021, LogLevel.Warning, "All loops go round again")]
        internal static partial void GoesOn(ILogger logger);
    }
}
