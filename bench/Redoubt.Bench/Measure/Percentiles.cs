namespace Redoubt.Bench.Measure;

/// <summary>Where the values of a measurement lie.</summary>
internal static class Percentiles
{
    /// <summary>The value that a share of all does not exceed; 0 when there is none.</summary>
    public static double Of(IEnumerable<double> values, double share)
    {
        double[] sorted = [.. values.Order()];
        return sorted.Length == 0 ? 0 : sorted[Math.Min((int)(sorted.Length * share), sorted.Length - 1)];
    }
}
