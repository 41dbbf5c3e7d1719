using System.Globalization;

namespace Redoubt.Bench.Measure;

/// <summary>What the kernel tells of a process (proc(5)).</summary>
internal static class ProcessFigures
{
    // The kernel counts processor time in these units.
    private const double TicksPerSecond = 100;

    /// <summary>Processor time of all its threads so far, seconds.</summary>
    /// <exception cref="IOException">There is no such process.</exception>
    public static double CpuSeconds(int process) => Seconds(process.ToString(CultureInfo.InvariantCulture), first: 11);

    /// <summary>Processor time of this process's children that have ended, seconds.</summary>
    public static double EndedChildrenSeconds() => Seconds("self", first: 13);

    /// <summary>Resident memory now, MiB.</summary>
    /// <exception cref="IOException">It has ended.</exception>
    public static double ResidentMebibytes(int process) => Mebibytes(process, "VmRSS:");

    /// <summary>The most that its resident memory was, MiB.</summary>
    /// <exception cref="IOException">It has ended.</exception>
    public static double PeakMebibytes(int process) => Mebibytes(process, "VmHWM:");

    // User time and system time stand beside each other; the program's name before them may hold anything.
    private static double Seconds(string process, int first)
    {
        var text = File.ReadAllText($"/proc/{process}/stat");
        var fields = text[(text.LastIndexOf(')') + 2)..].Split(' ');
        return (Number(fields[first]) + Number(fields[first + 1])) / TicksPerSecond;
    }

    private static double Mebibytes(int process, string name)
    {
        var line = File.ReadLines($"/proc/{process}/status").FirstOrDefault(l => l.StartsWith(name, StringComparison.Ordinal));
        return line is null
            ? throw new IOException($"Process {process} has ended.")
            : Number(line[name.Length..].Trim().Split(' ')[0]) / 1024;
    }

    private static double Number(string text) => double.Parse(text, CultureInfo.InvariantCulture);
}
