using System.Net.Sockets;
using Microsoft.Extensions.Logging;

namespace Redoubt.Agent.Blocks;

/// <summary>What the agent says of blocks and responses.</summary>
/// <remarks>Event ids 2100-2199: docs/reference/events.md. An id is never used again for another meaning.</remarks>
internal static partial class BlockLog
{
    [LoggerMessage(2100, LogLevel.Warning, "Line {Number} of {Path} is damaged and was left out; the manager sends again what is missing")]
    internal static partial void JournalDamaged(this ILogger logger, int number, string path);

    [LoggerMessage(2101, LogLevel.Information, "Connected to the enforcer")]
    internal static partial void EnforcerConnected(this ILogger logger);

    [LoggerMessage(
        2102,
        LogLevel.Warning,
        "The enforcer has gone. Blocks stay in the kernel and end on time; new ones wait until it is back"
    )]
    internal static partial void EnforcerGone(this ILogger logger);

    [LoggerMessage(
        2103,
        LogLevel.Warning,
        "No enforcer answers on {Path} ({Reason}). Start: redoubt enforcer. Blocks cannot be made until then"
    )]
    internal static partial void EnforcerMissing(this ILogger logger, string path, SocketError reason);

    [LoggerMessage(2104, LogLevel.Warning, "The enforcer does not tell of repairs: {Reason}")]
    internal static partial void RepairsUntold(this ILogger logger, string? reason);

    [LoggerMessage(2105, LogLevel.Warning, "The firewall was repaired: {Incident}")]
    internal static partial void FirewallRepaired(this ILogger logger, string? incident);

    [LoggerMessage(2106, LogLevel.Information, "Blocked {Target} for {Seconds} s because of rule {Rule}")]
    internal static partial void Blocked(this ILogger logger, string target, object seconds, int rule);

    [LoggerMessage(2107, LogLevel.Warning, "{Target} is NOT blocked: {Reason}")]
    internal static partial void LeftAlone(this ILogger logger, string target, string? reason);

    [LoggerMessage(2108, LogLevel.Information, "{Target} would have been blocked: {Reason}")]
    internal static partial void WouldHaveBlocked(this ILogger logger, string target, string? reason);

    [LoggerMessage(2109, LogLevel.Error, "Could not block {Target}: {Reason}. It is NOT blocked; next try in {Seconds} s")]
    internal static partial void BlockFailed(this ILogger logger, string target, string? reason, double seconds);

    [LoggerMessage(2110, LogLevel.Error, "Could not release {Target}: {Reason}. Next try in {Seconds} s")]
    internal static partial void ReleaseFailed(this ILogger logger, string target, string? reason, double seconds);

    [LoggerMessage(2111, LogLevel.Information, "Released {Target}: {Reason}")]
    internal static partial void Released(this ILogger logger, string target, string? reason);

    [LoggerMessage(2112, LogLevel.Warning, "{Count} blocks were missing in the kernel and have been made again")]
    internal static partial void Restored(this ILogger logger, int count);

    [LoggerMessage(2113, LogLevel.Error, "{Target} is NOT blocked any more: {Reason}")]
    internal static partial void NoLongerBlocked(this ILogger logger, string target, string? reason);

    [LoggerMessage(2120, LogLevel.Error, "{Program} was not run for {Subject}: {Reason}. Next try in {Seconds} s")]
    internal static partial void ProgramNotRun(this ILogger logger, string program, string subject, string? reason, double seconds);

    [LoggerMessage(2121, LogLevel.Information, "{Program} ran for {Subject} because of rule {Rule}: {Reason}")]
    internal static partial void ProgramRan(this ILogger logger, string program, string subject, int rule, string? reason);

    [LoggerMessage(2122, LogLevel.Information, "{Program} holds {Subject} because of rule {Rule}: {Reason}")]
    internal static partial void ProgramHolds(this ILogger logger, string program, string subject, int rule, string? reason);

    [LoggerMessage(2123, LogLevel.Warning, "{Program} was NOT run for {Subject}: {Reason}")]
    internal static partial void ProgramLeftAlone(this ILogger logger, string program, string subject, string? reason);

    [LoggerMessage(2124, LogLevel.Error, "{Program} failed for {Subject}: {Reason}")]
    internal static partial void ProgramFailed(this ILogger logger, string program, string subject, string? reason);

    [LoggerMessage(2125, LogLevel.Information, "{Program} is undone for {Subject}: {Reason}")]
    internal static partial void ProgramUndone(this ILogger logger, string program, string subject, string? reason);

    [LoggerMessage(2126, LogLevel.Error, "{Program} could not undo {Subject}: {Reason}. Next try in {Seconds} s")]
    internal static partial void ProgramNotUndone(this ILogger logger, string program, string subject, string? reason, double seconds);

    [LoggerMessage(
        2127,
        LogLevel.Information,
        "This host has another manager than before; the {Count} blocks of the former one stay until their time is over, those without an end for {Hours} h"
    )]
    internal static partial void ManagerChanged(this ILogger logger, int count, double hours);
}
