namespace Redoubt.Record;

/// <summary>Bytes that belong at one place of one file: what the redo log stores, so that writing twice is writing once.</summary>
/// <param name="Path">The dated file.</param>
/// <param name="Offset">Where the bytes begin.</param>
/// <param name="Bytes">Whole records.</param>
public sealed record RecordAppend(string Path, long Offset, byte[] Bytes);
