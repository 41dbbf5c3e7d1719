using System.Globalization;
using Microsoft.Extensions.Logging;

namespace Redoubt.Enforcer;

/// <summary>Writes one line per event to standard error: time, level, event id, text.</summary>
internal sealed class StandardErrorLogger(TimeProvider time) : ILogger
{
    public IDisposable? BeginScope<TState>(TState state)
        where TState : notnull => null;

    public bool IsEnabled(LogLevel logLevel) => logLevel >= LogLevel.Information;

    public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
    {
        if (!IsEnabled(logLevel))
            return;

        var now = time.GetLocalNow().ToString("yyyy-MM-ddTHH:mm:ss.fffzzz", CultureInfo.InvariantCulture);
        var text = formatter(state, exception) + (exception is null ? "" : $": {exception}");
        Console.Error.WriteLine($"{now} {LevelOf(logLevel)} {eventId.Id} {text.ReplaceLineEndings(" | ")}");
    }

    private static string LevelOf(LogLevel level) => level switch
    {
        LogLevel.Information => "info",
        LogLevel.Warning => "warning",
        LogLevel.Error => "error",
        _ => "critical",
    };
}
