namespace Redoubt.Collect;

/// <summary>A log file to follow.</summary>
public sealed record FileSourceOptions : SourceOptions
{
    /// <summary>The real path, absolute; it may be a symbolic link, and need not exist yet.</summary>
    public required string Path { get; init; }

    /// <summary>How long a rotated file is still followed after its last growth, for writers that keep the old descriptor; default 60 s.</summary>
    public TimeSpan FollowRotatedFor { get; init; } = TimeSpan.FromSeconds(60);

    internal override string Key => "file:" + System.IO.Path.GetFullPath(Path);
}
