using Microsoft.Extensions.Logging;

namespace Redoubt.Respond.Scripts;

// Event ids 7200-7249.
internal sealed partial class ScriptResponder
{
    private static partial class Log
    {
        [LoggerMessage(7200, LogLevel.Information, "{Program} did {Action} for {Subject}: {Summary}")]
        internal static partial void Ran(ILogger logger, string program, ResponseAction action, string subject, string summary);

        [LoggerMessage(7201, LogLevel.Error, "{Program} failed to {Action} {Subject}: {Reason}")]
        internal static partial void Failed(ILogger logger, string program, ResponseAction action, string subject, string reason);

        [LoggerMessage(7202, LogLevel.Warning, "{Program} left {Subject} alone: {Reason}")]
        internal static partial void Skipped(ILogger logger, string program, string subject, string reason);

        [LoggerMessage(7203, LogLevel.Warning, "{Program} was not started for {Subject}: {Reason}")]
        internal static partial void Busy(ILogger logger, string program, string subject, string reason);

        [LoggerMessage(7204, LogLevel.Error, "The response log was not written: {Reason}")]
        internal static partial void NotLogged(ILogger logger, string reason);
    }
}
