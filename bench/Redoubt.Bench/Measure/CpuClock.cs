namespace Redoubt.Bench.Measure;

/// <summary>Processor time of this process, all threads: collector and compiler are part of the cost of a line.</summary>
internal static class CpuClock
{
    public static double Seconds => Environment.CpuUsage.TotalTime.TotalSeconds;

    /// <summary>Largest resident memory of this process so far, MiB.</summary>
    public static double PeakMemoryMiB => ProcessFigures.PeakMebibytes(Environment.ProcessId);
}
