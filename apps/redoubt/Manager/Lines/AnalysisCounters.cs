using System.Collections.Concurrent;

namespace Redoubt.App.Manager;

/// <summary>What became of the lines: received = processed + duplicates + shed.</summary>
/// <remarks>Written by the analysis task alone; read from anywhere.</remarks>
internal sealed class AnalysisCounters
{
    private readonly ConcurrentDictionary<string, AgentLines> _agents = new(StringComparer.Ordinal);

    internal long Received;
    internal long Processed;
    internal long Duplicates;

    /// <summary>Processed lines that were forged, and were judged by no rule.</summary>
    internal long Forged;

    internal long Truncated;
    internal long Decoded;
    internal long Matched;
    internal long Alerts;
    internal long Decisions;

    /// <summary>Lines that a defect of ours kept from being processed; each is in the program log.</summary>
    internal long Shed;

    /// <summary>The newest; null: there was none.</summary>
    internal Incident? LastIncident { get; set; }

    /// <summary>What became of the lines of every agent that sent some.</summary>
    internal IEnumerable<AgentLines> Agents => _agents.Values;

    /// <summary>What became of the lines of one agent.</summary>
    internal AgentLines Of(string agent) => _agents.GetOrAdd(agent, _ => new AgentLines());
}
