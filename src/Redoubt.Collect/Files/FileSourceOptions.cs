using Redoubt.Collect.Files;

namespace Redoubt.Collect;

/// <summary>A log file to follow.</summary>
public sealed record FileSourceOptions : SourceOptions
{
    /// <summary>The real path, absolute; it may be a symbolic link, and need not exist yet. With <c>*</c>, <c>?</c> or date codes
    /// (<c>%Y-%m-%d</c>, local time) every file that matches is followed, under a location and a key of its own;
    /// what has the name of another match and a number or date behind it (<c>app.log.1</c>) is taken for a rotated one and is not.</summary>
    public required string Path { get; init; }

    /// <summary>How long a rotated file is still followed after its last growth, for writers that keep the old descriptor; default 60 s.</summary>
    public TimeSpan FollowRotatedFor { get; init; } = TimeSpan.FromSeconds(60);

    /// <summary>What a file holds that was last written longer ago is not read when it is first seen; what comes to it later is. Null, the
    /// default: age does not matter.</summary>
    public TimeSpan? MaxAge { get; init; }

    /// <summary>Whether a file whose beginning is no text (UTF-8) is left alone; default no.</summary>
    public bool IgnoresBinaries { get; init; }

    /// <summary>Members that are added to lines of the format <c>json</c>; default none.</summary>
    public IReadOnlyList<LineLabel> Labels { get; init; } = [];

    /// <summary>For the format <c>multi-line-regex</c>.</summary>
    public MultilineOptions? Multiline { get; init; }

    /// <summary>Of the files that a pattern finds, those that this one finds too are left out; null, the default: none.</summary>
    public string? Exclude { get; init; }

    internal override string Key => (PathPattern.IsPattern(Path) ? "files:" : "file:") + System.IO.Path.GetFullPath(Path);
}
