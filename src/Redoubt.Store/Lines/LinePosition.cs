namespace Redoubt.Store;

/// <summary>How far a file of an agent was processed.</summary>
/// <param name="Agent">Agent id.</param>
/// <param name="Source">Stable id of the source on its host.</param>
/// <param name="File">Identity of the file.</param>
/// <param name="End">Position just after the last processed line.</param>
public sealed record LinePosition(string Agent, string Source, string File, long End);
