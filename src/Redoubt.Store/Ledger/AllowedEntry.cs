namespace Redoubt.Store;

/// <summary>An address, prefix or pattern that a person protected while everything ran.</summary>
/// <param name="Entry">As given; unique.</param>
/// <param name="Why">For whoever reads it later.</param>
/// <param name="Author">Who.</param>
/// <param name="At">Since when, Unix milliseconds.</param>
/// <param name="Ends">Until when, Unix milliseconds; null = until it is removed.</param>
public sealed record AllowedEntry(string Entry, string Why, string Author, long At, long? Ends);
