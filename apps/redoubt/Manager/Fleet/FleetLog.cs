using Microsoft.Extensions.Logging;

namespace Redoubt.App.Manager;

/// <summary>What the manager says of its fleet.</summary>
/// <remarks>Event ids 4300-4349: docs/reference/events.md. An id is never used again for another meaning.</remarks>
internal static partial class FleetLog
{
    [LoggerMessage(4300, LogLevel.Warning, "Refused a connection from {Address}: {Reason} ({Count} such since the start)")]
    internal static partial void ConnectionRefused(this ILogger logger, System.Net.IPAddress? address, string reason, long count);

    [LoggerMessage(4301, LogLevel.Information, "Agent {Id} ({Name}) is asked to restart")]
    internal static partial void AskedToRestart(this ILogger logger, string id, string name);

    [LoggerMessage(4302, LogLevel.Information, "Enrolled agent {Id} ({Name}) from {Peer}")]
    internal static partial void AgentEnrolled(this ILogger logger, string id, string name, string peer);

    [LoggerMessage(4303, LogLevel.Information, "Agent {Id} ({Name}) was added")]
    internal static partial void AgentAdded(this ILogger logger, string id, string name);

    [LoggerMessage(4304, LogLevel.Information, "Agent {Id} ({Name}) was removed")]
    internal static partial void AgentRemoved(this ILogger logger, string id, string name);

    [LoggerMessage(4305, LogLevel.Information, "Agent {Id} ({Name}) is in {Groups}")]
    internal static partial void AgentGrouped(this ILogger logger, string id, string name, string groups);

    [LoggerMessage(4306, LogLevel.Information, "Agent {Id} ({Name}) is connected from {Address}")]
    internal static partial void AgentConnected(this ILogger logger, string id, string name, string? address);

    [LoggerMessage(4307, LogLevel.Error, "The ledger cannot be written: {Reason} Agent {Id} ({Name}) is to come again")]
    internal static partial void ReportNotKept(this ILogger logger, string reason, string id, string name);

    [LoggerMessage(4308, LogLevel.Information, "Agent {Id} ({Name}) has disconnected")]
    internal static partial void AgentDisconnected(this ILogger logger, string id, string name);

    [LoggerMessage(4309, LogLevel.Warning, "Agent {Id} ({Name}) repaired its firewall: {Incident}")]
    internal static partial void AgentRepairedFirewall(this ILogger logger, string id, string name, string incident);

    [LoggerMessage(4310, LogLevel.Warning, "Agent {Id} asked for a certificate with a request that is not valid: {Reason}")]
    internal static partial void BadRenewal(this ILogger logger, string id, string reason);

    [LoggerMessage(4311, LogLevel.Error, "{Path} has errors and is not sent; the agents of group {Group} keep what they have")]
    internal static partial void GroupFileBad(this ILogger logger, string path, string group);

    [LoggerMessage(4312, LogLevel.Information, "Sent shared configuration {Hash} to agent {Agent}")]
    internal static partial void SharedSent(this ILogger logger, string hash, string agent);

    [LoggerMessage(4313, LogLevel.Error, "Agent {Agent} did not apply shared configuration: {Reason}")]
    internal static partial void SharedRefused(this ILogger logger, string agent, string reason);
}
