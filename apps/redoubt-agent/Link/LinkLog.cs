using Microsoft.Extensions.Logging;
using Redoubt.Transport.Link;

namespace Redoubt.Agent.Link;

/// <summary>What the agent says of its manager.</summary>
/// <remarks>Event ids 2050-2099: docs/reference/events.md. An id is never used again for another meaning.</remarks>
internal static partial class LinkLog
{
    [LoggerMessage(2050, LogLevel.Information, "Enrolled with manager {Manager} as agent {Id} ({Name})")]
    internal static partial void Enrolled(this ILogger logger, ManagerAddress manager, string id, string name);

    [LoggerMessage(2051, LogLevel.Warning, "Manager {Manager} cannot be reached ({Reason}); waiting for it to enrol this host")]
    internal static partial void WaitsToEnrol(this ILogger logger, ManagerAddress manager, string reason);

    [LoggerMessage(2052, LogLevel.Error, "{Problem} The certificate that the manager refused before is tried again")]
    internal static partial void TriesRefused(this ILogger logger, string problem);

    [LoggerMessage(
        2053,
        LogLevel.Error,
        "Manager {Manager} refuses this agent: {Reason}. Blocks stay until their time is over; lines wait in their files. Next try in {Seconds} s"
    )]
    internal static partial void Refused(this ILogger logger, ManagerAddress manager, string reason, int seconds);

    [LoggerMessage(2054, LogLevel.Warning, "{Problem}. Lines wait in their files; trying again")]
    internal static partial void LinkBroken(this ILogger logger, string problem);

    [LoggerMessage(2055, LogLevel.Information, "Connected to manager {Manager} as agent {Id} ({Name})")]
    internal static partial void Connected(this ILogger logger, ManagerAddress manager, string id, string name);

    [LoggerMessage(2056, LogLevel.Error, "The certificate of this agent cannot be renewed: {Reason} It is tried again")]
    internal static partial void RenewalFailed(this ILogger logger, string reason);

    [LoggerMessage(2057, LogLevel.Information, "The certificate of this agent was renewed")]
    internal static partial void Renewed(this ILogger logger);

    [LoggerMessage(2058, LogLevel.Error, "The new certificate of this agent cannot be stored: {Reason} It is tried again")]
    internal static partial void RenewalNotStored(this ILogger logger, string reason);
}
