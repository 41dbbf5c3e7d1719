using Microsoft.Extensions.Logging;

namespace Redoubt.Respond;

// Event ids 7150-7199.
public sealed partial class EnforcerServer
{
    private static partial class Log
    {
        [LoggerMessage(7150, LogLevel.Information, "Enforcer {Version} serves {Path}")]
        internal static partial void Started(ILogger logger, string path, string? version);

        [LoggerMessage(7151, LogLevel.Warning, "Turned a caller away: {Reason}")]
        internal static partial void TurnedAway(ILogger logger, string reason);

        [LoggerMessage(7152, LogLevel.Error, "A caller could not be accepted: {Reason}. Next try in 100 ms")]
        internal static partial void NotAccepted(ILogger logger, string reason);

        [LoggerMessage(7154, LogLevel.Error, "The response log was not told of a repair: {Reason}")]
        internal static partial void IncidentNotLogged(ILogger logger, string reason);

        [LoggerMessage(7153, LogLevel.Error, "A connection was ended by a bug of the enforcer; please report it")]
        internal static partial void ConnectionFailed(ILogger logger, Exception exception);
    }
}
