using System.Diagnostics;

namespace Redoubt.Bench.Measure;

/// <summary>Runs a program to its end and says what it cost: processor time of all its threads, and its largest resident memory.</summary>
internal static class MeasuredProcess
{
    private static readonly TimeSpan Between = TimeSpan.FromMilliseconds(20);

    /// <exception cref="InvalidOperationException">The program failed; the message holds what it said.</exception>
    public static (double CpuSeconds, double WallSeconds, double PeakMebibytes) Run(string program, params IEnumerable<string> arguments)
    {
        var start = new ProcessStartInfo(program, arguments)
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            UseShellExecute = false,
        };
        var before = ProcessFigures.EndedChildrenSeconds();
        var clock = Stopwatch.StartNew();
        using var process = Process.Start(start)!;
        var (output, error) = (process.StandardOutput.ReadToEndAsync(), process.StandardError.ReadToEndAsync());

        // Only as long as it lives its memory can be asked for; the mark is a high-water mark, so that the last answer counts.
        double peak = 0;
        while (!process.WaitForExit(Between))
            peak = Math.Max(peak, PeakOf(process.Id));

        process.WaitForExit();
        var wall = clock.Elapsed.TotalSeconds;
        _ = output.Result;
        return process.ExitCode == 0
            ? (ProcessFigures.EndedChildrenSeconds() - before, wall, peak)
            : throw new InvalidOperationException($"{program} ended with {process.ExitCode}: {error.Result}");
    }

    private static double PeakOf(int process)
    {
        try
        {
            return ProcessFigures.PeakMebibytes(process);
        }
        catch (IOException)
        {
            // It has just ended.
            return 0;
        }
    }
}
