namespace Redoubt.Collect;

/// <summary>What a source is doing.</summary>
public enum SourceState
{
    /// <summary>What it should read does not exist yet, or no more; it is read as soon as it appears.</summary>
    Waiting,

    /// <summary>Open and followed.</summary>
    Reading,

    /// <summary>It exists but cannot be read; <see cref="SourceStatus.Problem"/> says why. Tried again every second.</summary>
    Failed,
}
