namespace Redoubt.Store;

/// <summary>Bytes that belong at one place of a file.</summary>
public sealed record RedoRecord(string Path, long Start, byte[] Bytes);
