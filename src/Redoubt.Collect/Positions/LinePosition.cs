namespace Redoubt.Collect;

/// <summary>Up to where the lines of one file of one source have been acknowledged.</summary>
/// <param name="SourceKey"><see cref="CollectedLine.SourceKey"/> of the last line acknowledged.</param>
/// <param name="File">Its <see cref="CollectedLine.File"/>.</param>
/// <param name="EndOffset">Its <see cref="CollectedLine.EndOffset"/>.</param>
public readonly record struct LinePosition(string SourceKey, FileIdentity File, long EndOffset);
