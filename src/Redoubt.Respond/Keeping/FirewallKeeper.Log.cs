using Microsoft.Extensions.Logging;
using Redoubt.Model;

namespace Redoubt.Respond.Keeping;

// Event ids 7270-7249.
internal sealed partial class FirewallKeeper
{
    private static partial class Log
    {
        [LoggerMessage(7270, LogLevel.Warning, "{What}")]
        internal static partial void Repaired(ILogger logger, string what);

        [LoggerMessage(7271, LogLevel.Error, "{What}. Next try in {Seconds} s; these addresses are NOT blocked")]
        internal static partial void NotRepaired(ILogger logger, string what, double seconds);

        [LoggerMessage(7272, LogLevel.Error, "{Firewall} cannot be compared with what was asked for: {Reason}. Next try in {Seconds} s")]
        internal static partial void NotLookedAt(ILogger logger, string firewall, string reason, double seconds);

        [LoggerMessage(7273, LogLevel.Information, "{Firewall} can be compared with what was asked for again")]
        internal static partial void LookedAtAgain(ILogger logger, string firewall);

        [LoggerMessage(
            7274,
            LogLevel.Error,
            "The time of {Target} is over, but {Firewall} did not release it: {Reason}. Next try in {Seconds} s"
        )]
        internal static partial void NotReleased(ILogger logger, BlockTarget target, string firewall, string reason, double seconds);
    }
}
