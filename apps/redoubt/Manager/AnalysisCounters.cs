namespace Redoubt.App.Manager;

/// <summary>What became of the lines: received = processed + duplicates + shed.</summary>
/// <remarks>Written by the analysis task alone; read from anywhere.</remarks>
internal sealed class AnalysisCounters
{
    internal long Received;
    internal long Processed;
    internal long Duplicates;
    internal long Shed;
    internal long Truncated;
    internal long Decoded;
    internal long Matched;
    internal long Alerts;
    internal long Decisions;
}
