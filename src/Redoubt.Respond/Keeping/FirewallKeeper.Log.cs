using Microsoft.Extensions.Logging;
using Redoubt.Model;

namespace Redoubt.Respond.Keeping;

// Event ids 7200-7249.
internal sealed partial class FirewallKeeper
{
    private static partial class Log
    {
        [LoggerMessage(7200, LogLevel.Warning, "{What}")]
        internal static partial void Repaired(ILogger logger, string what);

        [LoggerMessage(7201, LogLevel.Error, "{What}. Next try in {Seconds} s; these addresses are NOT blocked")]
        internal static partial void NotRepaired(ILogger logger, string what, double seconds);

        [LoggerMessage(7202, LogLevel.Error, "{Firewall} cannot be compared with what was asked for: {Reason}. Next try in {Seconds} s")]
        internal static partial void NotLookedAt(ILogger logger, string firewall, string reason, double seconds);

        [LoggerMessage(7203, LogLevel.Information, "{Firewall} can be compared with what was asked for again")]
        internal static partial void LookedAtAgain(ILogger logger, string firewall);

        [LoggerMessage(
            7204,
            LogLevel.Error,
            "The time of {Target} is over, but {Firewall} did not release it: {Reason}. Next try in {Seconds} s"
        )]
        internal static partial void NotReleased(ILogger logger, BlockTarget target, string firewall, string reason, double seconds);
    }
}
