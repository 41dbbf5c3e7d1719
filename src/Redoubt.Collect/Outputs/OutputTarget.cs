namespace Redoubt.Collect;

/// <summary>A socket that the records of a source go to.</summary>
/// <param name="Socket">Where they go.</param>
/// <param name="Template">In which form; null: as they are.</param>
public sealed record OutputTarget(OutputSocketOptions Socket, OutputTemplate? Template);
