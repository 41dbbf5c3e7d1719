using Microsoft.Extensions.Logging;
using Redoubt.Model;

namespace Redoubt.App.Manager;

/// <summary>What the manager itself says.</summary>
/// <remarks>Event ids 4000-4049: docs/reference/events.md. An id is never used again for another meaning.</remarks>
internal static partial class ManagerLog
{
    [LoggerMessage(4000, LogLevel.Information, "Listening for agents on {Address}; {Rules} rules, {Mode} mode")]
    internal static partial void Listening(this ILogger logger, string address, int rules, string mode);

    [LoggerMessage(4001, LogLevel.Information, "A list has changed")]
    internal static partial void ListChanged(this ILogger logger);

    [LoggerMessage(4002, LogLevel.Error, "Reload refused: {Problem} What was in force stays in force")]
    internal static partial void ReloadRefused(this ILogger logger, Diagnostic problem);

    [LoggerMessage(4003, LogLevel.Information, "Reloaded: {Rules} rules are in force")]
    internal static partial void Reloaded(this ILogger logger, int rules);

    [LoggerMessage(4004, LogLevel.Debug, "{Path} was not written: {Reason}")]
    internal static partial void ArConfNotWritten(this ILogger logger, string path, string reason);

    [LoggerMessage(4005, LogLevel.Warning, "The warm-up did not work ({Reason}); the first alert will take longer")]
    internal static partial void WarmUpFailed(this ILogger logger, string reason);

    [LoggerMessage(4006, LogLevel.Warning, "The certificate of the agent beside this manager is damaged and is made anew: {Reason}")]
    internal static partial void OwnCertificateDamaged(this ILogger logger, string reason);
}
