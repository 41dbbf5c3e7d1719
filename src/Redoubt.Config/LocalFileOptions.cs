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

    /// <summary>For <c>command</c> and <c>full_command</c>: what is run.</summary>
    public string? Command { get; init; }

    /// <summary>What lines call the command; null: the command itself.</summary>
    public string? Alias { get; init; }

    /// <summary>Time from one start of the command to the next; default 360 s.</summary>
    public TimeSpan Frequency { get; init; } = TimeSpan.FromSeconds(360);

    /// <summary><c>multiline_regex</c>; null: none.</summary>
    public MultilineRegexOptions? Multiline { get; init; }

    /// <summary><c>exclude</c>: files that <see cref="Location"/> finds and that are left out; null: none.</summary>
    public string? Exclude { get; init; }

    /// <summary><c>ignore</c>: records that are not sent.</summary>
    public IReadOnlyList<PatternText> Ignore { get; init; } = [];

    /// <summary><c>restrict</c>: only such records are sent; empty: all.</summary>
    public IReadOnlyList<PatternText> Restrict { get; init; } = [];

    /// <summary><c>age</c>: what files that were last written longer ago hold at first is not read; null: all is.</summary>
    public TimeSpan? Age { get; init; }

    /// <summary><c>label</c>: members for lines of the format <c>json</c>, without hidden ones.</summary>
    public IReadOnlyList<LabelOptions> Labels { get; init; } = [];

    /// <summary>For journald: conditions that an entry must fulfil, all of them; empty: every entry is read.</summary>
    public IReadOnlyList<JournalFilterOptions> JournalFilters { get; init; } = [];
}
