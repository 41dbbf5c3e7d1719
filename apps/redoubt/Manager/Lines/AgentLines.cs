namespace Redoubt.App.Manager;

/// <summary>What became of the lines of one agent since the manager's start: received = processed + duplicates + shed.</summary>
/// <remarks>Written by the analysis task alone; read from anywhere.</remarks>
internal sealed class AgentLines
{
    internal long Received;
    internal long Processed;
    internal long Duplicates;
    internal long Shed;
}
