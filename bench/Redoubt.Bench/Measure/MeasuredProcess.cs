using System.Diagnostics;
using System.Globalization;

namespace Redoubt.Bench.Measure;

/// <summary>Runs a program to its end and says what it cost: processor time of all its threads, and its largest resident memory.</summary>
internal static class MeasuredProcess
{
    // The kernel counts processor time of an ended process in these units.
    private const double TicksPerSecond = 100;

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
        var before = ChildrenSeconds();
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
            ? (ChildrenSeconds() - before, wall, peak)
            : throw new InvalidOperationException($"{program} ended with {process.ExitCode}: {error.Result}");
    }

    private static double PeakOf(int process)
    {
        const string name = "VmHWM:";
        try
        {
            var line = File.ReadLines($"/proc/{process}/status").FirstOrDefault(l => l.StartsWith(name, StringComparison.Ordinal));
            return line is null ? 0 : double.Parse(line[name.Length..].Trim().Split(' ')[0], CultureInfo.InvariantCulture) / 1024;
        }
        catch (IOException)
        {
            // It has just ended.
            return 0;
        }
    }

    // Processor time of this process's ended children (proc(5): cutime, cstime).
    private static double ChildrenSeconds()
    {
        var text = File.ReadAllText("/proc/self/stat");
        var fields = text[(text.LastIndexOf(')') + 2)..].Split(' ');
        return (double.Parse(fields[13], CultureInfo.InvariantCulture) + double.Parse(fields[14], CultureInfo.InvariantCulture))
            / TicksPerSecond;
    }
}
