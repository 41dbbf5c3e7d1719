namespace Redoubt.Corpus;

/// <summary>Which corpus to make. The same options always give the same bytes.</summary>
public sealed record CorpusOptions
{
    /// <summary>What the lines are about.</summary>
    public CorpusKind Kind { get; init; }

    /// <summary>Number of lines. Default 100,000.</summary>
    public int Lines { get; init; } = 100_000;

    /// <summary>Number of distinct attacking addresses, 1 to 16,777,216; all are used once before any comes again. Default 2,000.</summary>
    public int Sources { get; init; } = 2_000;

    /// <summary>Which of the many corpora of this kind. Default 1.</summary>
    public ulong Seed { get; init; } = 1;

    /// <summary>When the first line is logged, Unix seconds. Default 2026-03-02 10:00:00 UTC.</summary>
    public long StartUnixSeconds { get; init; } = 1_772_445_600;

    /// <summary>How many lines are logged a second. Default 1,000.</summary>
    public int LinesPerSecond { get; init; } = 1_000;
}
