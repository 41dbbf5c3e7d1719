using Redoubt.Model;

namespace Redoubt.Collect;

/// <summary>One line as a source read it, with what is needed to acknowledge it.</summary>
/// <remarks>Lives on the stack; <see cref="Text"/> points into the reader's buffer and is valid during the call only.</remarks>
public readonly ref struct CollectedLine
{
    /// <summary>The source as configured, reported in alerts.</summary>
    public required string Location { get; init; }

    /// <summary>The configured <c>log_format</c>.</summary>
    public required string Format { get; init; }

    /// <summary>Names the source in the <see cref="PositionStore"/>; the same over restarts and reloads.</summary>
    public required string SourceKey { get; init; }

    /// <summary>The file it stands in.</summary>
    public required FileIdentity File { get; init; }

    /// <summary>Offset in bytes just after the line's newline: acknowledging it acknowledges this line and all before it in this file.</summary>
    public required long EndOffset { get; init; }

    /// <summary>Arrival: our clock when the bytes were read, Unix time in milliseconds.</summary>
    public required long ArrivalUnixMilliseconds { get; init; }

    /// <summary>The line without newline and without a carriage return before it. Any bytes, possibly none.</summary>
    public required ReadOnlySpan<byte> Text { get; init; }

    /// <summary>Whether the line was longer than the limit and <see cref="Text"/> is only its beginning.</summary>
    public bool Truncated { get; init; }

    /// <summary>How far its claims can be trusted.</summary>
    public LineOrigin Origin { get; init; }

    /// <summary>Who wrote it, where that is not who it claims; else null.</summary>
    public string? Writer { get; init; }

    /// <summary>How many times <see cref="Collector.Rewind"/> had taken effect before this line was read.</summary>
    public int Pass { get; init; }
}
