namespace Redoubt.Collect;

/// <summary>A command whose output is read again and again.</summary>
public sealed record CommandSourceOptions : SourceOptions
{
    /// <summary>For <c>/bin/sh -c</c>, as Wazuh runs it. Whoever may write the configuration decides what it does.</summary>
    public required string Command { get; init; }

    /// <summary>Where output waits that is not acknowledged, for each command in a folder of its own.</summary>
    public required string SpoolFolder { get; init; }

    /// <summary>Bound of that, in bytes; default 64 MiB, at least 64 KiB.</summary>
    public long SpoolBytes { get; init; } = 64L << 20;

    /// <summary>What lines call it; default the command itself.</summary>
    public string? Alias { get; init; }

    /// <summary>Time from one start to the next; default 360 s.</summary>
    public TimeSpan Frequency { get; init; } = TimeSpan.FromSeconds(360);

    /// <summary>Whether the whole output is one record (<c>full_command</c>), and not each line.</summary>
    public bool IsWhole { get; init; }

    /// <summary>How long it may take before it is ended, with everything that it started; default 60 s.</summary>
    public TimeSpan Deadline { get; init; } = TimeSpan.FromSeconds(60);

    internal override string Key => "command:" + (IsWhole ? "full:" : string.Empty) + Command;
}
