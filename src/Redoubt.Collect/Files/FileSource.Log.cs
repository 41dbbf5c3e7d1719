using Microsoft.Extensions.Logging;

namespace Redoubt.Collect.Files;

internal sealed partial class FileSource
{
    // Event ids 1020-1039.
    internal static partial class Log
    {
        [LoggerMessage(1020, LogLevel.Information, "Reading {Path} (inode {Inode}) from offset {Offset}")]
        internal static partial void Opened(ILogger logger, string path, ulong inode, long offset);

        [LoggerMessage(1021, LogLevel.Information, "{Path} does not exist; it is read as soon as it appears")]
        internal static partial void Missing(ILogger logger, string path);

        [LoggerMessage(1022, LogLevel.Error, "{Path} is no regular file and is not read; it is tried again every second")]
        internal static partial void NotAFile(ILogger logger, string path);

        [LoggerMessage(1023, LogLevel.Error, "Cannot read {Path}: {Problem}. Tried again every second")]
        internal static partial void CannotRead(ILogger logger, string path, string problem);

        [LoggerMessage(
            1024,
            LogLevel.Information,
            "{Path} was truncated or replaced in place after offset {Offset}; reading it from its beginning"
        )]
        internal static partial void Replaced(ILogger logger, string path, long offset);

        [LoggerMessage(
            1025,
            LogLevel.Warning,
            "What {Path} was (inode {Inode}) is gone from its folder; anything it got after offset {Offset} cannot be read"
        )]
        internal static partial void Gone(ILogger logger, string path, ulong inode, long offset);

        [LoggerMessage(
            1026,
            LogLevel.Warning,
            "A rotated file of {Path} ends without a newline; its last piece, from offset {Offset}, is not handed on"
        )]
        internal static partial void Unfinished(ILogger logger, string path, long offset);

        [LoggerMessage(1027, LogLevel.Warning, "{Path} is no text and is not read, as ignore_binaries says; it is looked at every second")]
        internal static partial void Binary(ILogger logger, string path);
    }
}
