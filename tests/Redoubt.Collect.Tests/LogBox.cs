using System.Text;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Time.Testing;
using Redoubt.Collect;

namespace Redoubt.Tests.Collect;

/// <summary>A temporary folder with a log, a position store and a collector that can be started again.</summary>
internal sealed class LogBox : IAsyncDisposable, ILogger
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("rdt-collect-");
    private readonly List<string> _messages = [];
    private PositionStore? _positions;
    private Collector? _collector;

    internal string Folder => _folder.FullName;

    internal string Log => Path.Combine(Folder, "logs", "auth.log");

    /// <summary>The journal beside the files; there is none unless a test makes it.</summary>
    internal string JournalFolder => Path.Combine(Folder, "journal");

    internal string PositionFile => Path.Combine(Folder, "queue", "positions");

    internal LineSink Sink { get; private set; } = new();

    internal FakeTimeProvider Time { get; } = new(DateTimeOffset.Parse("2026-01-01T00:00:00Z", null));

    internal PositionStore Positions => _positions!;

    internal Collector Collector => _collector!;

    internal SourceStatus Status => Collector.Status.Single();

    internal string[] Messages
    {
        get
        {
            lock (_messages)
                return [.. _messages];
        }
    }

    internal LogBox() => Directory.CreateDirectory(Path.GetDirectoryName(Log)!);

    internal FileSourceOptions Options => new() { Path = Log, Location = "/var/log/auth.log" };

    internal FileSourceOptions FromTheStart => Options with { OnlyFutureEvents = false };

    /// <summary>Starts, or starts again after a stop, with a new sink and the positions on disk.</summary>
    internal async Task StartAsync(params SourceOptions[] sources)
    {
        Sink.Dispose();
        Sink = new LineSink();
        _positions = new PositionStore(PositionFile, Time, this);
        _collector = new Collector(Sink, _positions, Time, this, JournalFolder);
        await _collector.ApplyAsync(sources.Length == 0 ? [Options] : sources).WaitAsync(LineSink.Deadline);
    }

    internal async Task StopAsync()
    {
        Sink.Takes = static _ => false;
        Sink.Unblock();
        await _collector!.DisposeAsync();
        _positions!.Dispose();
        _collector = null;
    }

    internal void Write(string text) => Append(Log, text);

    internal static void Append(string path, string text)
    {
        using var file = new FileStream(path, FileMode.Append, FileAccess.Write, FileShare.ReadWrite | FileShare.Delete, bufferSize: 0);
        file.Write(Encoding.Latin1.GetBytes(text));
    }

    internal void Rename(string suffix = ".1") => File.Move(Log, Log + suffix);

    /// <summary>What logrotate does with <c>copytruncate</c>.</summary>
    internal void CopyTruncate(string suffix = ".1")
    {
        File.Copy(Log, Log + suffix);
        using var file = new FileStream(Log, FileMode.Open, FileAccess.Write, FileShare.ReadWrite);
        file.SetLength(0);
    }

    internal void Acknowledge(LineSink.Line line) => Positions.Acknowledge(line.Key, line.File, line.End);

    internal void WaitForStatus(Func<SourceStatus, bool> holds) =>
        Assert.True(SpinWait.SpinUntil(() => holds(Status), LineSink.Deadline), $"status stays {Status}");

    internal void WaitForMessage(string part) =>
        Assert.True(
            SpinWait.SpinUntil(() => Messages.Any(message => message.Contains(part, StringComparison.Ordinal)), LineSink.Deadline),
            $"no message with \"{part}\""
        );

    public async ValueTask DisposeAsync()
    {
        if (_collector is not null)
            await StopAsync();
        foreach (var message in Messages)
            TestContext.Current.TestOutputHelper?.WriteLine(message);
        Sink.Dispose();
        _folder.Delete(recursive: true);
    }

    IDisposable? ILogger.BeginScope<TState>(TState state) => null;

    bool ILogger.IsEnabled(LogLevel logLevel) => true;

    void ILogger.Log<TState>(
        LogLevel logLevel,
        EventId eventId,
        TState state,
        Exception? exception,
        Func<TState, Exception?, string> formatter
    )
    {
        lock (_messages)
            _messages.Add(formatter(state, exception) + exception);
    }
}
