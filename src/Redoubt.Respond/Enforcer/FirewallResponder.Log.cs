using Microsoft.Extensions.Logging;
using Redoubt.Model;

namespace Redoubt.Respond;

// Event ids 7100-7149.
internal sealed partial class FirewallResponder
{
    private static partial class Log
    {
        [LoggerMessage(
            7100,
            LogLevel.Information,
            "Blocked {Target} for {Milliseconds} ms (-1: for good) because of rule {RuleId}, alert {AlertId}"
        )]
        internal static partial void Blocked(ILogger logger, BlockTarget target, long milliseconds, int ruleId, string? alertId);

        [LoggerMessage(7106, LogLevel.Debug, "Put {Target} back for {Milliseconds} ms (-1: for good)")]
        internal static partial void PutBack(ILogger logger, BlockTarget target, long milliseconds);

        [LoggerMessage(7101, LogLevel.Information, "Released {Target}")]
        internal static partial void Released(ILogger logger, BlockTarget target);

        [LoggerMessage(7102, LogLevel.Warning, "Left {Target} alone: {Reason}")]
        internal static partial void Skipped(ILogger logger, BlockTarget target, string reason);

        [LoggerMessage(7103, LogLevel.Error, "{Verb} of {Target} failed: {Reason}")]
        internal static partial void Failed(ILogger logger, EnforceVerb verb, BlockTarget target, string reason);

        [LoggerMessage(7104, LogLevel.Information, "Released all {Count} targets")]
        internal static partial void Cleared(ILogger logger, int count);

        [LoggerMessage(7107, LogLevel.Information, "Put {Count} of {All} targets back")]
        internal static partial void Loaded(ILogger logger, int count, int all);

        [LoggerMessage(
            7108,
            LogLevel.Information,
            "Would have blocked {Target} because of rule {RuleId}, alert {AlertId}: this host only observes"
        )]
        internal static partial void Observed(ILogger logger, BlockTarget target, int ruleId, string? alertId);

        [LoggerMessage(7105, LogLevel.Error, "The response log was not written: {Reason}")]
        internal static partial void NotLogged(ILogger logger, string reason);
    }
}
