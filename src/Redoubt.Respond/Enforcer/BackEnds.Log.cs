using Microsoft.Extensions.Logging;

namespace Redoubt.Respond;

// Event ids 7250-7269.
internal sealed partial class BackEnds
{
    private static partial class Log
    {
        [LoggerMessage(7250, LogLevel.Warning, "What {Name} may hold from before is unknown: {Reason}")]
        internal static partial void NotTakenOver(ILogger logger, string name, string reason);
    }
}
