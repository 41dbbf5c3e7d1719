namespace Redoubt.Bench.Measure;

/// <summary>Processor time of this process, all threads: collector and compiler are part of the cost of a line.</summary>
internal static class CpuClock
{
    public static double Seconds => Environment.CpuUsage.TotalTime.TotalSeconds;

    /// <summary>Largest resident memory of this process so far, MiB.</summary>
    public static double PeakMemoryMiB
    {
        get
        {
            const string name = "VmHWM:";
            var line = File.ReadLines("/proc/self/status").First(l => l.StartsWith(name, StringComparison.Ordinal));
            var kibibytes = line[name.Length..].Trim().Split(' ')[0];
            return double.Parse(kibibytes, System.Globalization.CultureInfo.InvariantCulture) / 1024;
        }
    }
}
