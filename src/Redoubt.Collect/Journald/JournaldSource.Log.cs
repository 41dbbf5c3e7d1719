using Microsoft.Extensions.Logging;

namespace Redoubt.Collect.Journald;

internal sealed partial class JournaldSource
{
    // Event ids 1040-1049.
    private static partial class Log
    {
        [LoggerMessage(1040, LogLevel.Information, "Reading the journal in {Folders}")]
        internal static partial void Opened(ILogger logger, string folders);

        [LoggerMessage(1041, LogLevel.Information, "This host has no journal; it is read as soon as there is one")]
        internal static partial void NoJournal(ILogger logger);

        [LoggerMessage(
            1042,
            LogLevel.Error,
            "The journal is not read: libsystemd.so.0 is missing or too old; install the package libsystemd0 and start again"
        )]
        internal static partial void NoLibrary(ILogger logger);

        [LoggerMessage(1043, LogLevel.Error, "Cannot read the journal: {Problem}. Tried again every second")]
        internal static partial void CannotRead(ILogger logger, string problem);
    }
}
