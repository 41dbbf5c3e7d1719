using Microsoft.Extensions.Logging;

namespace Redoubt.App.Manager;

/// <summary>What the manager says of the index of alerts.</summary>
/// <remarks>Event ids 4400-4449: docs/reference/events.md. An id is never used again for another meaning.</remarks>
internal static partial class SearchLog
{
    [LoggerMessage(
        4400,
        LogLevel.Warning,
        "{Path} cannot be read to its end ({Reason}); what is behind the damage is not in the index of alerts"
    )]
    internal static partial void DayDamaged(this ILogger logger, string path, string reason);

    [LoggerMessage(
        4401,
        LogLevel.Warning,
        "The index of alerts cannot be written: {Reason} Searches miss new alerts until it can; records are not concerned"
    )]
    internal static partial void IndexNotWritten(this ILogger logger, string reason);

    [LoggerMessage(4402, LogLevel.Information, "The index of alerts can be written again")]
    internal static partial void IndexWritten(this ILogger logger);

    [LoggerMessage(4403, LogLevel.Warning, "The index of alerts was lost ({Reason}) and is made again from the records")]
    internal static partial void IndexLost(this ILogger logger, string reason);
}
