namespace Redoubt.App.Manager;

/// <summary>What became of the lines: received = processed + duplicates + shed.</summary>
/// <remarks>Written by the analysis task alone; read from anywhere.</remarks>
internal sealed class AnalysisCounters
{
    internal long Received;
    internal long Processed;
    internal long Duplicates;
    internal long Truncated;
    internal long Decoded;
    internal long Matched;
    internal long Alerts;
    internal long Decisions;

    /// <summary>Received and neither processed nor seen before; more than the lines under way at the moment means a loss.</summary>
    internal long Shed => Received - Processed - Duplicates;
}
