using System.Diagnostics;
using System.Text;
using Microsoft.Extensions.Logging;

namespace Redoubt.Collect.Commands;

/// <summary>Runs a command at times and hands its output on.</summary>
/// <remarks>
/// Output cannot be read again, so only what the sink took is counted, and a run whose output has not been taken when the next one is due is left out for the next. Time: the
/// first run begins at once. Memory: one output, at most <see cref="MaxOutputBytes"/>. Threads: the reader thread starts commands; their
/// output is collected by tasks of their own.
/// </remarks>
internal sealed partial class CommandSource : Source
{
    internal const int MaxOutputBytes = 1024 * 1024;

    private readonly TimeProvider _time;
    private readonly ILogger _log;
    private readonly Action _wake;
    private readonly FileIdentity _run;
    private readonly CancellationTokenSource _ending = new();
    private List<byte[]> _lines = [];
    private int _next;
    private long _number;
    private long? _startedAt;
    private volatile Task<string>? _running;

    internal CommandSource(CommandSourceOptions options, PositionStore positions, TimeProvider time, ILogger log, Action wake)
        : base(options, positions)
    {
        (_time, _log, _wake) = (time, log, wake);

        // Numbers begin anew with each start, and a line of an earlier start must not be taken for one of these.
        _run = new FileIdentity((ulong)time.GetUtcNow().ToUnixTimeMilliseconds(), 0, 0);
        positions.Forget(Key);
    }

    public override void Dispose()
    {
        // Not disposed: a command that is just being ended still looks at it.
        _ending.Cancel();
    }

    internal override void Look(bool isRoutine)
    {
        var options = (CommandSourceOptions)Options;
        if (_running is null && _next == _lines.Count && (_startedAt is not { } at || _time.GetElapsedTime(at) >= options.Frequency))
            Start(options);

        IsReady |= _running is { IsCompleted: true } || _next < _lines.Count;
    }

    internal override bool Step(Delivery delivery)
    {
        if (_running is { IsCompleted: true } ended)
        {
            _running = null;
            Take(ended);
        }

        while (_next < _lines.Count)
        {
            var line = _lines[_next];
            if (!delivery.TryDeliver(this, _run, _number + 1, delivery.NowUnixMilliseconds, line.Length, line, truncated: false))
                return false;

            _number++;
            _next++;
        }

        return false;
    }

    // What was sent into a broken connection is lost: it is the state of a moment, and the next run tells the next one.
    internal override void Rewind() => Look(isRoutine: false);

    private void Start(CommandSourceOptions options)
    {
        _startedAt = _time.GetTimestamp();
        Enter(SourceState.Reading);
        var stopping = _ending.Token;
        _running = Task.Run(() => RunAsync(options, stopping), CancellationToken.None);
        _running.ContinueWith(
            _ =>
            {
                if (!stopping.IsCancellationRequested)
                    _wake();
            },
            TaskScheduler.Default
        );
    }

    private void Take(Task<string> ended)
    {
        if (!ended.IsCompletedSuccessfully)
        {
            var problem = ended.Exception?.InnerException?.Message ?? "it was ended";
            if (!_ending.IsCancellationRequested && Enter(SourceState.Failed, problem))
                Log.Failed(_log, ((CommandSourceOptions)Options).Command, problem);
            return;
        }

        var options = (CommandSourceOptions)Options;
        var output = ended.Result.Split('\n', StringSplitOptions.RemoveEmptyEntries).Where(l => !string.IsNullOrWhiteSpace(l)).ToList();
        var head = $"ossec: output: '{options.Alias ?? options.Command}':";
        var texts = options.IsWhole ? [head + "\n" + string.Join('\n', output)] : output.Select(line => $"{head} {line}");
        _lines = [.. texts.Select(Encoding.UTF8.GetBytes).Where(line => IsWanted(line))];
        _next = 0;
    }

    private async Task<string> RunAsync(CommandSourceOptions options, CancellationToken stopping)
    {
        // A session of its own, so that everything the command started can be ended with it.
        var start = new ProcessStartInfo("/bin/sh")
        {
            UseShellExecute = false,
            RedirectStandardOutput = true,
            RedirectStandardInput = true,
        };
        start.ArgumentList.Add("-c");
        start.ArgumentList.Add(options.Command);
        using var process = Process.Start(start) ?? throw new IOException("/bin/sh cannot be started");
        process.StandardInput.Close();
        using var deadline = new CancellationTokenSource(options.Deadline, _time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(deadline.Token, stopping);
        try
        {
            var output = new StringBuilder();
            var buffer = new char[8192];
            while (await process.StandardOutput.ReadAsync(buffer, either.Token).ConfigureAwait(false) is var count and > 0)
            {
                if (output.Length < MaxOutputBytes)
                    output.Append(buffer, 0, Math.Min(count, MaxOutputBytes - output.Length));
            }

            await process.WaitForExitAsync(either.Token).ConfigureAwait(false);
            return output.ToString();
        }
        catch (OperationCanceledException)
        {
            process.Kill(entireProcessTree: true);
            throw stopping.IsCancellationRequested
                ? new OperationCanceledException(stopping)
                : new TimeoutException($"it took longer than {options.Deadline.TotalSeconds} s and was ended");
        }
    }

    // Event ids 1080-1089.
    private static partial class Log
    {
        [LoggerMessage(1080, LogLevel.Warning, "The command '{Command}' gave nothing: {Reason}. It runs again when it is due")]
        internal static partial void Failed(ILogger logger, string command, string reason);
    }
}
