namespace Redoubt.Config;

/// <summary>A <c>&lt;localfile&gt;</c> section.</summary>
public sealed record LocalFileOptions
{
    /// <summary>As configured; what alerts show as location.</summary>
    public required string Location { get; init; }

    /// <summary><c>log_format</c>.</summary>
    public required string Format { get; init; }

    /// <summary>Default yes: a file's content from before the first start is not read.</summary>
    public bool OnlyFutureEvents { get; init; } = true;

    /// <summary>For journald: only entries of these units; empty: of all.</summary>
    public IReadOnlyList<string> JournalUnits { get; init; } = [];

    /// <summary>For journald: only entries of these programs; empty: of all.</summary>
    public IReadOnlyList<string> JournalIdentifiers { get; init; } = [];
}
