using System.Diagnostics;

namespace Redoubt.Bench.Measure;

/// <summary>A program that runs while it is measured: its processor time and memory so far.</summary>
internal sealed class RunningProcess : IAsyncDisposable
{
    private static readonly TimeSpan StartLimit = TimeSpan.FromMinutes(2);

    private readonly Process _process;
    private readonly List<string> _said = [];

    private RunningProcess(Process process) => _process = process;

    /// <summary>Starts a program and waits for a line of its standard output.</summary>
    /// <exception cref="InvalidOperationException">It ended, or said nothing in time; the message holds what it said last.</exception>
    public static async Task<RunningProcess> StartAsync(string ready, string program, params IEnumerable<string> arguments)
    {
        var start = new ProcessStartInfo(program, arguments)
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            UseShellExecute = false,
        };
        var running = new RunningProcess(Process.Start(start)!);
        try
        {
            running._process.ErrorDataReceived += (_, line) => running.Remember(line.Data);
            running._process.BeginErrorReadLine();
            await running.WaitForLineAsync(ready, StartLimit);
            return running;
        }
        catch
        {
            await running.DisposeAsync();
            throw;
        }
    }

    /// <summary>Processor time of all its threads, seconds.</summary>
    public double CpuSeconds => ProcessFigures.CpuSeconds(_process.Id);

    /// <summary>Resident memory now, MiB.</summary>
    public double ResidentMebibytes => ProcessFigures.ResidentMebibytes(_process.Id);

    /// <summary>The most that it was, MiB.</summary>
    public double PeakMebibytes => ProcessFigures.PeakMebibytes(_process.Id);

    /// <summary>Waits for a line of its standard output that begins so.</summary>
    /// <returns>The line.</returns>
    public async Task<string> WaitForLineAsync(string beginning, TimeSpan within)
    {
        using var limit = new CancellationTokenSource(within);
        try
        {
            while (await _process.StandardOutput.ReadLineAsync(limit.Token) is { } line)
            {
                if (line.StartsWith(beginning, StringComparison.Ordinal))
                    return line;
            }
        }
        catch (OperationCanceledException)
        {
            // Told below.
        }

        throw new InvalidOperationException($"{_process.StartInfo.FileName} did not say '{beginning}': {Said}");
    }

    /// <summary>Processor time that it takes in a while, as a share of one core.</summary>
    public async Task<double> ShareOfCoreAsync(TimeSpan span)
    {
        var (before, clock) = (CpuSeconds, Stopwatch.StartNew());
        await Task.Delay(span);
        return (CpuSeconds - before) / clock.Elapsed.TotalSeconds;
    }

    public async ValueTask DisposeAsync()
    {
        if (!_process.HasExited)
        {
            _process.Kill();
            await _process.WaitForExitAsync();
        }

        _process.Dispose();
    }

    private string Said
    {
        get
        {
            lock (_said)
                return string.Join('\n', _said);
        }
    }

    private void Remember(string? line)
    {
        const int kept = 20;
        lock (_said)
        {
            _said.Add(line ?? string.Empty);
            if (_said.Count > kept)
                _said.RemoveAt(0);
        }
    }
}
