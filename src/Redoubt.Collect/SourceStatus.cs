namespace Redoubt.Collect;

/// <summary>What one source has done since it was added; a snapshot.</summary>
public sealed record SourceStatus
{
    /// <summary>Records that the configuration says not to send.</summary>
    public long FilteredLines { get; init; }

    /// <summary>Records of a command for which its spool had no room.</summary>
    public long ShedLines { get; init; }

    /// <summary>Records that went to the sink and that a socket did not take.</summary>
    public long UnsentToSockets { get; init; }

    /// <summary>Names the source in the <see cref="PositionStore"/>.</summary>
    public required string SourceKey { get; init; }

    /// <summary>The source as configured.</summary>
    public required string Location { get; init; }

    /// <summary>What it is doing.</summary>
    public required SourceState State { get; init; }

    /// <summary>Why it cannot be read and what to do, when <see cref="State"/> is <see cref="SourceState.Failed"/>.</summary>
    public string? Problem { get; init; }

    /// <summary>Lines the sink took, counting again what was read again after a rewind.</summary>
    public long Lines { get; init; }

    /// <summary>Bytes of those lines as they stand in the file, newlines included.</summary>
    public long Bytes { get; init; }

    /// <summary>Lines over the limit, of which only the beginning was handed on.</summary>
    public long TruncatedLines { get; init; }

    /// <summary>Times another file took the path.</summary>
    public long Rotations { get; init; }

    /// <summary>Times the content was cut or replaced in place.</summary>
    public long Truncations { get; init; }

    /// <summary>Files given up with a last line that never got its newline; that piece was not handed on.</summary>
    public long UnfinishedLines { get; init; }

    /// <summary>Files that had unacknowledged content and were gone before it could be read again.</summary>
    public long LostFiles { get; init; }

    /// <summary>Files held open, the current one and rotated ones that are still read or not yet acknowledged.</summary>
    public int OpenFiles { get; init; }
}
