namespace Redoubt.Engine.Explain;

/// <summary>A decoder that was tried for a line.</summary>
/// <param name="Name">Its name as written.</param>
/// <param name="Parent">Its parent's name, or null for a top-level decoder.</param>
/// <param name="File">File it stands in, as configured.</param>
/// <param name="Line">Line of its opening tag, from 1.</param>
/// <param name="Outcome">What came of it.</param>
/// <param name="Reason">Why it did not fit; null when it did.</param>
/// <param name="IsNear">It did not fit, although a word that it needs stands in the log.</param>
public sealed record DecoderStep(string Name, string? Parent, string File, int Line, DecoderOutcome Outcome, string? Reason, bool IsNear);
