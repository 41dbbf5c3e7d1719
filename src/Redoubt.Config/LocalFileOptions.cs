using Redoubt.Collect;

namespace Redoubt.Config;

/// <summary>A <c>&lt;localfile&gt;</c> section.</summary>
public sealed record LocalFileOptions
{
    /// <summary>The target that is no socket: the manager.</summary>
    public const string Agent = "agent";

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

    /// <summary><c>target</c>: <c>agent</c> (the manager) and names of sockets; default the manager alone.</summary>
    public IReadOnlyList<string> Targets { get; init; } = [Agent];

    /// <summary><c>out_format</c>: in which form records go to the targets; empty: as they are.</summary>
    public IReadOnlyList<OutFormatOptions> OutFormats { get; init; } = [];

    /// <summary><c>ignore_binaries</c>: files whose beginning is no text are left alone; default no.</summary>
    public bool IgnoresBinaries { get; init; }

    /// <summary><c>label</c>: members for lines of the format <c>json</c>, without hidden ones.</summary>
    public IReadOnlyList<LabelOptions> Labels { get; init; } = [];

    /// <summary>For journald: conditions that an entry must fulfil, all of them; empty: every entry is read.</summary>
    public IReadOnlyList<JournalFilterOptions> JournalFilters { get; init; } = [];

    /// <summary>The form for one target: that of the last <c>out_format</c> that names it, else of the last that names none; null: as it is.</summary>
    public OutputTemplate? FormatFor(string target) =>
        (
            OutFormats.LastOrDefault(f => string.Equals(f.Target, target, StringComparison.Ordinal))
            ?? OutFormats.LastOrDefault(f => f.Target is null)
        )?.Template;
}
