namespace Redoubt.Store;

/// <summary>How far a day of records is in the index.</summary>
/// <param name="End">Bytes of the day's file that are in it.</param>
/// <param name="IsWhole">Whether the day is over and nothing is left to be read.</param>
public readonly record struct IndexedDay(long End, bool IsWhole);
