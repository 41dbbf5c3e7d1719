using System.Diagnostics;
using System.Diagnostics.CodeAnalysis;
using System.Text;
using Microsoft.Extensions.Logging;

namespace Redoubt.Collect.Commands;

/// <summary>Runs a command at times and hands its output on.</summary>
/// <remarks>
/// Output cannot be read again, so it waits in a spool on disk until it is acknowledged; what finds no room there is shed and counted.
/// Time: the first run begins at once. Memory: one output, at most <see cref="MaxOutputBytes"/>. Threads: the reader thread starts commands; their
/// output is collected by tasks of their own.
/// </remarks>
internal sealed partial class CommandSource : Source
{
    internal const int MaxOutputBytes = 1024 * 1024;

    private readonly TimeProvider _time;
    private readonly ILogger _log;
    private readonly Action _wake;
    private readonly Action<string, int> _tellFill;
    private readonly CancellationTokenSource _ending = new();
    private OutputSpool? _spool;
    private long? _startedAt;
    private volatile Task<string>? _running;

    /// <param name="options">What runs, and when.</param>
    /// <param name="positions">What is acknowledged.</param>
    /// <param name="time">Says when it is due.</param>
    /// <param name="log">Told what an operator must know.</param>
    /// <param name="wake">Wakes the reader thread.</param>
    /// <param name="tellFill">Told the location when the spool has filled to 50, 70, 90 %, and 100 when output was shed.</param>
    internal CommandSource(
        CommandSourceOptions options,
        PositionStore positions,
        TimeProvider time,
        ILogger log,
        Action wake,
        Action<string, int> tellFill
    )
        : base(options, positions) => (_time, _log, _wake, _tellFill) = (time, log, wake, tellFill);

    public override void Dispose()
    {
        // Not disposed: a command that is just being ended still looks at it.
        _ending.Cancel();
        _spool?.Dispose();
    }

    internal override void Forget()
    {
        base.Forget();
        _spool?.Dispose();
        _spool = null;
        try
        {
            OutputSpool.Remove((CommandSourceOptions)Options);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            Log.NoSpool(_log, ((CommandSourceOptions)Options).Command, e.Message);
        }
    }

    internal override void Look(bool isRoutine)
    {
        if (!TryOpenSpool(out var spool))
            return;

        var options = (CommandSourceOptions)Options;
        if (_running is { IsCompleted: true } ended)
        {
            _running = null;
            Take(ended, spool);
        }

        if (_running is null && (_startedAt is not { } at || _time.GetElapsedTime(at) >= options.Frequency))
            Start(options);

        spool.Release();
        IsReady |= spool.HasMore;
    }

    internal override bool Step(Delivery delivery)
    {
        Look(isRoutine: false);
        if (_spool is not { } spool)
            return false;

        while (spool.TryRead(out var text, out var arrival, out var end))
        {
            if (!delivery.TryDeliver(this, spool.Identity, end, arrival, text.Length, text, truncated: false))
                return false;

            spool.Pass(end);
        }

        return false;
    }

    internal override void Rewind()
    {
        _spool?.Rewind();
        IsReady = true;
    }

    private bool TryOpenSpool([NotNullWhen(true)] out OutputSpool? spool)
    {
        spool = _spool;
        if (spool is not null)
            return true;

        var options = (CommandSourceOptions)Options;
        try
        {
            spool = _spool = new OutputSpool(options, Positions);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            if (Enter(SourceState.Failed, e.Message))
                Log.NoSpool(_log, options.Command, e.Message);
            return false;
        }

        if (spool.BrokenSegments > 0)
            Log.Damaged(_log, options.Command);
        return true;
    }

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

    private void Take(Task<string> ended, OutputSpool spool)
    {
        var options = (CommandSourceOptions)Options;
        if (!ended.IsCompletedSuccessfully)
        {
            var problem = ended.Exception?.InnerException?.Message ?? "it was ended";
            if (!_ending.IsCancellationRequested && Enter(SourceState.Failed, problem))
                Log.Failed(_log, options.Command, problem);
            return;
        }

        var output = ended.Result.Split('\n', StringSplitOptions.RemoveEmptyEntries).Where(l => !string.IsNullOrWhiteSpace(l)).ToList();
        var head = $"ossec: output: '{options.Alias ?? options.Command}':";
        var texts = options.IsWhole ? [head + "\n" + string.Join('\n', output)] : output.Select(line => $"{head} {line}");
        var arrival = _time.GetUtcNow().ToUnixTimeMilliseconds();
        foreach (var text in texts.Select(Encoding.UTF8.GetBytes).Where(text => IsWanted(text)))
        {
            if (!spool.TryAppend(text, arrival, out var level))
                Counters.ShedLines++;
            if (level is { } news)
                _tellFill(options.Location, news);
        }
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

        [LoggerMessage(1081, LogLevel.Error, "The spool for the output of '{Command}' cannot be used: {Reason}. Tried again every second")]
        internal static partial void NoSpool(ILogger logger, string command, string reason);

        [LoggerMessage(1082, LogLevel.Error, "The spool for the output of '{Command}' was damaged: what stood behind the damage is lost")]
        internal static partial void Damaged(ILogger logger, string command);
    }
}
