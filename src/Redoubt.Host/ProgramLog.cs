using System.Globalization;
using System.Text;
using Microsoft.Extensions.Logging;

namespace Redoubt.Host;

/// <summary>The program log: standard error, and <c>logs/redoubt.log</c> where a folder is given.</summary>
/// <remarks>One line a message: time (UTC), level, process, event id, text. Ids are those of docs/reference/events.md, messages of libraries have none; control characters are escaped, so that text from a log line
/// can neither fake a message nor reach a terminal. Threads: safe. A log that cannot be written never stops the program:
/// standard error still has it.</remarks>
public sealed class ProgramLog : ILoggerProvider
{
    private readonly string _process;
    private readonly TimeProvider _time;
    private readonly Lock _lock = new();
    private readonly FileStream? _file;

    private ProgramLog(string process, string? path, TimeProvider time)
    {
        _process = process;
        _time = time;
        if (path is null)
            return;

        try
        {
            _file = new FileStream(
                path,
                new FileStreamOptions
                {
                    Mode = FileMode.Append,
                    Access = FileAccess.Write,
                    Share = FileShare.ReadWrite | FileShare.Delete,
                    BufferSize = 0,
                    UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.GroupRead,
                }
            );
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            CreateLogger(process).FileNotWritten(path, e.Message);
        }
    }

    /// <summary>Makes the factory that a process hands to its parts.</summary>
    /// <param name="process">manager, agent or enforcer.</param>
    /// <param name="path">File, or null.</param>
    /// <param name="time">For the time of each message.</param>
    public static ILoggerFactory CreateFactory(string process, string? path, TimeProvider time)
    {
        var log = new ProgramLog(process, path, time);
        return LoggerFactory.Create(builder =>
            builder
                .SetMinimumLevel(LogLevel.Information)
                .AddFilter("Microsoft", LogLevel.Warning)
                .AddFilter("Grpc", LogLevel.Critical)
                .AddProvider(log)
        );
    }

    /// <summary>Makes one to be added to another factory.</summary>
    public static ILoggerProvider Create(string process, string? path, TimeProvider time) => new ProgramLog(process, path, time);

    /// <inheritdoc/>
    public ILogger CreateLogger(string categoryName) =>
        new Writer(this, hasIds: string.Equals(categoryName, _process, StringComparison.Ordinal));

    /// <inheritdoc/>
    public void Dispose() => _file?.Dispose();

    private void Write(LogLevel level, int id, string message, Exception? exception)
    {
        var text = exception is null ? message : $"{message} ({exception.GetType().Name}: {exception.Message})";
        var time = _time.GetUtcNow().ToString("yyyy-MM-dd'T'HH:mm:ss.fff'Z'", CultureInfo.InvariantCulture);
        var line = $"{time} {Word(level)} {_process}{(id == 0 ? "" : $" {id}")}: {Printable(text)}\n";
        lock (_lock)
        {
            Console.Error.Write(line);
            try
            {
                _file?.Write(Encoding.UTF8.GetBytes(line));
            }
            catch (IOException)
            {
                // A full disk must not end the program; standard error has the message.
            }
        }
    }

    private static string Word(LogLevel level) =>
        level switch
        {
            LogLevel.Critical => "critical",
            LogLevel.Error => "error",
            LogLevel.Warning => "warning",
            LogLevel.Information => "info",
            _ => "debug",
        };

    private static string Printable(string text)
    {
        if (!text.Any(char.IsControl))
            return text;

        var escaped = new StringBuilder(text.Length + 16);
        foreach (var c in text)
        {
            if (char.IsControl(c))
                escaped.Append(CultureInfo.InvariantCulture, $"\\x{(int)c:x2}");
            else
                escaped.Append(c);
        }

        return escaped.ToString();
    }

    private sealed class Writer(ProgramLog log, bool hasIds) : ILogger
    {
        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => logLevel >= LogLevel.Information;

        public void Log<TState>(
            LogLevel logLevel,
            EventId eventId,
            TState state,
            Exception? exception,
            Func<TState, Exception?, string> formatter
        ) => log.Write(logLevel, hasIds ? eventId.Id : 0, formatter(state, exception), exception);
    }
}
