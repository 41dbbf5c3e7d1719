namespace Redoubt.Collect;

/// <summary>What a source counts; written by the reader thread, read by any.</summary>
internal sealed class SourceCounters
{
    internal long Lines;
    internal long Bytes;
    internal long TruncatedLines;
    internal long FilteredLines;
    internal long ShedLines;
    internal long UnsentToSockets;
    internal long Rotations;
    internal long Truncations;
    internal long UnfinishedLines;
    internal long LostFiles;
    internal int OpenFiles;
}
