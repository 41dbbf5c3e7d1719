using Microsoft.Extensions.Logging;

namespace Redoubt.Agent;

/// <summary>What the agent itself says.</summary>
/// <remarks>Event ids 2000-2049: docs/reference/events.md. An id is never used again for another meaning.</remarks>
internal static partial class AgentLog
{
    [LoggerMessage(
        2000,
        LogLevel.Information,
        "The manager asks for a restart; nobody would start this agent again, so it reads its configuration"
    )]
    internal static partial void RestartIsReload(this ILogger logger);

    [LoggerMessage(2001, LogLevel.Information, "The manager asks for a restart: this agent ends and is started anew")]
    internal static partial void Restarts(this ILogger logger);

    [LoggerMessage(2002, LogLevel.Information, "Reloaded: {Count} sources are read")]
    internal static partial void Reloaded(this ILogger logger, int count);

    [LoggerMessage(2003, LogLevel.Error, "Reload refused: {File} has errors. What was in force stays in force")]
    internal static partial void ReloadRefused(this ILogger logger, string file);

    [LoggerMessage(2004, LogLevel.Warning, "{Problem}")]
    internal static partial void ConfigurationWarning(this ILogger logger, string problem);

    [LoggerMessage(2005, LogLevel.Information, "Shared configuration {Hash} is in force: {Count} sources")]
    internal static partial void SharedInForce(this ILogger logger, string hash, int count);

    [LoggerMessage(2006, LogLevel.Error, "The stored agent.conf is damaged and is not used: {Problem}")]
    internal static partial void StoredSharedDamaged(this ILogger logger, Redoubt.Model.Diagnostic problem);

    [LoggerMessage(2007, LogLevel.Warning, "Shared configuration was not applied: {Reason}. The one before stays in force")]
    internal static partial void SharedNotApplied(this ILogger logger, string? reason);
}
