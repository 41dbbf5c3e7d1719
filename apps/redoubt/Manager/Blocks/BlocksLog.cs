using Microsoft.Extensions.Logging;
using Redoubt.Model;

namespace Redoubt.App.Manager;

/// <summary>What the manager says of blocks.</summary>
/// <remarks>Event ids 4200-4249: docs/reference/events.md. An id is never used again for another meaning.</remarks>
internal static partial class BlocksLog
{
    [LoggerMessage(4200, LogLevel.Information, "{Entry} is protected by {Author}: {Why}")]
    internal static partial void Protected(this ILogger logger, string entry, string? author, string? why);

    [LoggerMessage(4201, LogLevel.Information, "{Entry} is no longer protected")]
    internal static partial void NotProtected(this ILogger logger, string entry);

    [LoggerMessage(4202, LogLevel.Warning, "The breaker is closed by hand; {Count} blocks of the burst {Fate}")]
    internal static partial void BreakerClosed(this ILogger logger, int count, string fate);

    [LoggerMessage(4203, LogLevel.Error, "{Response} against {Target} has no host to run on (rule {Rule})")]
    internal static partial void NoHost(this ILogger logger, string response, string target, int? rule);

    [LoggerMessage(4204, LogLevel.Information, "{Response} against {Target} is {State}: {Reason} (rule {Rule})")]
    internal static partial void Decided(this ILogger logger, string response, string target, string state, string? reason, int? rule);

    [LoggerMessage(
        4205,
        LogLevel.Error,
        "{Response} against {Target} failed on this host: no enforcer. Start agent and enforcer beside the manager"
    )]
    internal static partial void NoEnforcerHere(this ILogger logger, string response, string target);

    [LoggerMessage(4206, LogLevel.Information, "{Response} against {Target} on {Hosts} because of rule {Rule}, alert {Alert}")]
    internal static partial void Sent(this ILogger logger, string response, string target, string hosts, int? rule, string alert);

    [LoggerMessage(4207, LogLevel.Information, "{Target} is blocked by {Author} on {Hosts}: {Why}")]
    internal static partial void BlockedByHand(this ILogger logger, BlockTarget target, string? author, string hosts, string? why);

    [LoggerMessage(4208, LogLevel.Warning, "Agent {Agent} reported an unknown state for block {Block}")]
    internal static partial void UnknownState(this ILogger logger, string agent, ulong block);

    [LoggerMessage(4209, LogLevel.Error, "Agent {Agent} could not carry out block {Block}: {Reason}")]
    internal static partial void NotCarriedOut(this ILogger logger, string agent, ulong block, string? reason);

    [LoggerMessage(4210, LogLevel.Information, "{Target} is released by hand")]
    internal static partial void ReleasedByHand(this ILogger logger, string target);
}
