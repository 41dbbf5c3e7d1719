using Microsoft.Extensions.Logging;

namespace Redoubt.Host;

/// <summary>What every program may say.</summary>
/// <remarks>Event ids 8000-8099: docs/reference/events.md. An id is never used again for another meaning.</remarks>
internal static partial class HostLog
{
    [LoggerMessage(8000, LogLevel.Warning, "The name {Name} gives no answer ({Reason}); {Consequence}")]
    internal static partial void NameUnanswered(this ILogger logger, string name, string reason, string consequence);

    [LoggerMessage(
        8001,
        LogLevel.Warning,
        "User {User} cannot enter {Folder}, so this process stays root. Move the folder, or allow it with: chmod o+x {Again}"
    )]
    internal static partial void StaysRoot(this ILogger logger, string user, string folder, string again);

    [LoggerMessage(8002, LogLevel.Warning, "The program log {Path} cannot be written ({Reason}); messages go to standard error only")]
    internal static partial void FileNotWritten(this ILogger logger, string path, string reason);

    [LoggerMessage(
        8020,
        LogLevel.Critical,
        "Hangs: {Loops}. No turn for {Seconds} s; systemd, where it watches, ends this process and starts it anew. Please report it"
    )]
    internal static partial void Hangs(this ILogger logger, string loops, double seconds);

    [LoggerMessage(8021, LogLevel.Warning, "All loops go round again")]
    internal static partial void GoesOn(this ILogger logger);
}
