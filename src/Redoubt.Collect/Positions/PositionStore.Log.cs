using Microsoft.Extensions.Logging;

namespace Redoubt.Collect;

public sealed partial class PositionStore
{
    // Event ids 1100-1149.
    private static partial class Log
    {
        [LoggerMessage(
            1100,
            LogLevel.Error,
            "{Path} is no position file; a copy is kept as {Aside}. Every source starts as on a first start"
        )]
        internal static partial void NotAPositionFile(ILogger logger, string path, string aside);

        [LoggerMessage(1101, LogLevel.Warning, "{Path}: {Count} damaged lines were passed over; some lines may be read and sent again")]
        internal static partial void Damaged(ILogger logger, string path, int count);

        [LoggerMessage(
            1102,
            LogLevel.Error,
            "Could not save positions in {Path}: {Reason}. They are kept in memory and saved with the next change; a kill before that sends lines again"
        )]
        internal static partial void NotSaved(ILogger logger, string path, string reason);

        [LoggerMessage(1103, LogLevel.Information, "Positions are saved in {Path} again")]
        internal static partial void SavedAgain(ILogger logger, string path);
    }
}
